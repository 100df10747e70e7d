"""The number that goes up with everything published, and the lock that its row is to those who publish."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.knowledge.tables import KnowledgeVersionRecord


def lock_version(session: Session) -> int:
    """Take the lock of publication until the transaction ends, and return the version.

    To be called before anything is read: of two that publish together, the second waits here and then reads all.
    """
    number: int | None = session.execute(
        update(KnowledgeVersionRecord)
        .values(number=KnowledgeVersionRecord.number)
        .returning(KnowledgeVersionRecord.number)
    ).scalar()
    return number or 0


def raise_version(session: Session, before: int, at: datetime) -> int:
    """Tell every process that what is published has changed; returns the new version."""
    session.merge(KnowledgeVersionRecord(id=1, number=before + 1, changed_at=at))
    return before + 1
