"""The queue: items of turns that went wrong in one way, which reviewers claim and decide about.

Each function runs inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.conversation.models import TurnLog
from bot.conversation.review.models import ReviewItem, ReviewTurn, TurnText
from bot.conversation.rows import changed
from bot.knowledge.prepared import prepare

CLAIM = dt.timedelta(hours=2)
"""How long an item is its reviewer's without a decision."""
_EXAMPLES = 5


class ItemUnknownError(Exception):
    """There is no such item."""


class ItemDecidedError(Exception):
    """The item is decided already."""


class ItemClaimedError(Exception):
    """Another reviewer, named in the message, has claimed the item."""


class ItemNotClaimedError(Exception):
    """The item must be claimed first."""


@dataclass(frozen=True)
class Example:
    """One turn of an item; ``question`` is masked."""

    turn_id: str
    question: str
    asked_at: dt.datetime
    reason: str


@dataclass(frozen=True)
class Item:
    """An item as a reviewer sees it: how many turns, for which reasons, the newest of them.

    ``claimed_by`` is empty when the claim has lapsed. ``topic`` and ``program`` are those of the newest turn's answer.
    """

    id: int
    state: str
    turns: int
    reasons: dict[str, int]
    examples: list[Example]
    first_at: dt.datetime
    last_at: dt.datetime
    fact: str | None
    aspect: str | None
    claimed_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class Sought:
    """What a reviewer looks for among the items; what is empty narrows nothing down.

    ``text`` are words of one of the questions, accents or not; ``facts`` are those whose own question has them.
    """

    text: str = ""
    facts: Collection[str] = ()
    reason: str = ""
    claimed: bool | None = None


def listed(
    db: Session,
    now: dt.datetime,
    sought: Sought = Sought(),
    *,
    after: tuple[int, int] | None = None,
    limit: int = 20,
) -> list[Item]:
    """Items that wait, the largest first, behind the one with that count of turns and id."""
    query = select(ReviewItem).where(*_conditions(sought, now))
    if after is not None:
        query = query.where(tuple_(ReviewItem.turns, ReviewItem.id) < after)
    rows = db.scalars(query.order_by(ReviewItem.turns.desc(), ReviewItem.id.desc()).limit(limit))
    return [_view(db, row, now) for row in rows]


def count(db: Session, now: dt.datetime, sought: Sought) -> int:
    """How many items wait that are looked for."""
    return db.scalar(select(func.count()).select_from(ReviewItem).where(*_conditions(sought, now))) or 0


def claimed(db: Session, reviewer: str, now: dt.datetime) -> list[Item]:
    """The open items that are the reviewer's, the newest first."""
    mine = select(ReviewItem).where(ReviewItem.claimed_by == reviewer, ReviewItem.state == "open")
    rows = db.scalars(mine.where(ReviewItem.claimed_at >= now - CLAIM).order_by(ReviewItem.id.desc()))
    return [_view(db, row, now) for row in rows]


def waiting(db: Session) -> int:
    """How many items wait."""
    return db.scalar(select(func.count()).where(ReviewItem.state == "open", ReviewItem.turns > 0)) or 0


def item(db: Session, item_id: int, now: dt.datetime, *, examples: int = 50) -> Item:
    """One item with its newest turns; raises ``ItemUnknownError``."""
    return _view(db, _row(db, item_id), now, examples)


def claim(db: Session, item_id: int, reviewer: str, now: dt.datetime) -> None:
    """Make an item the reviewer's; claimed again it is theirs for longer.

    Raises ``ItemUnknownError``, ``ItemDecidedError`` and ``ItemClaimedError``; of two who claim, one gets it.
    """
    free = or_(ReviewItem.claimed_by.is_(None), ReviewItem.claimed_by == reviewer, ReviewItem.claimed_at < now - CLAIM)
    mine = update(ReviewItem).where(ReviewItem.id == item_id, ReviewItem.state == "open", free)
    if changed(db, mine.values(claimed_by=reviewer, claimed_at=now)) == 0:
        row = _row(db, item_id)
        raise ItemDecidedError if row.state == "decided" else ItemClaimedError(row.claimed_by)


