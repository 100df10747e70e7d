"""What editors have to mend after a review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.conversation.review.models import Task
from bot.conversation.rows import changed


def open_tasks(db: Session, *, limit: int = 100) -> Sequence[Task]:
    """The oldest tasks that nobody has done yet."""
    return db.scalars(select(Task).where(Task.done_at.is_(None)).order_by(Task.id).limit(limit)).all()


def everything(db: Session) -> Sequence[Task]:
    """All tasks, done or not: some hundreds in the years that a console lives."""
    return db.scalars(select(Task).order_by(Task.id)).all()


def waiting(db: Session) -> int:
    """How many tasks nobody has done yet."""
    return db.scalar(select(func.count()).where(Task.done_at.is_(None))) or 0


def finish(db: Session, task_id: int, editor: str, now: dt.datetime) -> bool:
    """Mark a task as done; whether it was open."""
    mine = update(Task).where(Task.id == task_id, Task.done_at.is_(None))
    return changed(db, mine.values(done_by=editor, done_at=now)) == 1
