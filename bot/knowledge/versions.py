"""The number that goes up with everything published, and the lock that its row is to those who publish."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.knowledge.tables import KnowledgeVersionRecord


def lock_version(session: Session) -> None:
    """Take the lock of publication until the transaction ends.

    To be called before anything is read: of two that publish together, the second waits here and then reads all.
    """
    session.execute(update(KnowledgeVersionRecord).values(number=KnowledgeVersionRecord.number))


def raise_version(session: Session, at: datetime) -> int:
    """Tell every process that what is published has changed, once that is committed; returns the new version."""
    higher = update(KnowledgeVersionRecord).values(number=KnowledgeVersionRecord.number + 1, changed_at=at)
    number: int | None = session.scalar(higher.returning(KnowledgeVersionRecord.number))
    if number is None:
        number = 1
        session.add(KnowledgeVersionRecord(id=1, number=number, changed_at=at))
    return number
