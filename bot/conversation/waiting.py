"""How much waits, and for how long: what an operator watches."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.conversation.mail.models import OPEN_STATES, InboxRow, OutboxRow
from bot.conversation.models import HandoverRow
from bot.conversation.retraining.runs import State
from bot.conversation.retraining.tables import TrainingRun

QUEUES = ("inbox", "outbox", "handovers", "training")
"""Zalo's events that nobody has answered, messages on their way to Zalo, citizens who wait for a person, and a training
that no machine has taken."""


def waiting(db: Session, now: dt.datetime) -> dict[str, tuple[int, float]]:
    """For each queue how many wait, and how many seconds the oldest has."""
    return {
        "inbox": _depth(db, InboxRow.state, ("waiting",), InboxRow.received_at, now),
        "outbox": _depth(db, OutboxRow.state, OPEN_STATES, OutboxRow.created_at, now),
        "handovers": _depth(db, HandoverRow.state, ("waiting",), HandoverRow.requested_at, now),
        "training": _depth(db, TrainingRun.state, (State.WAITING,), TrainingRun.asked_at, now),
    }


def _depth(
    db: Session,
    state: InstrumentedAttribute[str],
    open_states: tuple[str, ...],
    since: InstrumentedAttribute[dt.datetime],
    now: dt.datetime,
) -> tuple[int, float]:
    count, oldest = db.execute(select(func.count(), func.min(since)).where(state.in_(open_states))).one()
    return count, max(0.0, (now - oldest).total_seconds()) if count else 0.0
