"""What an erasure takes out of the review: the text that is searched, the turns' places in the queue, notes on them.

Judgements of samples, decisions and what was learnt stay: they lead to no person. What was learnt may be a citizen's
sentence; the notice says so (decision 84).
"""

from __future__ import annotations

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from bot.conversation.review.models import ReviewItem, ReviewTurn, SampledTurn, TurnText


def forget(db: Session, turns: Select[str]) -> None:
    """Erase what the review keeps of the turns whose ids ``turns`` selects."""
    ids = turns.scalar_subquery()
    db.execute(delete(TurnText).where(TurnText.turn_id.in_(ids)))
    db.execute(update(SampledTurn).where(SampledTurn.turn_id.in_(ids)).values(note=None))
    items = list(db.scalars(select(ReviewTurn.item_id).where(ReviewTurn.turn_id.in_(ids)).distinct()))
    if items:
        db.execute(delete(ReviewTurn).where(ReviewTurn.turn_id.in_(ids)))
        left = select(func.count()).where(ReviewTurn.item_id == ReviewItem.id).scalar_subquery()
        db.execute(update(ReviewItem).where(ReviewItem.id.in_(items)).values(turns=left))
