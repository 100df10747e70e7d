"""The inbox: every event is stored before it is acknowledged, and dealt with once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.mail.models import SET_BACK, InboxRow
from bot.conversation.rows import changed, insert_missing

MOST_WAITING = 50
"""Unanswered messages of one person; nobody types more, and a flood must not hold up the others."""
PARTINGS = frozenset({"leave", "withdraw"})
"""Kinds of events by which somebody goes: they are heeded in any case, and open no window for replies."""


@dataclass(frozen=True)
class Event:
    """What a channel has read: ``key`` at most 64 characters, ``body`` sealed, ``sent_at`` by the channel's clock."""

    key: str
    sender: str
    kind: str
    body: str
    sent_at: dt.datetime


def put(db: Session, channel: str, event: Event, now: dt.datetime) -> bool:
    """Store an event; false when it is here already.

    Past ``MOST_WAITING`` only one notice of that is kept, and partings.
    """
    waiting = select(InboxRow.kind, func.count()).where(
        InboxRow.channel == channel, InboxRow.sender == event.sender, InboxRow.state == "waiting"
    )
    kinds = {row[0]: row[1] for row in db.execute(waiting.group_by(InboxRow.kind))}
    full = sum(kinds.values()) >= MOST_WAITING and event.kind not in PARTINGS
    told = full and "flood" in kinds
    return insert_missing(
        db,
        InboxRow,
        channel=channel,
        key=event.key,
        sender=event.sender,
        kind="flood" if full else event.kind,
        body=None if full else event.body,
        sent_at=event.sent_at,
        received_at=now,
        state="done" if told else "waiting",
        outcome="flood" if told else None,
        attempts=0,
    )


def take(db: Session, channel: str, sender: str, settled: dt.datetime) -> InboxRow | None:
    """The event to deal with next: once any has been there since ``settled``, the one that was sent first."""
    mine = (InboxRow.channel == channel, InboxRow.sender == sender, InboxRow.state == "waiting")
    if db.scalar(select(InboxRow.id).where(*mine, is_settled(settled)).limit(1)) is None:
        return None
    return db.scalar(select(InboxRow).where(*mine).order_by(InboxRow.sent_at, InboxRow.id).limit(1))


def is_settled(settled: dt.datetime) -> ColumnElement[bool]:
    """Whether an event has been here since ``settled``."""
    return or_(InboxRow.received_at <= settled, InboxRow.received_at > settled + SET_BACK)


def failed(db: Session, row_id: int) -> None:
    """Count an attempt that came to nothing."""
    db.execute(update(InboxRow).where(InboxRow.id == row_id).values(attempts=InboxRow.attempts + 1))


def done(db: Session, row_id: int, outcome: str) -> bool:
    """End an event; its words go. False when it has ended already, and so been answered."""
    waits = update(InboxRow).where(InboxRow.id == row_id, InboxRow.state == "waiting")
    return changed(db, waits.values(state="done", outcome=outcome, body=None)) == 1
