"""Values of citizen facts and their JSON form.

An age is kept as the span of birth days that what the citizen said allows, so that "76 tuổi", "sinh năm 1950" and
a full birth date all answer "how old on that day?" – with one number where it is certain and a span where not.
"""

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

LONGEST_LIFE = 130


@dataclass(frozen=True, slots=True)
class Age:
    """A birth day somewhere between ``earliest`` and ``latest``, both inclusive."""

    earliest: date
    latest: date

    @classmethod
    def of_years(cls, years: int, on: date) -> "Age":
        """Return the age of somebody who is ``years`` old on ``on``."""
        return cls(_years_before(on, years + 1) + timedelta(days=1), _years_before(on, years))

    @classmethod
    def of_months(cls, months: int, on: date) -> "Age":
        """Return the age of somebody who is ``months`` months old on ``on``."""
        return cls(_months_before(on, months + 1) + timedelta(days=1), _months_before(on, months))

    @classmethod
    def born(cls, year: int, month: int | None = None, day: int | None = None) -> "Age":
        """Return the age of somebody born then; a missing day or month widens the span.

        Raises ``ValueError`` for a day that does not exist.
        """
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            after = date(year + month // 12, month % 12 + 1, 1)
            return cls(date(year, month, 1), after - timedelta(days=1))
        return cls(date(year, month, day), date(year, month, day))

    def years_on(self, day: date) -> tuple[int, int]:
        """Return the least and the most completed years of age on ``day``; below 0 before birth."""
        return _completed_years(self.latest, day), _completed_years(self.earliest, day)


FactValue: TypeAlias = bool | str | Decimal | Age
FactKey: TypeAlias = tuple[str | None, str]
"""Member (``None`` for the household) and fact id."""
Facts: TypeAlias = Mapping[FactKey, FactValue]


def to_json(value: FactValue) -> bool | str | dict[str, str]:
    """Return ``value`` in the form in which a case stores it."""
    match value:
        case Age():
            return {"earliest": value.earliest.isoformat(), "latest": value.latest.isoformat()}
        case Decimal():
            return {"number": str(value)}
        case _:
            return value


def from_json(stored: Any) -> FactValue:
    """Read back what :func:`to_json` wrote; raises ``ValueError`` for anything else."""
    match stored:
        case bool() | str():
            return stored
        case {"earliest": str(earliest), "latest": str(latest)}:
            return Age(date.fromisoformat(earliest), date.fromisoformat(latest))
        case {"number": str(number)}:
            return Decimal(number)
        case _:
            raise ValueError(f"not the stored form of a fact: {stored!r}")


def _years_before(day: date, years: int) -> date:
    year = max(day.year - years, 1)
    if day.month == 2 and day.day == 29 and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _completed_years(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
