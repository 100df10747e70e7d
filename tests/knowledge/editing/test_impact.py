from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.knowledge.editing.impact import compare, readers_of
from bot.knowledge.editing.units import Kind
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.situations import facts_of, read_situations, simulated
from bot.knowledge.snapshot import Snapshot

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 25)
PARAMETER = "luong_co_so"


@pytest.fixture(scope="module")
def rows() -> Snapshot:
    return snapshot_from_files(ROOT / "data")


def test_a_new_amount_changes_those_who_get_it_and_nobody_else(rows: Snapshot) -> None:
    parameter = rows.parameters[PARAMETER]
    doubled = tuple(replace(value, amount=value.amount * 2) for value in parameter.values)
    new = replace(rows, parameters={**rows.parameters, PARAMETER: replace(parameter, values=doubled)})
    situations = [*[*read_situations(ROOT / "tests/cases", rows)][::6], *simulated(rows, 50, DAY)]
    seen: list[tuple[int, int]] = []
    changed = compare(rows, new, situations, lambda done, of: seen.append((done, of)))
    assert changed
    readers = {key.split("/")[0] for kind, key in readers_of(rows, PARAMETER) if kind is Kind.PROVISION}
    assert {each.program for each in changed} <= readers
    assert seen[-1] == (len(situations), len(situations))
    assert compare(rows, rows, situations) == []


def test_a_program_taken_away_is_told(rows: Snapshot) -> None:
    gone = next(iter(rows.programs))
    new = replace(rows, programs={name: each for name, each in rows.programs.items() if name != gone})
    changed = compare(rows, new, simulated(rows, 3, DAY))
    assert {(each.program, each.after) for each in changed} == {(gone, None)}


@pytest.mark.parametrize(
    ("household", "wrong"),
    [({"nothing": True}, "no fact nothing"), ({"age": 3}, "belongs under"), ({"farming": "maybe"}, "true or false"),
     ({"household_class": "rich"}, "no choice rich"), ({"commune": "Atlantis"}, "no commune Atlantis")],
)  # fmt: skip
def test_what_does_not_fit_a_fact_is_named(rows: Snapshot, household: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        facts_of(household, {}, DAY, rows)  # type: ignore[arg-type]
    assert facts_of({"household_size": 3}, {}, DAY, rows)[None, "household_size"] == Decimal(3)
