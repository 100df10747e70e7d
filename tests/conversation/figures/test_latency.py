from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.figures.latency import bucket, longest, percentile


@given(st.integers(0, 200_000))
def test_a_bucket_holds_its_durations_within_five_percent(milliseconds: int) -> None:
    assert longest(bucket(milliseconds)) >= milliseconds
    assert longest(bucket(milliseconds)) <= max(1, milliseconds * 1.05 + 1)


def test_percentiles_come_from_the_counts() -> None:
    buckets = Counter(bucket(value) for value in [10] * 94 + [1000] * 6)
    assert 10 <= (percentile(buckets, 50) or 0) <= 11
    assert 1000 <= (percentile(buckets, 95) or 0) <= 1050
    assert percentile({}, 50) is None
