"""The figures of a period, with those of the period before beside them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.conversation.figures import counts
from bot.conversation.figures.counts import TALK
from bot.conversation.figures.latency import percentile
from bot.conversation.figures.periods import Period
from bot.conversation.figures.unanswered import Unanswered, unanswered, words_since
from bot.conversation.review.sample import Correctness, correctness

_K = TypeVar("_K")

_ASKED_BACK = ("asked_back", "clarify")
_IN_SCOPE = ("answered", "clarify", "not_covered", "unavailable", "error")


@dataclass(frozen=True)
class Part:
    """``number`` of ``total``; a share of nothing is ``None``."""

    number: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.number / self.total if self.total else None


@dataclass(frozen=True)
class Totals:
    """The figures of one period; ``p50_ms`` and ``p95_ms`` are ``None`` where no time was measured.

    ``questions`` leaves out greetings, thanks and the assistant's own business. ``answered`` is of the questions that
    a row could answer: those out of scope, blocked, handed over, or met by a question of ours, tell nothing about it.
    ``correctness`` is what reviewers found of random samples of its answers. ``by_day`` has every day of the period;
    ``by_decision`` counts what reviewers decided in it, about turns of any day.
    """

    period: Period
    questions: int
    answered: Part
    asked_back: Part
    not_covered: Part
    handed_over: int
    up: int
    down: int
    p50_ms: int | None
    p95_ms: int | None
    correctness: Correctness
    by_day: Mapping[dt.date, int]
    by_status: Counter[str]
    by_topic: Counter[str]
    by_program: Counter[str]
    by_channel: Counter[str]
    by_commune: Counter[str]
    by_decision: Counter[str]


@dataclass(frozen=True)
class Figures:
    """A period, the one before, and what could not be answered; ``words_since`` as in ``unanswered.py``."""

    now: Totals
    before: Totals
    unanswered: Sequence[Unanswered] = ()
    words_since: dt.date | None = None


def totals(db: Session, period: Period) -> Totals:
    """The figures of ``period``."""
    rows = counts.turns(db, period)
    asked = [row for row in rows if row.status != TALK]
    by_status = _by((row.status, row.turns) for row in rows)
    questions = sum(row.turns for row in asked)
    in_scope = sum(by_status[status] for status in _IN_SCOPE)
    waits = counts.latencies(db, period)
    by_day = _by((row.day, row.turns) for row in asked)
    return Totals(
        period=period,
        questions=questions,
        answered=Part(by_status["answered"], in_scope),
        asked_back=Part(sum(by_status[status] for status in _ASKED_BACK), questions),
        not_covered=Part(by_status["not_covered"], in_scope),
        handed_over=by_status["handed_over"],
        up=sum(row.up for row in rows),
        down=sum(row.down for row in rows),
        p50_ms=percentile(waits, 50),
        p95_ms=percentile(waits, 95),
        correctness=correctness(db, period.begins, period.ends),
        by_day={day: by_day[day] for day in _days(period)},
        by_status=by_status,
        by_topic=_by((row.topic, row.turns) for row in asked if row.topic),
        by_program=_by((row.program, row.turns) for row in asked if row.program),
        by_channel=_by((row.channel, row.turns) for row in asked),
        by_commune=counts.communes(db, period),
        by_decision=counts.decisions(db, period),
    )


def figures(db: Session, period: Period, *, most: int = 20) -> Figures:
    """Everything that is told of a period, with at most ``most`` questions that could not be answered."""
    return Figures(
        now=totals(db, period),
        before=totals(db, period.before),
        unanswered=unanswered(db, period, most=most),
        words_since=words_since(db, period),
    )


def topics_by_month(db: Session, last: Period, *, months: int) -> list[tuple[Period, Counter[str]]]:
    """Questions by topic in ``last`` and the months before it, oldest first; ``""`` holds those without a topic."""
    told: list[tuple[Period, Counter[str]]] = []
    month = last
    for _ in range(months):
        rows = counts.turns(db, month)
        told.append((month, _by((row.topic, row.turns) for row in rows if row.status != TALK)))
        month = month.before
    return told[::-1]


def _by(pairs: Iterable[tuple[_K, int]]) -> Counter[_K]:
    found: Counter[_K] = Counter()
    for key, number in pairs:
        found[key] += number
    return found


def _days(period: Period) -> list[dt.date]:
    return [period.first + dt.timedelta(days=number) for number in range(period.days)]
