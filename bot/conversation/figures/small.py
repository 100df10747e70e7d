"""Small counts are not told: few questions about one commune or topic could point at somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """What may be told: ``rows`` with their numbers, most first, and how many kinds were left out as too small."""

    rows: tuple[tuple[str, int], ...]
    hidden: int
    least: int


def published(found: Counter[str], least: int, *, most: int | None = None) -> Published:
    """The counts of at least ``least``, the ``most`` largest of them.

    What is hidden is told as a number of kinds. A single one could be reckoned from the total, so then the smallest
    that could be told is hidden with it.
    """
    told = sorted(((key, number) for key, number in found.items() if number >= least), key=_most_first)
    hidden = sum(1 for number in found.values() if 0 < number < least)
    if hidden == 1 and told:
        told, hidden = told[:-1], 2
    return Published(tuple(told[:most]), hidden, least)


def _most_first(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]
