"""How long turns took, as counts of buckets: they add up over days, and a percentile comes out within 5 %.

The log and the daily counts are read through the same buckets, so a period tells the same before and after its rows
in the log are gone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

_STEP = math.log(1.05)


def bucket(milliseconds: int) -> int:
    """The bucket of a duration: 0 for up to 1 ms, then each 5 % longer than the one before."""
    return 0 if milliseconds <= 1 else math.ceil(math.log(milliseconds) / _STEP - 1e-9)


def longest(number: int) -> int:
    """The longest duration of a bucket, in whole ms."""
    return math.floor(math.exp(number * _STEP) + 1e-6)


def percentile(buckets: Mapping[int, int], percent: float) -> int | None:
    """What ``percent`` of the turns did not exceed, in ms, rounded up to its bucket; ``None`` of no turns."""
    total = sum(buckets.values())
    rank, seen = max(1, math.ceil(total * percent / 100)), 0
    for number in sorted(buckets):
        seen += buckets[number]
        if seen >= rank:
            return longest(number)
    return None
