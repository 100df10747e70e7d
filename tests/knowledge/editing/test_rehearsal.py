from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.knowledge.editing.rehearsal import HOUSEHOLDS, Result, days_of, rehearse
from bot.knowledge.editing.units import Kind
from bot.knowledge.repository import snapshot_from_files
from tests.knowledge.seeds import seeds, write

DAY = date(2026, 11, 25)


def test_changes_are_rehearsed_on_the_days_they_begin() -> None:
    changes = {
        (Kind.PROVISION, "a/1"): {"applies_from": "2027-01-01"},
        (Kind.PROVISION, "a/2"): {"applies_from": "2020-01-01"},
        (Kind.FAQ, "b"): {},
        (Kind.FAQ, "gone"): None,
    }
    assert days_of(changes, DAY) == [DAY, date(2027, 1, 1)]


def test_who_hears_something_else_is_told_and_nobody_else(tmp_path: Path) -> None:
    old = snapshot_from_files(write(tmp_path / "data", seeds()))
    (program,) = old.programs.values()
    last = replace(program.provisions[-1], groups=program.provisions[-1].groups[1:])
    new = replace(old, programs={program.id: replace(program, provisions=(*program.provisions[:-1], last))})
    *steps, result = rehearse(old, new, [DAY], tmp_path / "nothing")
    assert isinstance(result, Result)
    assert steps[-1] == (HOUSEHOLDS, HOUSEHOLDS)
    assert 0 < result.verdicts <= result.changed < HOUSEHOLDS
    assert result.told[0].before != result.told[0].after
    assert any("hộ nghèo" in each.household for each in result.told)
    *_, same = rehearse(old, old, [DAY], tmp_path / "nothing")
    assert isinstance(same, Result)
    assert same.changed == 0
