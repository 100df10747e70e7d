"""What the parsers hand over, and how rival readings of one stretch of text are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """An entity at ``text[start:end]``; ``value`` is JSON."""

    entity: str
    start: int
    end: int
    value: Any


def without_overlaps(found: Iterable[Found]) -> list[Found]:
    """Of overlapping entities the one that comes first in ``found``; the result in text order."""
    kept: list[Found] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
