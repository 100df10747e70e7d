"""Rows over time: what overlaps and what is left empty. All first and last days are inclusive."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

DAY = timedelta(days=1)


class Period(Protocol):
    """Anything that applies from a day to a day; an open end is ``None``."""

    @property
    def applies_from(self) -> date:
        """The first day."""

    @property
    def applies_to(self) -> date | None:
        """The last day."""


_Period = TypeVar("_Period", bound=Period)


def overlap(before: Period, after: Period) -> bool:
    """Say whether two periods share a day; ``before`` does not begin later than ``after``."""
    return before.applies_to is None or after.applies_from <= before.applies_to


def overlaps(periods: Iterable[_Period]) -> Iterator[tuple[_Period, _Period]]:
    """Yield each two neighbours in time that share a day, the earlier one first."""
    for before, after in pairwise(sorted(periods, key=lambda period: period.applies_from)):
        if overlap(before, after):
            yield before, after


def gaps(periods: Iterable[Period], first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each stretch from ``first`` to ``last`` that no period covers."""
    day = first
    for period in sorted(periods, key=lambda period: period.applies_from):
        if period.applies_from > last:
            break
        if period.applies_from > day:
            yield day, period.applies_from - DAY
        if period.applies_to is None:
            return
        day = max(day, period.applies_to + DAY)
    if day <= last:
        yield day, last
