from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.figures.periods import Kind, Period, PeriodUnreadableError

KINDS: tuple[Kind, ...] = ("day", "week", "month", "quarter", "year")


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ("day", "2026-10-05", "2026-10-05", "2026-10-05"),
        ("week", "2026-10-07", "2026-10-05", "2026-10-11"),
        ("month", "2026-02", "2026-02-01", "2026-02-28"),
        ("quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("year", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_read(kind: Kind, text: str, first: str, last: str) -> None:
    period = Period.parse(kind, text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("month", "10/2026"),
        ("month", "2026-13"),
        ("quarter", "2026-5"),
        ("quarter", "2026-Q5"),
        ("year", "2026-10"),
        ("year", "1"),
        ("year", "99999999999"),
        ("day", "9999-12-31"),
    ],
)
def test_what_is_no_period_is_told_with_an_example(kind: Kind, text: str) -> None:
    with pytest.raises(PeriodUnreadableError, match=f"2026.*Đã nhập: {text}"):
        Period.parse(kind, text)


@given(st.sampled_from(KINDS), st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_periods_follow_each_other_without_gap(kind: Kind, day: dt.date) -> None:
    period = Period.around(kind, day)
    assert period.first <= day <= period.last
    assert period.before.last == period.first - dt.timedelta(days=1)
    assert period.before.ends == period.begins


def test_a_day_begins_at_midnight_in_vietnam() -> None:
    assert Period.parse("day", "2026-10-05").begins == dt.datetime(2026, 10, 4, 17, tzinfo=dt.UTC)
