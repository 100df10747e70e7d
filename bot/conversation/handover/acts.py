"""Who did what with which request: written down by whoever acts, never taken back, nothing of the citizen's in it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import HandoverAudit

_NEWEST = 100
_SAME_LOOK = dt.timedelta(minutes=5)


def write_down(db: Session, code: str, officer: str, action: str, now: dt.datetime) -> None:
    """Note one act in the caller's transaction; ``action`` is a word of at most eight letters."""
    db.add(HandoverAudit(at=now, code=code, officer=officer, action=action))


def write_down_look(db: Session, code: str, officer: str, now: dt.datetime) -> None:
    """Note that an officer looks at the conversation; within a few minutes it is the same look."""
    mine = (HandoverAudit.code == code, HandoverAudit.officer == officer, HandoverAudit.action == "read")
    if db.scalar(select(HandoverAudit.id).where(*mine, HandoverAudit.at > now - _SAME_LOOK).limit(1)) is None:
        write_down(db, code, officer, "read", now)


def of_request(db: Session, code: str) -> list[HandoverAudit]:
    """What was done with a request, newest first, at most a hundred acts.

    They stay when the request is gone: acts without a request say that its citizen had their data erased.
    """
    query = select(HandoverAudit).where(HandoverAudit.code == code)
    return list(db.scalars(query.order_by(HandoverAudit.id.desc()).limit(_NEWEST)))
