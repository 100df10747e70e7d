"""The log as a reviewer reads it: a page of turns, newest first, and a conversation as it went.

A page never counts nor skips: it goes on behind the last turn of the one before. What no index narrows down – a word,
a confidence – is looked for among so many turns at a time, and the page says how far back it has looked.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.conversation.models import FeedbackRow, MessageRow, TurnLog
from bot.conversation.review.models import ReviewTurn, TurnText
from bot.conversation.review.positions import Cursor, before, first_position, position_of
from bot.knowledge.prepared import prepare

SCANNED = 250_000
"""Turns that one page looks through for what no index narrows down."""
LONGEST_CONVERSATION = 500


@dataclass(frozen=True)
class Filters:
    """What a reviewer looks for; what is ``None`` or empty narrows nothing down.

    ``since`` counts, ``until`` doesn't any more. ``text`` are words of the question, each somewhere, accents or not.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    channel: str | None = None
    status: str | None = None
    topic: str | None = None
    program: str | None = None
    confidence_from: float | None = None
    confidence_below: float | None = None
    rating: int | None = None
    reviewed: bool | None = None
    text: str = ""

    @property
    def unindexed(self) -> bool:
        """Whether a turn must be looked at to know that it doesn't fit."""
        return bool(self.text) or self.confidence_from is not None or self.confidence_below is not None


@dataclass(frozen=True)
class Entry:
    """A turn in a list; ``question`` is masked, and empty once its citizen had their data erased."""

    turn_id: str
    asked_at: dt.datetime
    channel: str
    question: str | None
    status: str | None
    topic: str | None
    program: str | None
    aspect: str | None
    intent: str | None
    confidence: float | None
    rating: int | None
    reviewed_at: dt.datetime | None


@dataclass(frozen=True)
class Page:
    """Turns, newest first; ``after`` is where the next page begins, if there is more to look at.

    ``searched_to`` is how far back was looked where that was not far enough to fill the page.
    """

    turns: list[Entry]
    after: Cursor | None
    searched_to: dt.datetime | None = None


@dataclass(frozen=True)
class TurnView:
    """All that is kept of one turn.

    ``answers`` holds text and answer object of each message: amounts, papers, steps and citations as they were told
    then, whatever the rows say now – of an old turn often the text alone; ``knowledge_version`` numbers the state of
    the rows. ``durations`` is in milliseconds. ``reasons`` says why it is in the queue, ``remark`` what the citizen
    wrote beside a thumb.
    """

    entry: Entry
    button: dict[str, Any] | None
    masked_kinds: list[str]
    understanding: dict[str, Any] | None
    answers: list[dict[str, Any]]
    durations: dict[str, float]
    knowledge_version: str | None
    model_version: str | None
    reason: str | None
    remark: str | None


_COLUMNS: tuple[Any, ...] = (
    TurnLog.turn_id,
    TurnLog.asked_at,
    TurnLog.channel,
    TurnLog.question,
    TurnLog.status,
    TurnLog.topic,
    TurnLog.program,
    TurnLog.aspect,
    TurnLog.intent,
    TurnLog.confidence,
    TurnLog.rating,
    TurnLog.reviewed_at,
)


def listed(
    db: Session, filters: Filters, after: Cursor | None = None, *, limit: int = 50, scanned: int = SCANNED
) -> Page:
    """A page of at most ``limit`` turns behind ``after``, looking at ``scanned`` turns at most where it must look."""
    if after is not None and filters.until is not None and after.at < filters.until:
        # Of two upper bounds a database may start at the wrong one, and read all that lies between.
        filters = replace(filters, until=None)
    floor = _floor(db, filters, after, scanned) if filters.unindexed else None
    rows = db.execute(_query(filters, after, floor).limit(limit + 1)).all()
    turns = [Entry(*row) for row in rows[:limit]]
    if len(rows) > limit:
        return Page(turns, Cursor(turns[-1].asked_at, turns[-1].turn_id))
    return Page(turns, None if floor is None else Cursor.below(floor), floor)


def conversation(db: Session, turn_id: str) -> list[TurnView]:
    """The turns of the conversation that a turn belongs to, oldest first; that turn alone after an erasure.

    Empty for a turn that is not in the log.
    """
    row = db.get(TurnLog, turn_id)
    if row is None:
        return []
    if row.session_id is None:
        rows = [row]
    else:
        all_of_it = select(TurnLog).where(TurnLog.session_id == row.session_id)
        newest = all_of_it.order_by(TurnLog.asked_at.desc(), TurnLog.turn_id.desc()).limit(LONGEST_CONVERSATION)
        rows = list(db.scalars(newest))[::-1]
    return _views(db, rows)