def release(db: Session, item_id: int, reviewer: str) -> None:
    """Give an item back undecided; raises ``ItemNotClaimedError`` when it isn't the reviewer's."""
    mine = update(ReviewItem).where(ReviewItem.id == item_id, ReviewItem.claimed_by == reviewer)
    if changed(db, mine.where(ReviewItem.state == "open").values(claimed_by=None, claimed_at=None)) == 0:
        raise ItemNotClaimedError


def merge(db: Session, item_id: int, into: int, reviewer: str) -> None:
    """Move the turns of an item into another that asks the same; both must be the reviewer's."""
    one, other = require_claimed(db, item_id, reviewer), require_claimed(db, into, reviewer)
    db.execute(update(ReviewTurn).where(ReviewTurn.item_id == one.id).values(item_id=other.id))
    other.turns, one.turns = other.turns + one.turns, 0
    other.first_at, other.last_at = min(one.first_at, other.first_at), max(one.last_at, other.last_at)
    one.state, one.claimed_by = "decided", None


def require_claimed(db: Session, item_id: int, reviewer: str) -> ReviewItem:
    """The reviewer's own item; raises ``ItemUnknownError``, ``ItemDecidedError`` and ``ItemNotClaimedError``."""
    row = _row(db, item_id, lock=True)
    if row.state == "decided":
        raise ItemDecidedError
    if row.claimed_by != reviewer:
        raise ItemNotClaimedError
    return row


def close(db: Session, row: ReviewItem, now: dt.datetime) -> None:
    """Take a decided item out of the queue; its turns count as reviewed."""
    row.state, row.decided_at = "decided", now
    turns = select(ReviewTurn.turn_id).where(ReviewTurn.item_id == row.id).scalar_subquery()
    db.execute(update(TurnLog).where(TurnLog.turn_id.in_(turns)).values(reviewed_at=now))


def _conditions(sought: Sought, now: dt.datetime) -> list[ColumnElement[bool]]:
    conditions = [ReviewItem.state == "open", ReviewItem.turns > 0]
    turns = select(ReviewTurn.turn_id).where(ReviewTurn.item_id == ReviewItem.id)
    if words := prepare(sought.text).split():
        said = turns.join(TurnText, TurnText.turn_id == ReviewTurn.turn_id)
        held = said.where(*(TurnText.folded.contains(word, autoescape=True) for word in words))
        conditions.append(or_(held.exists(), ReviewItem.fact.in_(sought.facts)))
    if sought.reason:
        conditions.append(turns.where(ReviewTurn.reason == sought.reason).exists())
    if sought.claimed is not None:
        held_now = and_(ReviewItem.claimed_by.is_not(None), ReviewItem.claimed_at >= now - CLAIM)
        conditions.append(held_now if sought.claimed else ~func.coalesce(held_now, False))
    return conditions


def _row(db: Session, item_id: int, *, lock: bool = False) -> ReviewItem:
    row = db.get(ReviewItem, item_id, with_for_update=lock or None, populate_existing=True)
    if row is None:
        raise ItemUnknownError
    return row


def _view(db: Session, row: ReviewItem, now: dt.datetime, examples: int = _EXAMPLES) -> Item:
    counted = select(ReviewTurn.reason, func.count()).where(ReviewTurn.item_id == row.id).group_by(ReviewTurn.reason)
    newest = (
        select(TurnLog.turn_id, TurnLog.question, TurnLog.asked_at, ReviewTurn.reason)
        .join(ReviewTurn, and_(ReviewTurn.turn_id == TurnLog.turn_id, ReviewTurn.item_id == row.id))
        .where(TurnLog.question.is_not(None))
        .order_by(TurnLog.asked_at.desc(), TurnLog.turn_id)
        .limit(examples)
    )
    lapsed = row.claimed_at is None or row.claimed_at < now - CLAIM
    return Item(
        id=row.id,
        state=row.state,
        turns=row.turns,
        reasons=dict(db.execute(counted).all()),
        examples=[Example(turn_id, asked or "", at, reason) for turn_id, asked, at, reason in db.execute(newest)],
        first_at=row.first_at,
        last_at=row.last_at,
        fact=row.fact,
        aspect=row.aspect,
        claimed_by=None if lapsed else row.claimed_by,
        decided_at=row.decided_at,
    )
