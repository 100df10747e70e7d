"""What reviewers found of the answers of a period, as the figures tell it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.conversation.figures.figures import Correctness
from bot.conversation.figures.periods import Period
from bot.conversation.review.sample import correctness


def reviewed(db: Session, period: Period) -> Correctness | None:
    """How many of the sampled answers of ``period`` were right; ``None`` while none was judged."""
    found = correctness(db, period.begins, period.ends)
    if found.low is None or found.high is None:
        return None
    return Correctness(found.right, found.judged, found.low, found.high)
