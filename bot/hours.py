"""Working hours of a week, and the days on which nobody works.

Written as ``T2-T6 07:30-11:30 13:30-17:00; T7 07:30-11:30``: groups parted by ``;``, each with days (T2 is Monday, T7
Saturday, CN Sunday; ``T2-T6`` or ``T2,T4``) and the times of day at which work begins and ends, in Việt Nam.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.clock import VIETNAM

EXAMPLE = "T2-T6 07:30-11:30 13:30-17:00; T7 07:30-11:30"

_DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")

Span = tuple[dt.time, dt.time]


@dataclass(frozen=True)
class WorkingHours:
    """``week`` holds the spans of each day from Monday on, at least one in all; ``holidays`` have none."""

    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[dt.date] = frozenset()

    @classmethod
    def parse(cls, hours: str, holidays: str = "") -> WorkingHours:
        """Read both settings; ``ValueError`` names what doesn't fit and what would."""
        return cls(parse_week(hours), parse_days(holidays))

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether somebody is at work at an aware ``moment``."""
        return self.opens(moment) == moment

    def opens(self, moment: dt.datetime) -> dt.datetime:
        """``moment`` itself within working hours, else when work begins next."""
        begin, _ = next(self._from(moment))
        return begin

    def after(self, moment: dt.datetime, work: dt.timedelta) -> dt.datetime:
        """When that much working time has passed since ``moment``."""
        for begin, end in self._from(moment):
            if work <= end - begin:
                return begin + work
            work -= end - begin
        raise AssertionError("weeks do not end")

    def before(self, moment: dt.datetime, work: dt.timedelta) -> dt.datetime:
        """The last moment since which that much working time has passed by ``moment``."""
        for begin, end in self._until(moment):
            if work <= end - begin:
                return end - work
            work -= end - begin
        raise AssertionError("weeks do not end")

    def _until(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The spans of work up to ``moment``, newest first, the first cut to end there; without end."""
        local = moment.astimezone(VIETNAM)
        day = local.date()
        while True:
            for first, last in reversed(self.week[day.weekday()]) if day not in self.holidays else ():
                begin = dt.datetime.combine(day, first, VIETNAM)
                end = min(dt.datetime.combine(day, last, VIETNAM), local)
                if begin < end:
                    yield begin, end
            day -= dt.timedelta(days=1)

    def _from(self, moment: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The spans of work from ``moment`` on, the first cut to begin there; without end."""
        local = moment.astimezone(VIETNAM)
        day = local.date()
        while True:
            for first, last in self.week[day.weekday()] if day not in self.holidays else ():
                begin = max(dt.datetime.combine(day, first, VIETNAM), local)
                end = dt.datetime.combine(day, last, VIETNAM)
                if begin < end:
                    yield begin, end
            day += dt.timedelta(days=1)


def parse_week(value: str) -> tuple[tuple[Span, ...], ...]:
    """The spans of each day from Monday on; ``ValueError`` says what they look like."""
    week: list[tuple[Span, ...]] = [()] * 7
    for group in value.split(";"):
        days, *times = group.split() or [""]
        spans = [_span(time) for time in times]
        if not spans or any(after[0] < before[1] for before, after in pairwise(spans)):
            raise _unlike(group)
        for day in _days(days):
            if week[day]:
                raise ValueError(f"{_DAYS[day]} stands twice in {value!r}: write all its times in one group")
            week[day] = tuple(spans)
    return tuple(week)


def parse_days(value: str) -> frozenset[dt.date]:
    """Days parted by commas, such as ``2027-01-01,2027-04-30``; ``ValueError`` names the one that is none."""
    days = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return frozenset(dt.date.fromisoformat(day) for day in days)
    except ValueError as error:
        raise ValueError(f"holidays look like 2027-01-01,2027-04-30, not {value!r}: {error}") from None


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last or first) not in _DAYS:
            raise _unlike(text)
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        if end < begin:
            raise _unlike(text)
        found += range(begin, end + 1)
    return found


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _unlike(text)
    begin, end = dt.time(int(match[1]), int(match[2])), dt.time(int(match[3]), int(match[4]))
    if end <= begin:
        raise _unlike(text)
    return begin, end


def _unlike(text: str) -> ValueError:
    return ValueError(f"working hours look like {EXAMPLE}, not {text.strip()!r}")
