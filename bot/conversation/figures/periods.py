"""The periods that figures are told for: a day, a week, a month, a quarter, a year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self

from bot.knowledge.clock import VIETNAM

Kind = Literal["day", "week", "month", "quarter", "year"]
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
_LIKE: dict[Kind, str] = {
    "day": "2026-10-05",
    "week": "2026-10-05",
    "month": "2026-10",
    "quarter": "2026-Q4",
    "year": "2026",
}
# What comes before or after them can be reckoned with too.
YEARS = range(1900, 2200)
_DAYS: dict[Kind, int] = {"day": 1, "week": 7}


class PeriodUnreadableError(ValueError):
    """What was given names no period; the message says what one looks like."""


@dataclass(frozen=True)
class Period:
    """Whole days of Việt Nam, from ``first`` to ``last``, both counted."""

    kind: Kind
    first: dt.date
    last: dt.date

    @classmethod
    def around(cls, kind: Kind, day: dt.date) -> Self:
        """The period that holds ``day``; weeks begin on Monday."""
        if kind in _DAYS:
            first = day if kind == "day" else day - dt.timedelta(days=day.weekday())
            return cls(kind, first, first + dt.timedelta(days=_DAYS[kind] - 1))
        months = _MONTHS[kind]
        first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
        return cls(kind, first, _months_on(first, months) - dt.timedelta(days=1))

    @classmethod
    def parse(cls, kind: Kind, text: str) -> Self:
        """``2026-10-05`` for a day or its week, ``2026-10``, ``2026-Q4`` or ``2026``; ``PeriodUnreadableError``."""
        try:
            return cls.around(kind, _first_day(kind, text))
        except ValueError:
            raise PeriodUnreadableError(f"Kỳ phải viết như {_LIKE[kind]}. Đã nhập: {text}") from None

    @property
    def before(self) -> Self:
        """The period before, of the same kind."""
        return self.around(self.kind, self.first - dt.timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def begins(self) -> dt.datetime:
        """Its first moment, aware."""
        return midnight(self.first)

    @property
    def ends(self) -> dt.datetime:
        """The first moment after it, aware."""
        return midnight(self.last + dt.timedelta(days=1))

    def until(self, day: dt.date) -> Self:
        """The part of it that had passed by ``day``; all of it when that is later."""
        return type(self)(self.kind, self.first, max(self.first, min(self.last, day)))


def midnight(day: dt.date) -> dt.datetime:
    """The moment at which ``day`` begins in Việt Nam, aware."""
    return dt.datetime.combine(day, dt.time(), VIETNAM)


def _months_on(first: dt.date, months: int) -> dt.date:
    count = first.year * 12 + first.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


def _first_day(kind: Kind, text: str) -> dt.date:
    year, _, part = text.partition("-")
    if int(year) not in YEARS:
        raise ValueError(text)
    match kind, part:
        case "year", "":
            return dt.date(int(year), 1, 1)
        case "quarter", "Q1" | "Q2" | "Q3" | "Q4":
            return dt.date(int(year), int(part[1]) * 3, 1)
        case "month", _:
            return dt.date(int(year), int(part), 1)
        case "day" | "week", _:
            return dt.date.fromisoformat(text)
    raise ValueError(text)
