"""What each knowledge version added, changed and removed, so that whoever took over an older one knows what is new.

Whoever publishes units calls ``note_changes`` in the transaction that raises the version. No word of what a unit says
stands here, nor who changed it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.knowledge.repository import current_version
from bot.knowledge.tables import KnowledgeChangeRecord


class Action(StrEnum):
    """What became of a unit in what is published."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """A unit: ``kind`` such as ``parameter_value``, ``key`` its key columns, such as ``luong_co_so/2026-07-01``."""

    kind: str
    key: str
    action: Action


@dataclass(frozen=True, slots=True)
class Journal:
    """Changes since a version, oldest first.

    ``complete`` is false where the journal began later than that; ``following`` continues the list, if there is more.
    """

    version: int
    changes: Sequence[KnowledgeChangeRecord]
    complete: bool
    following: int | None


def note_changes(session: Session, version: int, at: datetime, changes: Iterable[Change]) -> None:
    """Write down what ``version`` changed, in the transaction that raises it."""
    session.add_all(
        KnowledgeChangeRecord(version=version, kind=change.kind, key=change.key, action=change.action.value, at=at)
        for change in changes
    )


def changes_since(session: Session, version: int, *, after: int = 0, limit: int) -> Journal:
    """Up to ``limit`` changes of the versions above ``version``, behind the one with id ``after``."""
    found = session.scalars(
        select(KnowledgeChangeRecord)
        .where(KnowledgeChangeRecord.version > version, KnowledgeChangeRecord.id > after)
        .order_by(KnowledgeChangeRecord.id)
        .limit(limit + 1)
    ).all()
    newest = current_version(session)
    first = session.scalar(select(func.min(KnowledgeChangeRecord.version)))
    begun = newest if first is None else first - 1
    page = found[:limit]
    return Journal(newest, page, version >= begun, page[-1].id if len(found) > limit else None)
