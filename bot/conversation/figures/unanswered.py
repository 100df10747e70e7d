"""What citizens asked and could not be told, as long as the log has their words: masked, alike ones together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.figures.models import DailyCount
from bot.conversation.figures.periods import Period
from bot.conversation.models import TurnLog
from bot.knowledge.clock import VIETNAM
from bot.text.fold import fold

_STATUSES = ("not_covered", "clarify")


@dataclass(frozen=True)
class Unanswered:
    """A question as it was asked last, masked, and how many times it came in these words, accents or not."""

    question: str
    topic: str
    times: int


def unanswered(db: Session, period: Period, *, most: int) -> list[Unanswered]:
    """The questions that came most often without an answer, at most ``most``."""
    within = (TurnLog.asked_at >= period.begins, TurnLog.asked_at < period.ends)
    asked = select(TurnLog.question, TurnLog.topic).where(*within, TurnLog.status.in_(_STATUSES))
    asked = asked.where(TurnLog.question.is_not(None), TurnLog.button.is_(None)).order_by(
        TurnLog.asked_at, TurnLog.turn_id
    )
    times: Counter[str] = Counter()
    told: dict[str, tuple[str, str]] = {}
    for question, topic in db.execute(asked.order_by(TurnLog.asked_at, TurnLog.turn_id)):
        key = " ".join(fold(question or "").split()).strip(" ?.!")
        if key:
            times[key] += 1
            told[key] = (question or "", topic or "")
    ranked = sorted(times.items(), key=lambda item: (-item[1], item[0]))
    return [Unanswered(*told[key], number) for key, number in ranked[:most]]


def words_since(db: Session, period: Period) -> dt.date | None:
    """The first day of ``period`` whose words are still there, if those of earlier days have gone; else ``None``.

    Also ``None`` where none are left at all.
    """
    worded = select(TurnLog.asked_at).where(TurnLog.question.is_not(None)).order_by(TurnLog.asked_at).limit(1)
    oldest = db.scalar(worded)
    if oldest is None or not period.begins < oldest < period.ends:
        return None
    counted = select(DailyCount.day).where(DailyCount.day.between(period.first, period.last)).limit(1)
    bare = select(TurnLog.turn_id).where(TurnLog.asked_at >= period.begins, TurnLog.asked_at < oldest).limit(1)
    gone = db.scalar(counted) is not None or db.scalar(bare) is not None
    return oldest.astimezone(VIETNAM).date() if gone else None
