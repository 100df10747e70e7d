"""The figures are the same while turns are in the log and when only counts of them are left."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.conversation.figures.counts import roll
from bot.conversation.figures.figures import figures, topics_by_month, totals
from bot.conversation.figures.models import DailyCount
from bot.conversation.figures.periods import Period
from bot.conversation.models import TurnLog
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.steps import roll_counts, strip_log
from bot.conversation.review import sample
from bot.conversation.review.models import ReviewDecision, ReviewItem
from bot.settings import Settings
from tests.conversation.conftest import add_turn

OCTOBER = Period.parse("month", "2026-10")
# 31 October, 23:30 in Việt Nam, and half an hour later.
LATE = dt.datetime(2026, 10, 31, 16, 30, tzinfo=dt.UTC)


def fill(db: Session) -> None:
    number = iter(range(1000))

    def add(at: dt.datetime, times: int = 1, **log: object) -> None:
        for _ in range(times):
            add_turn(db, next(number), at, **log)

    add(LATE, 6, rating=1, commune="20551")
    add(LATE, 2, status="not_covered", program=None, question="Hỏi về đất rừng?")
    add(LATE, 1, status="not_covered", program=None, question="hoi ve dat rung")
    add(LATE, 2, status="clarify", rating=-1, took_ms=900)
    add(LATE, 3, status="asked_back", topic=None, program=None, question=None, channel="zalo_oa")
    add(LATE, 4, source="smalltalk", topic=None, program=None)
    add(LATE, 1, status=None)
    add(LATE + dt.timedelta(hours=1), 5)
    add(LATE - dt.timedelta(days=40), 2)
    add(LATE - dt.timedelta(days=31), 4)


def judge(db: Session) -> None:
    """Every answer of the log is judged; each third was wrong."""
    begin, end = LATE - dt.timedelta(days=60), LATE + dt.timedelta(days=60)
    number = sample.draw(db, begin, end, 100, "lan", LATE, seed=1)
    for place, turn_id in enumerate(sample.unjudged(db, number)):
        sample.judge(db, number, turn_id, "lan", LATE, right=place % 3 != 0)


def test_each_figure_is_what_it_says(database: Engine) -> None:
    with Session(database) as db:
        fill(db)
        told = figures(db, OCTOBER)
    now = told.now
    assert now.questions == 14
    assert (now.answered.number, now.answered.total) == (6, 11)
    assert now.asked_back.share == pytest.approx(5 / 14)
    assert now.not_covered.number == 3
    assert (now.up, now.down) == (6, 2)
    assert now.by_topic == {"health_insurance": 11}
    assert now.by_channel == {"web": 11, "zalo_oa": 3}
    assert now.by_commune == {"20551": 6}
    assert now.by_day[dt.date(2026, 10, 31)] == 14
    assert len(now.by_day) == 31
    assert 900 <= (now.p95_ms or 0) <= 945
    assert told.before.questions == 6
    assert [(each.question, each.times) for each in told.unanswered][:1] == [("hoi ve dat rung", 3)]


def test_no_figure_changes_when_the_rows_become_counts(database: Engine) -> None:
    periods = [OCTOBER, OCTOBER.before, Period.parse("year", "2026"), Period.parse("month", "2026-11")]
    with Session(database) as db:
        fill(db)
        judge(db)
        before = [totals(db, period) for period in periods]
        while roll(db, LATE + dt.timedelta(days=9), limit=7):
            assert [totals(db, period) for period in periods] == before
        assert db.scalar(select(func.count()).select_from(TurnLog)) == 0
        judged = [(told.correctness.right, told.correctness.judged) for told in before]
        assert judged == [(4, 6), (4, 6), (11, 17), (3, 5)]
        assert db.scalar(select(func.sum(DailyCount.turns))) == 29
        assert [totals(db, period) for period in periods] == before


def test_only_what_is_old_enough_becomes_counts(database: Engine) -> None:
    with Session(database) as db:
        fill(db)
        assert roll(db, LATE, limit=100) == 6


def test_decisions_are_counted_by_the_day_they_were_taken(database: Engine) -> None:
    with Session(database) as db:
        item = ReviewItem(state="decided", turns=1, first_at=LATE, last_at=LATE)
        db.add(item)
        db.flush()
        for kind, at in (("leads_to", LATE), ("leads_to", LATE), ("right", LATE + dt.timedelta(hours=1))):
            given = {"reviewer": "lan", "why": "hỏi việc khác", "outcome": {}}
            db.add(ReviewDecision(item_id=item.id, kind=kind, decided_at=at, **given))
        db.flush()
        told = figures(db, Period.parse("month", "2026-11"))
    assert (told.now.by_decision, told.before.by_decision) == ({"right": 1}, {"leads_to": 2})


def test_topics_are_told_month_by_month(database: Engine) -> None:
    with Session(database) as db:
        fill(db)
        months = topics_by_month(db, Period.parse("month", "2026-11"), months=3)
    assert [(period.first.month, topics["health_insurance"]) for period, topics in months] == [
        (9, 6),
        (10, 11),
        (11, 5),
    ]


@pytest.mark.parametrize(
    ("night", "least"),
    [(LATE, None), (LATE + dt.timedelta(days=80), "2026-10-31"), (LATE + dt.timedelta(days=100), None)],
)
def test_a_year_says_from_which_day_on_its_words_are_kept(
    database: Engine, night: dt.datetime, least: str | None
) -> None:
    periods, year = Periods.of(Settings()), Period.parse("year", "2026")
    with Session(database) as db:
        add_turn(db, 1, LATE - dt.timedelta(days=40), status="not_covered")
        add_turn(db, 2, LATE, status="not_covered")
        for step in (strip_log, roll_counts):
            step(db, periods, night, 100)
        told = figures(db, year)
        assert (told.words_since and told.words_since.isoformat()) == least
        assert len(told.unanswered) == (2 if night == LATE else 1 if least else 0)
        assert figures(db, OCTOBER).words_since is None
