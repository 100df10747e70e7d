from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.editing.renewals import renewed
from bot.knowledge.editing.values import with_value

DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def value(first: date, last: date | None = None) -> dict[str, Any]:
    return {"applies_from": first.isoformat(), "applies_to": last.isoformat() if last else None}


@given(days=st.sets(DAYS, min_size=1, max_size=6), new=DAYS)
def test_whatever_is_there_the_values_follow_each_other_without_overlap(days: set[date], new: date) -> None:
    ordered = sorted(days - {new})
    ends = [after - timedelta(days=1) for after in ordered[1:]]
    there = [value(first, last) for first, last in zip(ordered, [*ends, None], strict=False)]
    changed = {each["applies_from"]: each for each in with_value(there, value(new))}
    after = sorted(
        ({each["applies_from"]: each for each in there} | changed).values(), key=lambda each: each["applies_from"]
    )
    for one, following in pairwise(after):
        assert date.fromisoformat(one["applies_to"]) + timedelta(days=1) == date.fromisoformat(
            following["applies_from"]
        )
    assert after[-1]["applies_to"] is None
    assert len(changed) <= 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"document": "A", "article": "Điều 1"}, {"document": "B"}),
        ({"document": "A", "article": "Điều 1", "url": "x"}, {"document": "A", "article": "Điều 1", "url": "x"}),
        ({"rows": [{"legal_basis": {"document": "A"}}]}, {"rows": [{"legal_basis": {"document": "B"}}]}),
        ({"text": "A", "basis": {"document": "C"}}, {"text": "A", "basis": {"document": "C"}}),
    ],
)
def test_only_citations_of_the_old_document_are_renewed(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    assert renewed(dict(before), "A", "B") == after
