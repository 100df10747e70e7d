"""The job that fills the queue: it reads what is new in the log, in feedback and in hand-overs, some time later.

So a turn pays nothing for being reviewed. The job remembers how far it has read each source and can be run by any
number of processes at any time: whoever comes second waits, then goes on where the first has ended. Reading something
twice changes nothing. It also keeps the texts that the log is searched by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.conversation.models import FeedbackRow, HandoverRow, TurnLog
from bot.conversation.review.enqueue import Found, enqueue
from bot.conversation.review.models import ReviewProgress, TurnText
from bot.conversation.review.news import ABANDONED, SETTLED
from bot.conversation.review.positions import Cursor, behind, position_of
from bot.conversation.review.reasons import Reason, reason_of
from bot.conversation.rows import insert_missing
from bot.knowledge.prepared import prepare
from bot.knowledge.retrieval import Index

_START = Cursor(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "0")


@dataclass(frozen=True)
class Batch:
    """What one run has read and put into the queue; ``more`` says that it stopped at its limit."""

    read: int
    found: int
    more: bool


def collect(db: Session, index: Index, now: dt.datetime, *, limit: int = 1000) -> Batch:
    """Read up to ``limit`` new rows of each source within the caller's transaction."""
    sources: tuple[tuple[str, Callable[[Session, Cursor, dt.datetime, int], _Read]], ...] = (
        ("turns", _turns),
        ("abandoned", _abandoned),
        ("feedback", _feedback),
        ("handover", _handovers),
    )
    read, found, more = 0, 0, False
    for source, reader in sources:
        start = _begin(db, source)
        rows = reader(db, start, now, limit)
        found += enqueue(db, index, rows.found, now)
        read += rows.count
        more = more or rows.count == limit
        if rows.end is not None:
            end = update(ReviewProgress).where(ReviewProgress.source == source)
            db.execute(end.values(at=rows.end.at, key=rows.end.key))
    return Batch(read, found, more)


@dataclass(frozen=True)
class _Read:
    count: int
    end: Cursor | None
    found: list[Found]


def _begin(db: Session, source: str) -> Cursor:
    """How far ``source`` was read; other processes wait here until our transaction ends."""
    insert_missing(db, ReviewProgress, source=source, at=_START.at, key=_START.key)
    held = update(ReviewProgress).where(ReviewProgress.source == source).values(source=source)
    row = db.execute(held.returning(ReviewProgress.at, ReviewProgress.key)).one()
    return Cursor(row.at, row.key)


def _turns(db: Session, start: Cursor, now: dt.datetime, limit: int) -> _Read:
    turns = _logged(db, start, now - SETTLED, limit)
    found = []
    for turn in turns:
        if not turn.question or turn.button is not None:
            continue  # Erased meanwhile, or a button.
        position = position_of(turn.asked_at, turn.turn_id)
        insert_missing(db, TurnText, position=position, turn_id=turn.turn_id, folded=prepare(turn.question))
        before = _previous(db, turn) if turn.status == "asked_back" else None
        reason = reason_of(turn, before)
        if reason is not None:
            found.append(Found(turn, reason))
    return _Read(len(turns), _end(turns), found)


def _abandoned(db: Session, start: Cursor, now: dt.datetime, limit: int) -> _Read:
    later = aliased(TurnLog)
    after = select(later.turn_id).where(later.session_id == TurnLog.session_id, later.asked_at > TurnLog.asked_at)
    waiting = (
        select(TurnLog)
        .where(TurnLog.status == "asked_back", TurnLog.asked_at <= now - ABANDONED)
        .where(behind(TurnLog.asked_at, TurnLog.turn_id, start))
        .order_by(TurnLog.asked_at, TurnLog.turn_id)
        .limit(limit)
    )
    turns = list(db.scalars(waiting.with_for_update(read=True)))
    ids = [turn.turn_id for turn in turns]
    last = set(db.scalars(select(TurnLog.turn_id).where(TurnLog.turn_id.in_(ids), ~after.exists())))
    found = [Found(turn, Reason.ABANDONED) for turn in turns if turn.turn_id in last and turn.session_id is not None]
    return _Read(len(turns), _end(turns), found)


def _feedback(db: Session, start: Cursor, now: dt.datetime, limit: int) -> _Read:
    news = _behind(FeedbackRow.given_at, FeedbackRow.id, start)
    given = select(FeedbackRow).where(news, FeedbackRow.given_at <= now - SETTLED)
    rows = list(db.scalars(given.order_by(FeedbackRow.given_at, FeedbackRow.id).limit(limit)))
    turns = _by_id(db, (row.turn_id for row in rows if row.value < 0 and row.turn_id))
    end = Cursor(rows[-1].given_at, str(rows[-1].id)) if rows else None
    return _Read(
        len(rows), end, [Found(turn, Reason.THUMBS_DOWN) for turn in turns if turn.question and turn.button is None]
    )


def _handovers(db: Session, start: Cursor, now: dt.datetime, limit: int) -> _Read:
    news = _behind(HandoverRow.requested_at, HandoverRow.id, start)
    asked = select(HandoverRow).where(news, HandoverRow.requested_at <= now - SETTLED)
    rows = list(db.scalars(asked.order_by(HandoverRow.requested_at, HandoverRow.id).limit(limit)))
    turns = [_unanswered(db, row) for row in rows]
    end = Cursor(rows[-1].requested_at, str(rows[-1].id)) if rows else None
    return _Read(len(rows), end, [Found(turn, Reason.OFFICER) for turn in turns if turn is not None])


def _behind(at: Any, number: Any, start: Cursor) -> ColumnElement[bool]:
    """Like ``behind``, of rows whose keys are numbers."""
    return and_(at >= start.at, or_(at > start.at, number > int(start.key)))


def _unanswered(db: Session, request: HandoverRow) -> TurnLog | None:
    """The last question before the citizen turned to a person."""
    mine = (TurnLog.session_id == request.session_id, TurnLog.asked_at < request.requested_at)
    question = (TurnLog.question != "", TurnLog.button.is_(None))
    ended = TurnLog.status.not_in(["handed_over", "error", "unavailable"])
    newest = select(TurnLog).where(*mine, *question, ended).order_by(TurnLog.asked_at.desc()).limit(1)
    return db.scalar(newest.with_for_update(read=True))


def _logged(db: Session, start: Cursor, until: dt.datetime, limit: int) -> list[TurnLog]:
    query = (
        select(TurnLog)
        .where(behind(TurnLog.asked_at, TurnLog.turn_id, start), TurnLog.asked_at <= until)
        .order_by(TurnLog.asked_at, TurnLog.turn_id)
        .limit(limit)
    )
    # Held, so that an erasure that runs meanwhile removes what we write of them, too.
    return list(db.scalars(query.with_for_update(read=True)))


def _by_id(db: Session, ids: Iterable[str]) -> list[TurnLog]:
    query = select(TurnLog).where(TurnLog.turn_id.in_(list(ids))).order_by(TurnLog.asked_at, TurnLog.turn_id)
    return list(db.scalars(query.with_for_update(read=True)))


def _previous(db: Session, turn: TurnLog) -> TurnLog | None:
    earlier = (TurnLog.session_id == turn.session_id, TurnLog.asked_at < turn.asked_at)
    return db.scalar(select(TurnLog).where(*earlier).order_by(TurnLog.asked_at.desc()).limit(1))


def _end(turns: Sequence[TurnLog]) -> Cursor | None:
    return Cursor(turns[-1].asked_at, turns[-1].turn_id) if turns else None
