"""Whether the job that fills the queue has anything to read: a cheap look, before the search is loaded for it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import FeedbackRow, HandoverRow, TurnLog
from bot.conversation.review.models import ReviewProgress

SETTLED = dt.timedelta(minutes=1)
"""Younger rows wait: a turn under way commits after others that began later."""
ABANDONED = dt.timedelta(hours=6)
"""A check with no word for so long is taken for abandoned."""


def is_waiting(db: Session, now: dt.datetime) -> bool:
    """Whether a source has rows younger than what was read of it, and old enough to be read."""
    read = dict(db.execute(select(ReviewProgress.source, ReviewProgress.at)).all())
    sources = (
        ("turns", TurnLog.asked_at, SETTLED, None),
        ("abandoned", TurnLog.asked_at, ABANDONED, TurnLog.status == "asked_back"),
        ("feedback", FeedbackRow.given_at, SETTLED, None),
        ("handover", HandoverRow.requested_at, SETTLED, None),
    )
    for source, at, age, which in sources:
        ripe = select(at).where(at <= now - age)
        if which is not None:
            ripe = ripe.where(which)
        if source in read:
            ripe = ripe.where(at > read[source])
        if db.scalar(ripe.limit(1)) is not None:
            return True
    return False
