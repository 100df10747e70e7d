"""How often an answer was right: a random sample of answered turns, judged by reviewers, with its interval."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from bot.conversation.models import TurnLog
from bot.conversation.review.models import ReviewSample, SampledTurn
from bot.conversation.rows import changed

_T = TypeVar("_T")

_Z = 1.959964
"""Of the normal distribution, for 95 %."""


class NotSampledError(Exception):
    """The turn is not in that sample."""


@dataclass(frozen=True)
class Drawn:
    """A sample: its times, how many turns it has of ``answered``, how many of them are ``judged``, and ``right``."""

    id: int
    since: dt.datetime
    until: dt.datetime
    answered: int
    turns: int
    judged: int
    right: int
    drawn_by: str
    drawn_at: dt.datetime


@dataclass(frozen=True)
class Correctness:
    """Of ``judged`` turns ``right`` were right; ``low`` and ``high`` bound the share with 95 % certainty (Wilson).

    All three shares are ``None`` while nothing is judged.
    """

    right: int
    judged: int
    share: float | None
    low: float | None
    high: float | None


def draw(
    db: Session, since: dt.datetime, until: dt.datetime, size: int, reviewer: str, now: dt.datetime, *, seed: int
) -> int:
    """Draw up to ``size`` answered turns asked from ``since`` until before ``until``; returns the sample's id.

    Every typed turn whose question is still there has the same chance, however much of the rest was pruned. The same
    seed draws the same turns of the same log.
    """
    answered = (
        select(TurnLog.turn_id, TurnLog.asked_at)
        .where(TurnLog.status == "answered", TurnLog.asked_at >= since, TurnLog.asked_at < until)
        .where(TurnLog.question.is_not(None), TurnLog.button.is_(None))
        .where(TurnLog.source.not_in(["smalltalk", "system"]))
        .order_by(TurnLog.asked_at, TurnLog.turn_id)
    )
    count, chosen = _reservoir(db.execute(answered.execution_options(yield_per=5000)), size, seed)
    row = ReviewSample(since=since, until=until, answered=count, drawn_by=reviewer, drawn_at=now)
    db.add(row)
    db.flush()
    db.add_all(SampledTurn(sample_id=row.id, turn_id=turn_id, asked_at=at) for turn_id, at in chosen)
    db.flush()
    return row.id


def listed(db: Session, *, only: int | None = None, limit: int = 100) -> list[Drawn]:
    """The newest samples, or the one with the id ``only``."""
    said = (
        func.count(SampledTurn.turn_id),
        func.count(SampledTurn.judged_at),
        func.sum(case((SampledTurn.right.is_(True), 1), else_=0)),
    )
    query = select(ReviewSample, *said).outerjoin(SampledTurn).group_by(ReviewSample.id)
    if only is not None:
        query = query.where(ReviewSample.id == only)
    return [
        Drawn(row.id, row.since, row.until, row.answered, turns, judged, right, row.drawn_by, row.drawn_at)
        for row, turns, judged, right in db.execute(query.order_by(ReviewSample.id.desc()).limit(limit))
    ]


def unjudged(db: Session, sample_id: int) -> list[str]:
    """The turns of a sample that wait to be judged; those erased meanwhile can't be and are left out."""
    waiting = (
        select(SampledTurn.turn_id)
        .join(TurnLog, TurnLog.turn_id == SampledTurn.turn_id)
        .where(SampledTurn.sample_id == sample_id, SampledTurn.right.is_(None), TurnLog.question.is_not(None))
        .order_by(TurnLog.asked_at, TurnLog.turn_id)
    )
    return list(db.scalars(waiting))


def judge(
    db: Session, sample_id: int, turn_id: str, reviewer: str, now: dt.datetime, *, right: bool, note: str | None = None
) -> None:
    """Say whether the answer of a turn was right; a second word replaces the first. Raises ``NotSampledError``."""
    mine = update(SampledTurn).where(SampledTurn.sample_id == sample_id, SampledTurn.turn_id == turn_id)
    # A page that was opened before an erasure must not bring words of the turn back.
    kept = db.scalar(select(TurnLog.question).where(TurnLog.turn_id == turn_id).with_for_update()) is not None
    told = note if kept else None
    if changed(db, mine.values(right=right, judged_by=reviewer, judged_at=now, note=told)) == 0:
        raise NotSampledError
    db.execute(update(TurnLog).where(TurnLog.turn_id == turn_id).values(reviewed_at=now))


def correctness(db: Session, since: dt.datetime, until: dt.datetime) -> Correctness:
    """Of all turns of that time that were judged in samples; one in two samples counts by its last judgement."""
    newest = (
        select(SampledTurn.turn_id, func.max(SampledTurn.judged_at).label("at"))
        .where(SampledTurn.judged_at.is_not(None), SampledTurn.asked_at >= since, SampledTurn.asked_at < until)
        .group_by(SampledTurn.turn_id)
        .subquery()
    )
    same = (SampledTurn.turn_id == newest.c.turn_id) & (SampledTurn.judged_at == newest.c.at)
    judged = dict(db.execute(select(SampledTurn.turn_id, SampledTurn.right).join(newest, same)).all())
    return wilson(sum(map(bool, judged.values())), len(judged))


def wilson(right: int, judged: int) -> Correctness:
    """The share of ``right`` in ``judged`` with Wilson's 95 % interval, which holds for few and extreme ones too."""
    if judged == 0:
        return Correctness(0, 0, None, None, None)
    share, square = right / judged, _Z**2 / judged
    middle = (share + square / 2) / (1 + square)
    half = math.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    return Correctness(right, judged, share, max(0.0, middle - half), min(1.0, middle + half))


def _reservoir(turns: Iterable[_T], size: int, seed: int) -> tuple[int, list[_T]]:
    """How many turns there are, and ``size`` of them by chance, in one pass that keeps no more."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    chosen: list[_T] = []
    count = 0
    for count, turn in enumerate(turns, start=1):
        if len(chosen) < size:
            chosen.append(turn)
        elif (place := chance.randrange(count)) < size:
            chosen[place] = turn
    return count, chosen
