from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.figures.small import published


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 12)), st.integers(2, 6))
def test_no_small_count_can_be_read_or_reckoned(found: dict[str, int], least: int) -> None:
    told = published(Counter(found), least)
    assert all(number >= least for _, number in told.rows)
    assert told.hidden != 1 or not told.rows
    assert len(told.rows) + told.hidden == sum(1 for number in found.values() if number > 0)


def test_the_largest_come_first() -> None:
    assert published(Counter(b=7, a=7, c=9, d=1, e=1), 5, most=2).rows == (("c", 9), ("a", 7))
