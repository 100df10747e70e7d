"""Figures over samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of `values` do not exceed, between two neighbours by proportion.

    Raises ValueError for no values or a percentage outside 0 to 100.
    """
    if not values or not 0 <= percent <= 100:
        raise ValueError(f"no {percent} % of {len(values)} values")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below, above = math.floor(place), math.ceil(place)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class Measured:
    """Turns of one system at one number of clients; times in milliseconds, `seconds` the rounds took together."""

    times: tuple[float, ...]
    seconds: float
    failures: int = 0

    @property
    def p50(self) -> float:
        """Half of the turns took no longer, in ms."""
        return percentile(self.times, 50)

    @property
    def p95(self) -> float:
        """All but one in twenty turns took no longer, in ms."""
        return percentile(self.times, 95)

    @property
    def per_second(self) -> float:
        """Turns answered in a second."""
        return len(self.times) / self.seconds

    def __add__(self, other: Measured) -> Measured:
        """Both rounds together."""
        return Measured(self.times + other.times, self.seconds + other.seconds, self.failures + other.failures)


NOTHING = Measured((), 0.0)


def early_and_late(sessions: Sequence[Sequence[float]], early: int, late: int, around: int) -> tuple[float, float]:
    """The medians of turn `early` and of turn `late` (from 1), each with `around` turns on both sides, in ms."""

    def near(turn: int) -> list[float]:
        return [time for session in sessions for time in session[max(turn - around, 1) - 1 : turn + around]]

    return percentile(near(early), 50), percentile(near(late), 50)
