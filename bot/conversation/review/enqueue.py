"""Putting turns into the queue: those that went wrong in one way become one item. Only the job does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.models import TurnLog
from bot.conversation.review.clusters import Asked, Clusters
from bot.conversation.review.models import ReviewItem, ReviewTurn
from bot.conversation.review.reasons import OF_CHECK, Reason, fact_asked
from bot.knowledge.dialogue.questions import ASPECTS
from bot.knowledge.retrieval import Index

COMPARED_ITEMS, COMPARED_TURNS = 2000, 8
"""With how many open items a new turn is compared, the newest ones, and with how many turns of each."""


@dataclass(frozen=True)
class Found:
    """A turn that deserves a look, and why."""

    turn: TurnLog
    reason: Reason


def enqueue(db: Session, index: Index, found: Sequence[Found], now: dt.datetime) -> int:
    """Put turns into the items they belong to; how many were not waiting there already."""
    fresh = [each for each in found if _is_new(db, each)]
    for each in fresh:
        fact = fact_asked(each.turn) if each.reason in OF_CHECK else None
        if fact is not None:
            _add(db, _item_of_fact(db, fact) or _new_item(db, each, fact=fact), each, now)
    _cluster(db, index, [each for each in fresh if _words_of(each)], now)
    return len(fresh)


def _is_new(db: Session, each: Found) -> bool:
    """Whether a turn has yet to be put into an item; one that waits already keeps its weightiest reason."""
    held = db.get(ReviewTurn, each.turn.turn_id)
    if held is None:
        return True
    if not each.reason.outweighs(held.reason):
        return False
    state = db.scalar(select(ReviewItem.state).where(ReviewItem.id == held.item_id))
    if state == "open":
        held.reason = each.reason.value
        return False
    # Decided, but something worse came to light: it goes back into the queue.
    db.delete(held)
    db.flush()
    return True


def _words_of(each: Found) -> bool:
    return bool(each.turn.question) and (each.reason not in OF_CHECK or fact_asked(each.turn) is None)


def _cluster(db: Session, index: Index, found: Sequence[Found], now: dt.datetime) -> None:
    if not found:
        return
    items = [row for row in _open_items(db) if row.fact is None]
    known = [_asked_of(db, row) for row in items]
    kept = [(row, asked) for row, asked in zip(items, known, strict=True) if asked]
    rows = [row for row, _ in kept]
    clusters = Clusters(index, [asked for _, asked in kept])
    for each, number in zip(found, clusters.place([_asked(each.turn) for each in found]), strict=True):
        if number == len(rows):
            rows.append(_new_item(db, each, aspect=_asked(each.turn).aspect))
        _add(db, rows[number], each, now)


def _open_items(db: Session) -> list[ReviewItem]:
    newest = select(ReviewItem).where(ReviewItem.state == "open").order_by(ReviewItem.last_at.desc(), ReviewItem.id)
    return sorted(db.scalars(newest.limit(COMPARED_ITEMS)), key=lambda row: row.id)


def _asked_of(db: Session, row: ReviewItem) -> list[Asked]:
    members = (
        select(TurnLog.question)
        .join(ReviewTurn, ReviewTurn.turn_id == TurnLog.turn_id)
        .where(ReviewTurn.item_id == row.id, TurnLog.question != "")
        .order_by(ReviewTurn.turn_id)
        .limit(COMPARED_TURNS)
    )
    return [Asked(text, row.aspect) for text in db.scalars(members) if text]


def _asked(turn: TurnLog) -> Asked:
    aspect = ASPECTS.get(turn.intent or "")
    return Asked(turn.question or "", turn.aspect if aspect is None else aspect.value)


def _item_of_fact(db: Session, fact: str) -> ReviewItem | None:
    return db.scalar(select(ReviewItem).where(ReviewItem.fact == fact, ReviewItem.state == "open").limit(1))


def _new_item(db: Session, each: Found, *, fact: str | None = None, aspect: str | None = None) -> ReviewItem:
    at = each.turn.asked_at
    row = ReviewItem(state="open", turns=0, first_at=at, last_at=at, fact=fact, aspect=aspect)
    db.add(row)
    db.flush()
    return row


def _add(db: Session, row: ReviewItem, each: Found, now: dt.datetime) -> None:
    db.add(ReviewTurn(turn_id=each.turn.turn_id, item_id=row.id, reason=each.reason.value, found_at=now))
    row.turns += 1
    row.first_at, row.last_at = min(row.first_at, each.turn.asked_at), max(row.last_at, each.turn.asked_at)
    db.flush()
