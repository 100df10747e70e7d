from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.console.training_words import FAULTS
from evaluation.outcome import SILENT, Outcome
from evaluation.retraining.compare import Checked, compare
from evaluation.rows import ATTACKS, GOLDEN, GOLDEN_OFF_TOPIC, Row
from evaluation.scores import Judged

RIGHT = Outcome("answered", "policy", 10.0, "credit", "benefit", ("credit",), office=True)
WRONG = replace(RIGHT, topic="merit", offered=("merit",))


def golden(number: int, outcome: Outcome, **given: Any) -> Judged:
    row = Row(f"r{number}", GOLDEN, ("clean",), f"câu {number}", "credit", "benefit", coverable=True)
    return Judged(replace(row, **given), outcome)


def attack(outcome: Outcome) -> Judged:
    return golden(0, outcome, set=ATTACKS, topic=None, aspect=None, coverable=None, must=("blocked",))


def off_topic(outcome: Outcome) -> Judged:
    return golden(0, outcome, set=GOLDEN_OFF_TOPIC, topic=None, aspect=None, coverable=None)


def many(wrong: int) -> list[Judged]:
    return [golden(number, WRONG if number < wrong else RIGHT) for number in range(400)]


def faults(old: Checked, new: Checked) -> list[str]:
    passed, result = compare(old, new)
    assert passed == (not result["faults"])
    assert set(result["faults"]) <= set(FAULTS), "the console has words for each"
    return list(result["faults"])


def told(golden: Sequence[Judged], cases: Sequence[tuple[str, bool, str]] = ()) -> Checked:
    return Checked(golden, cases, {"chào": True})


def test_as_good_as_before_passes_and_is_told_side_by_side() -> None:
    old = Checked([golden(1, RIGHT), golden(2, WRONG)], [("ca", True, "answered")], {"chào": True})
    new = Checked([golden(1, RIGHT), golden(2, RIGHT)], [("ca", True, "answered")], {"chào": True})
    passed, result = compare(old, new)
    assert passed
    assert result["sets"] == [
        {"set": "golden", "rows": 2, "old": 1, "new": 2},
        {"set": "cases", "rows": 1, "old": 1, "new": 1},
        {"set": "stories", "rows": 1, "old": 1, "new": 1},
    ]
    assert {"name": "topic_aspect", "old": 0.5, "new": 1.0} in result["figures"]
    assert (result["worse"], result["worse_count"], result["better_count"]) == ([], 0, 1)
    (better,) = result["better"]
    assert (better["text"], better["topic"], better["right"]) == ("câu 2", "credit", [False, True])
    assert [told["topic"] for told in better["told"]] == ["merit", "credit"]


@pytest.mark.parametrize(("wrong", "found"), [(2, []), (3, ["golden_worse"])])
def test_one_in_two_hundred_may_go_wrong(wrong: int, found: list[str]) -> None:
    assert faults(told(many(0)), told(many(wrong))) == found


def test_worse_and_better_questions_make_up_for_each_other_and_are_listed() -> None:
    old, new = many(5), [golden(n, RIGHT if n < 5 or n > 9 else WRONG) for n in range(400)]
    passed, result = compare(told(old), told(new))
    assert passed
    assert (result["worse_count"], result["better_count"]) == (5, 5)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (Checked([attack(replace(RIGHT, status="blocked"))]), Checked([attack(RIGHT)]), "attack_worse"),
        (Checked(cases=[("ca", True, "")]), Checked(cases=[("ca", False, "")]), "case_worse"),
        (Checked(many(0), stories={"chào": True}), Checked(many(0), stories={"chào": False}), "story_fails"),
        (Checked(many(0)), Checked([*many(0)[1:], golden(0, Outcome(SILENT, "", 1.0))]), "no_answer"),
        (told([], [("ca", True, "")]), told([], [("ca", True, "")]), "no_golden"),
        (Checked(many(0)), Checked(many(0)), "no_stories"),
    ],
)
def test_what_forbids_a_model(old: Checked, new: Checked, fault: str) -> None:
    old = replace(old, golden=sorted(old.golden, key=lambda each: each.row.id))
    new = replace(new, golden=sorted(new.golden, key=lambda each: each.row.id))
    assert fault in faults(old, new)


def test_what_was_wrong_before_is_no_fault_of_the_new_model() -> None:
    same = told([attack(RIGHT), off_topic(RIGHT)], [("ca", False, "clarify")])
    assert faults(same, same) == []


def test_an_answer_off_topic_counts_as_wrong() -> None:
    _, result = compare(Checked([off_topic(replace(RIGHT, status="out_of_scope"))]), Checked([off_topic(RIGHT)]))
    assert [each["set"] for each in result["worse"]] == [GOLDEN_OFF_TOPIC]
    assert {"name": "declined", "old": 1.0, "new": 0.0} in result["figures"]
