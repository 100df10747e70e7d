"""Who has read or answered which notice, and when: the proof that the law asks of whoever keeps personal data.

Each function runs inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import ConsentRow

MAIL_NOTICE = "2026-12.2"
"""Of the sentence that asks for consent (``consent`` in ``voice.yml``); a change of its meaning needs a new one."""


def record(db: Session, channel: str, sender: str, version: str, decision: str, now: dt.datetime) -> None:
    """Write down what a person said to version ``version`` of a notice; ``decision`` as in ``ConsentRow``."""
    db.add(ConsentRow(channel=channel, sender=sender, version=version, decision=decision, at=now))


def withdraw(db: Session, channel: str, sender: str, now: dt.datetime) -> None:
    """Write down that a person took back what they agreed to, if they agreed to anything."""
    last = standing(db, channel, sender)
    if last is not None and last.decision in {"noticed", "given"}:
        record(db, channel, sender, last.version, "withdrawn", now)


def standing(db: Session, channel: str, sender: str) -> ConsentRow | None:
    """The last word of a person, ``None`` when they have said nothing."""
    same = (ConsentRow.channel == channel, ConsentRow.sender == sender)
    return db.scalar(select(ConsentRow).where(*same).order_by(ConsentRow.id.desc()).limit(1))