def _floor(db: Session, filters: Filters, after: Cursor | None, scanned: int) -> dt.datetime | None:
    """The time of the turn ``scanned`` turns back: from there on this page doesn't look; ``None`` at the end."""
    query = select(TurnLog.asked_at).order_by(TurnLog.asked_at.desc()).offset(scanned).limit(1)
    if after is not None:
        query = query.where(TurnLog.asked_at <= after.at)
    if filters.until is not None:
        query = query.where(TurnLog.asked_at < filters.until)
    floor = db.scalar(query)
    return None if floor is None or (filters.since is not None and floor < filters.since) else floor


def _query(filters: Filters, after: Cursor | None, floor: dt.datetime | None) -> Select[Any]:
    words = prepare(filters.text).split()
    query: Select[Any] = select(*_COLUMNS).where(*_conditions(filters))
    if not words:
        if after is not None:
            query = query.where(before(TurnLog.asked_at, TurnLog.turn_id, after))
        if floor is not None:
            query = query.where(TurnLog.asked_at > floor)
        return query.order_by(TurnLog.asked_at.desc(), TurnLog.turn_id.desc())
    query = query.join(TurnText, TurnText.turn_id == TurnLog.turn_id)
    query = query.where(*(TurnText.folded.contains(word) for word in words))
    # The texts lie in the order of time, so the bounds of time are put to them.
    if after is not None:
        query = query.where(TurnText.position < position_of(*after))
    if filters.until is not None:
        query = query.where(TurnText.position < first_position(filters.until))
    if floor is not None:
        query = query.where(TurnText.position >= first_position(floor))
    if filters.since is not None:
        query = query.where(TurnText.position >= first_position(filters.since))
    return query.order_by(TurnText.position.desc())


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    same = {
        TurnLog.channel: filters.channel,
        TurnLog.status: filters.status,
        TurnLog.topic: filters.topic,
        TurnLog.program: filters.program,
        TurnLog.rating: filters.rating,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in same.items() if value is not None]
    if not filters.text:
        if filters.since is not None:
            conditions.append(TurnLog.asked_at >= filters.since)
        if filters.until is not None:
            conditions.append(TurnLog.asked_at < filters.until)
    if filters.confidence_from is not None:
        conditions.append(TurnLog.confidence >= filters.confidence_from)
    if filters.confidence_below is not None:
        conditions.append(TurnLog.confidence < filters.confidence_below)
    if filters.reviewed is not None:
        conditions.append(TurnLog.reviewed_at.is_not(None) if filters.reviewed else TurnLog.reviewed_at.is_(None))
    return conditions


def _views(db: Session, rows: Sequence[TurnLog]) -> list[TurnView]:
    ids = [row.turn_id for row in rows]
    queued = select(ReviewTurn.turn_id, ReviewTurn.reason).where(ReviewTurn.turn_id.in_(ids))
    reasons = dict(db.execute(queued).all())
    given = select(FeedbackRow.turn_id, FeedbackRow.reason).where(FeedbackRow.turn_id.in_(ids))
    remarks = {turn_id: reason for turn_id, reason in db.execute(given) if reason}
    told = _told(db, [row.turn_id for row in rows if row.answers is None and row.question is not None])
    return [
        TurnView(
            entry=Entry(*(getattr(row, column.key) for column in _COLUMNS)),
            button=row.button,
            masked_kinds=row.masked_kinds,
            understanding=row.understanding,
            answers=row.answers or told.get(row.turn_id, []),
            durations=row.durations or {},
            knowledge_version=row.knowledge_version,
            model_version=row.model_version,
            reason=reasons.get(row.turn_id),
            remark=remarks.get(row.turn_id),
        )
        for row in rows
    ]


def _told(db: Session, turn_ids: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """What the messages of turns still say, where the log has forgotten it: they are kept as long as the questions."""
    said = select(MessageRow).where(MessageRow.turn_id.in_(turn_ids), MessageRow.role == "bot")
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in db.scalars(said.order_by(MessageRow.seq)):
        told[row.turn_id or ""].append({"text": row.text, "answer": row.answer})
    return told
