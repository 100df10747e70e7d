"""Tells the database every few seconds that the run is alive and how far it is, and ends it when it was stopped."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import threading
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversation.retraining import runs
from bot.conversation.retraining.runs import Step

_SECONDS = 2.0


class Heart:
    """Beats in a thread of its own as long as the block runs; the work says only where it is."""

    def __init__(self, engine: Engine, run_id: int) -> None:
        self._engine = engine
        self._run_id = run_id
        self._at = (Step.TRAIN, 0, 0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def at(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Where the work is; a `total` of 0 is one that nobody knows."""
        self._at = (step, done, total)

    def __enter__(self) -> Self:
        """Begins to beat."""
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """Beats no more."""
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(_SECONDS):
            # A database that is away for a moment ends no run; one that stays away does, for the others.
            with contextlib.suppress(SQLAlchemyError), Session(self._engine) as db, db.begin():
                if not runs.beat(db, self._run_id, dt.datetime.now(dt.UTC), *self._at):
                    os.kill(os.getpid(), signal.SIGTERM)
                    return
