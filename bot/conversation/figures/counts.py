"""Turns counted from the log and, where its rows are gone already, from the daily counts: each turn is in one of them.

``roll`` moves turns from the one to the other. Each function runs inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, case, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.conversation.figures.latency import bucket
from bot.conversation.figures.models import DailyCommune, DailyCount, DailyLatency
from bot.conversation.figures.periods import Period
from bot.conversation.models import TurnLog
from bot.conversation.review.models import ReviewDecision
from bot.conversation.rows import insert_missing
from bot.knowledge.db import Base

TALK = "smalltalk"
"""The status under which greetings, thanks and the assistant's own business are counted: they ask nothing."""
_OWN_SOURCES = ("smalltalk", "system")


@dataclass(frozen=True)
class Count:
    """Turns that ended alike on one day; ``""`` where the log names no topic or program."""

    day: dt.date
    channel: str
    status: str
    topic: str
    program: str
    turns: int
    up: int
    down: int


def turns(db: Session, period: Period) -> list[Count]:
    """All turns of a period that have ended."""
    day = local_day(db, TurnLog.asked_at)
    key = (day, TurnLog.channel, _status(), _named(TurnLog.topic), _named(TurnLog.program))
    thumbs = (_sum(TurnLog.rating == 1), _sum(TurnLog.rating == -1))
    live = select(*key, func.count(), *thumbs).where(*_ended_in(period)).group_by(*key)
    kept = select(DailyCount).where(DailyCount.day.between(period.first, period.last))
    return [
        *(Count(_day(row[0]), *row[1:]) for row in db.execute(live)),
        *(
            Count(row.day, row.channel, row.status, row.topic, row.program, row.turns, row.up, row.down)
            for row in db.scalars(kept)
        ),
    ]


def communes(db: Session, period: Period) -> Counter[str]:
    """Turns by the code of the commune they are about, where that was said."""
    found: Counter[str] = Counter()
    live = select(TurnLog.commune, func.count()).where(*_ended_in(period), TurnLog.commune.is_not(None))
    for code, number in db.execute(live.group_by(TurnLog.commune)):
        found[str(code)] += number
    kept = select(DailyCommune.commune, func.sum(DailyCommune.turns))
    within = DailyCommune.day.between(period.first, period.last)
    for code, number in db.execute(kept.where(within).group_by(DailyCommune.commune)):
        found[code] += int(number)
    return found


def latencies(db: Session, period: Period) -> Counter[int]:
    """Turns by the bucket of how long they took."""
    found: Counter[int] = Counter()
    live = select(TurnLog.took_ms, func.count()).where(*_ended_in(period), TurnLog.took_ms.is_not(None))
    for took, number in db.execute(live.group_by(TurnLog.took_ms)):
        found[bucket(took or 0)] += number
    kept = select(DailyLatency.bucket, func.sum(DailyLatency.turns))
    within = DailyLatency.day.between(period.first, period.last)
    for place, number in db.execute(kept.where(within).group_by(DailyLatency.bucket)):
        found[place] += int(number)
    return found


def decisions(db: Session, period: Period) -> Counter[str]:
    """What reviewers decided in the period, by kind; one decision ends an item of the queue."""
    taken = ReviewDecision.decided_at >= period.begins, ReviewDecision.decided_at < period.ends
    rows = db.execute(select(ReviewDecision.kind, func.count()).where(*taken).group_by(ReviewDecision.kind))
    return Counter({str(kind): int(number) for kind, number in rows})


def roll(db: Session, before: dt.datetime, *, limit: int) -> int:
    """Count the oldest ``limit`` turns asked before then into the days, and delete their rows; how many there were.

    A turn that never ended is deleted uncounted, as the figures of the log leave it out too. Judgements of samples
    stay where they are.
    """
    day = local_day(db, TurnLog.asked_at)
    columns = (TurnLog.turn_id, day, TurnLog.channel, TurnLog.status, _status(), _named(TurnLog.topic))
    oldest = select(*columns, _named(TurnLog.program), TurnLog.rating, TurnLog.commune, TurnLog.took_ms)
    rows = db.execute(oldest.where(TurnLog.asked_at < before).order_by(TurnLog.asked_at).limit(limit)).all()
    if not rows:
        return 0
    counts: dict[tuple[Any, ...], list[int]] = {}
    places: Counter[tuple[Any, ...]] = Counter()
    waits: Counter[tuple[Any, ...]] = Counter()
    for _, on, channel, ended, status, topic, program, thumb, commune, took in rows:
        if ended is None:
            continue
        numbers = counts.setdefault((_day(on), channel, status, topic, program), [0, 0, 0])
        for place, counted in enumerate((True, thumb == 1, thumb == -1)):
            numbers[place] += counted
        if commune is not None:
            places[_day(on), commune] += 1
        if took is not None:
            waits[_day(on), bucket(took)] += 1
    for key, numbers in sorted(counts.items()):
        _add(db, DailyCount, key, dict(zip(("turns", "up", "down"), numbers, strict=True)))
    for table, counter in ((DailyCommune, places), (DailyLatency, waits)):
        for key, number in sorted(counter.items()):
            _add(db, table, key, {"turns": number})
    db.execute(delete(TurnLog).where(TurnLog.turn_id.in_([row[0] for row in rows])))
    return len(rows)


def local_day(db: Session, moment: InstrumentedAttribute[dt.datetime]) -> ColumnElement[Any]:
    """The day in Việt Nam of a stored moment, as SQL."""
    if db.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("Asia/Ho_Chi_Minh", moment), type_=Date)
    # Seven hours all the year, since 1975.
    return func.date(moment, "+7 hours")


def _day(value: dt.date | str) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _ended_in(period: Period) -> Sequence[ColumnElement[bool]]:
    return (TurnLog.asked_at >= period.begins, TurnLog.asked_at < period.ends, TurnLog.status.is_not(None))


def _status() -> ColumnElement[str]:
    own = (TurnLog.status == "answered") & TurnLog.source.in_(_OWN_SOURCES)
    return case((own, TALK), else_=func.coalesce(TurnLog.status, ""))


def _named(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    return func.coalesce(column, "")


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _add(db: Session, table: type[Base], key: tuple[Any, ...], numbers: dict[str, int]) -> None:
    columns = list(table.__table__.primary_key)
    named = dict(zip((column.name for column in columns), key, strict=True))
    if not insert_missing(db, table, **named, **numbers):
        same = [column == value for column, value in zip(columns, key, strict=True)]
        more = {name: table.__table__.c[name] + number for name, number in numbers.items()}
        db.execute(update(table).where(*same).values(**more))
