"""Runs: asked for in the console, taken by one process, alive as long as that gives a sign of life.

At most one is open among all gateways; the database sees to it (``TrainingRun.slot``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversation.retraining.dataset import Phrase, as_json
from bot.conversation.retraining.tables import TrainingRun
from bot.conversation.rows import changed

SILENT = dt.timedelta(seconds=60)
"""After so long without a sign of life the process is gone."""
_OPEN = 1


class State(StrEnum):
    """How far a run is; all but the first two are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    """Trained and checked, passed or not."""
    FAILED = "failed"
    STOPPED = "stopped"
    BROKEN_OFF = "broken_off"
    """Its process is gone without a word."""


class Step(StrEnum):
    """What a running run does."""

    TRAIN = "train"
    STORIES = "stories"
    OLD = "old"
    NEW = "new"


class TrainingError(Exception):
    """What cannot be done, as a sentence for the officer."""


def ask(db: Session, phrases: Sequence[Phrase], compared_with: str, officer: str, now: dt.datetime) -> int:
    """Have a model trained on the files and ``phrases``; raises ``TrainingError`` while a run is open."""
    settle(db, now)
    run = TrainingRun(
        slot=_OPEN,
        state=State.WAITING,
        asked_by=officer,
        asked_at=now,
        phrases=as_json(phrases),
        compared_with=compared_with,
    )
    try:
        with db.begin_nested():
            db.add(run)
    except IntegrityError:
        message = "Đang có một lần huấn luyện chưa xong. Hãy đợi lần đó xong, hoặc dừng nó rồi bắt đầu lại."
        raise TrainingError(message) from None
    return run.id


def settle(db: Session, now: dt.datetime) -> None:
    """Note which run's process is gone."""
    gone = (TrainingRun.state == State.RUNNING) & (TrainingRun.beat_at < now - SILENT)
    # Looked for first: on SQLite even an update of nothing keeps others from writing.
    if db.scalar(select(TrainingRun.id).where(gone)) is not None:
        _end(db, gone, State.BROKEN_OFF, now)


def waiting(db: Session) -> int | None:
    """The run that nobody has taken yet."""
    return db.scalar(select(TrainingRun.id).where(TrainingRun.state == State.WAITING))


def take(db: Session, run_id: int, now: dt.datetime) -> TrainingRun | None:
    """Make the run the caller's; None when somebody else was faster, or it was stopped."""
    mine = (TrainingRun.id == run_id) & (TrainingRun.state == State.WAITING)
    taken = changed(db, update(TrainingRun).where(mine).values(state=State.RUNNING, step=Step.TRAIN, beat_at=now))
    return db.get(TrainingRun, run_id, populate_existing=True) if taken else None


def beat(db: Session, run_id: int, now: dt.datetime, step: Step, done: int, total: int) -> bool:
    """Give a sign of life, and say how far it is; whether to go on: not once the run has ended for the others."""
    values = {"beat_at": now, "step": step, "done": done, "total": total}
    return changed(db, update(TrainingRun).where(_running(run_id)).values(**values)) == 1


def note_model(db: Session, run_id: int, model: str, files: str) -> None:
    """Write down what was trained, and from which files."""
    db.execute(update(TrainingRun).where(_running(run_id)).values(model=model, files=files, kept=True))


def finish(db: Session, run_id: int, now: dt.datetime, *, passed: bool, result: dict[str, Any]) -> None:
    """End a run with what the check found."""
    _end(db, _running(run_id), State.DONE, now, passed=passed, result=result)


def fail(db: Session, run_id: int, now: dt.datetime, problem: str) -> None:
    """End a run that came to nothing; ``problem`` is for the officer."""
    _end(db, _running(run_id), State.FAILED, now, problem=problem)


def stop(db: Session, run_id: int, now: dt.datetime) -> bool:
    """Have an open run stopped; its process sees it at its next sign of life. Whether it was open."""
    return _end(db, (TrainingRun.id == run_id) & (TrainingRun.slot == _OPEN), State.STOPPED, now) == 1


def newest(db: Session, count: int) -> list[TrainingRun]:
    """The last runs, the newest first."""
    return list(db.scalars(select(TrainingRun).order_by(TrainingRun.id.desc()).limit(count)))


def _running(run_id: int) -> Any:
    return (TrainingRun.id == run_id) & (TrainingRun.state == State.RUNNING)


def _end(db: Session, which: Any, state: State, now: dt.datetime, **values: Any) -> int:
    return changed(db, update(TrainingRun).where(which).values(state=state, slot=None, ended_at=now, **values))
