"""Working hours: how they are written, when work begins, when an answer is due."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hours import EXAMPLE, WorkingHours
from bot.knowledge.clock import VIETNAM

USUAL = WorkingHours.parse("T2-T6 07:30-11:30 13:30-17:00")


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> dt.datetime:
    """In 2026; the 23rd of November is a Monday."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(25, 8), at(25, 8)),
        (at(25, 7, 30), at(25, 7, 30)),
        (at(25, 7, 29), at(25, 7, 30)),
        (at(25, 11, 30), at(25, 13, 30)),
        (at(25, 17), at(26, 7, 30)),
        (at(27, 17), at(30, 7, 30)),
        (at(29, 12), at(30, 7, 30)),
    ],
)
def test_work_begins(moment: dt.datetime, opens: dt.datetime) -> None:
    assert USUAL.opens(moment) == opens
    assert USUAL.is_open(moment) == (moment == opens)


def test_a_time_of_another_zone_means_the_same_moment() -> None:
    assert USUAL.is_open(at(25, 8).astimezone(dt.timezone.utc))
    assert not USUAL.is_open(dt.datetime(2026, 11, 25, 12, tzinfo=dt.timezone.utc))


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        (at(25, 8), 60, at(25, 9)),
        (at(25, 11), 60, at(25, 14)),
        (at(25, 16, 30), 60, at(26, 8)),
        (at(28, 10), 450, at(30, 17)),
        (at(27, 13, 30), 450, at(30, 11, 30)),
    ],
)
def test_answer_is_due_after_working_time(moment: dt.datetime, minutes: int, due: dt.datetime) -> None:
    assert USUAL.after(moment, dt.timedelta(minutes=minutes)) == due


def test_nobody_works_on_a_holiday() -> None:
    hours = WorkingHours.parse("T2-T6 07:30-11:30", "2027-01-01, 2027-01-04")
    assert hours.opens(at(31, 12, month=12)) == dt.datetime(2027, 1, 5, 7, 30, tzinfo=VIETNAM)


def test_days_may_have_hours_of_their_own() -> None:
    hours = WorkingHours.parse("T2,T4 08:00-09:00; CN 10:00-11:00")
    assert [len(spans) for spans in hours.week] == [1, 0, 1, 0, 0, 0, 1]
    assert hours.opens(at(25, 10)) == at(29, 10)
    assert WorkingHours.parse(EXAMPLE).is_open(at(28, 8))


@pytest.mark.parametrize(
    "value",
    [
        "", " ", ";", "T2-T6",
        "T8 07:30-11:30", "T6-T2 07:30-11:30", "T2 7:30-11:30", "T2 11:30-07:30", "T2 08:00-24:30",
        "T2 07:30-11:30 10:00-12:00", "T2-T4 07:30-11:30; T3 08:00-09:00", "thứ hai 07:30-11:30", "T2 07:30-11:30;",
    ],
)  # fmt: skip
def test_hours_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"working hours look like|stands twice"):
        WorkingHours.parse(value)


@pytest.mark.parametrize("value", ["1/1/2027", "2027-13-01", "2027-01-01;2027-01-02"])
def test_holidays_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="holidays look like"):
        WorkingHours.parse("T2 07:30-11:30", value)


@given(st.integers(0, 700 * 24 * 60), st.integers(1, 3000))
def test_due_times_fall_into_working_hours_and_come_later_for_more_work(later: int, minutes: int) -> None:
    moment = at(1, 0) + dt.timedelta(minutes=later)
    work = dt.timedelta(minutes=minutes)
    due = USUAL.after(moment, work)
    assert USUAL.is_open(due - dt.timedelta(microseconds=1))
    assert due >= USUAL.opens(moment) + work
    assert USUAL.after(moment, work + dt.timedelta(minutes=1)) > due


@given(
    since_monday=st.integers(min_value=0, max_value=60 * 24 * 400),
    minutes=st.integers(min_value=1, max_value=3000),
)
def test_before_is_the_way_back_of_after(since_monday: int, minutes: int) -> None:
    now, work = at(23, 0) + dt.timedelta(minutes=since_monday), dt.timedelta(minutes=minutes)
    since = USUAL.before(now, work)
    assert USUAL.after(since, work) <= now
    # Not a moment later would do.
    assert USUAL.after(since + dt.timedelta(seconds=1), work) > now


def test_before_skips_what_is_no_work() -> None:
    assert USUAL.before(at(30, 8), dt.timedelta(hours=1)) == at(27, 16, 30)
