"""Carries out on this machine what officers decide in the console, on whichever machine that runs.

It writes the chosen model's name where Rasa's runner looks, starts the process of a run that waits, and takes models
off the disk that nobody will go back to. Several machines may each have one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.retraining import choice, runs
from bot.conversation.store import Store
from bot.settings import Settings

_log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "models"
COMMAND = (sys.executable, "-m", "evaluation.retraining")
_NICE = 10


@dataclass(frozen=True)
class _Wanted:
    model: str | None
    run: int | None
    superfluous: list[str]


class Keeper:
    """Looks every ``settings.training_seconds``; at most one run goes on here at a time."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._training: asyncio.Task[None] | None = None
        self._missing: str | None = None

    async def run(self) -> None:
        """Until cancelled; a run that goes on then is ended, and says so."""
        try:
            while True:
                try:
                    await self.look()
                except SQLAlchemyError as error:
                    _log.warning("training: the database is away (%s), looked at again later", type(error).__name__)
                except OSError as error:
                    _log.warning("training: a file cannot be written (%s)", error.strerror)
                await asyncio.sleep(self._settings.training_seconds)
        finally:
            if self._training is not None:
                self._training.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._training

    async def look(self) -> None:
        """Do what is to be done now."""
        wanted = await self._store.run(self._read)
        self._choose(wanted.model)
        for model in wanted.superfluous:
            _remove(MODELS / model)
            await self._store.run(choice.note_removed, model)
        if wanted.run is not None and can_train() and (self._training is None or self._training.done()):
            self._training = asyncio.create_task(self._train(wanted.run))

    def _read(self, db: Session) -> _Wanted:
        runs.settle(db, self._clock.now())
        return _Wanted(choice.current(db), runs.waiting(db), choice.superfluous(db))

    def _choose(self, model: str | None) -> None:
        path = self._settings.model_choice
        if model is None or _read_choice(path) == model:
            return
        if not (MODELS / model).is_file():
            if self._missing != model:
                _log.error("training: the model %s that was chosen is not in %s", model, MODELS)
            self._missing = model
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        aside.write_text(f"{model}\n", encoding="utf-8")
        aside.replace(path)

    async def _train(self, run_id: int) -> None:
        environ = {**os.environ, "ANSINH_DATABASE_URL": self._settings.database_url}
        process = await asyncio.create_subprocess_exec(
            "nice", "-n", str(_NICE), *COMMAND, str(run_id), cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        if status:
            _log.warning("training: run %d ended with status %s", run_id, status)


def can_train() -> bool:
    """Whether this machine has what training needs: Rasa's environment, and the programs beside the service's own."""
    return find_spec("evaluation") is not None and (ROOT / ".venv-rasa" / "bin" / "rasa").is_file()


def _read_choice(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _remove(model: Path) -> None:
    for path in (model, model.with_name(f"{model.name}.sha256")):
        path.unlink(missing_ok=True)
