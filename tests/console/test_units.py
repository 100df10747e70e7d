"""What changes in a unit is told in words, without the keys that the tables know its parts by."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.units import changed
from bot.knowledge.editing.changesets import published_content
from bot.knowledge.editing.units import Kind
from bot.knowledge.repository import load_snapshot
from bot.knowledge.snapshot import Snapshot
from tests.console.policy import engine

__all__ = ["engine"]


@pytest.fixture
def snapshot(engine: Engine) -> Snapshot:
    with Session(engine) as db:
        return load_snapshot(db)


@pytest.fixture
def loan(engine: Engine) -> dict[str, Any]:
    with Session(engine) as db:
        content = published_content(db, Kind.PROVISION, "loan/2024")
    assert content is not None
    return content


def told(before: Any, after: Any, snapshot: Snapshot, kind: Kind = Kind.PROVISION) -> dict[str, str]:
    """The fields that changed: what went in brackets, what came in braces."""
    marks = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    found = changed(kind, before, after, snapshot)
    return {row.field: "".join(marks[mark].format(part) for mark, part in row.parts) for row in found}


def test_a_group_is_called_by_its_label_and_a_criterion_told_in_words(loan: dict[str, Any], snapshot: Snapshot) -> None:
    new = copy.deepcopy(loan)
    new["groups"][0]["criteria"][0] |= {"op": "in", "value": ["poor", "other"]}
    new["groups"][1]["criteria"][1]["value"] = {"decimal": "81.5"}
    assert told(loan, new, snapshot) == {
        "Nhóm điều kiện › Hộ nghèo › Điều kiện › Loại hộ": (
            "Là hộ nghèo (máy xét: Loại hộ là {một trong: }Hộ [nghèo)]{nghèo, Không thuộc)}"
        ),
        "Nhóm điều kiện › Người già làm nông › Điều kiện › Dưới 80,5 tuổi": (
            "Dưới 80,5 tuổi (máy xét: age dưới [80,5)]{81,5)}"
        ),
    }


def test_a_new_group_and_who_gets_a_benefit_are_told_in_words(loan: dict[str, Any], snapshot: Snapshot) -> None:
    new = copy.deepcopy(loan)
    criterion = {"fact": "commune", "op": "in", "value": ["20002"], "label": "Ở phường E"}
    new["groups"].append({"key": "nhom_1", "label": "Người ở phường", "criteria": [criterion]})
    new["benefits"][2]["groups"] = ["old", "nhom_1"]
    assert told(loan, new, snapshot) == {
        "Nhóm điều kiện › Người ở phường": "{Người ở phường:\n– Ở phường E (máy xét: commune là một trong: Phường E)}",
        "Mức hưởng › Phụ cấp › Nhóm điều kiện › Người ở phường": "{Người ở phường}",
    }


def test_choices_are_called_by_their_labels(engine: Engine, snapshot: Snapshot) -> None:
    with Session(engine) as db:
        fact = published_content(db, Kind.CITIZEN_FACT, "household_class")
    assert fact is not None
    new = copy.deepcopy(fact)
    new["choices"][0]["phrases"] = []
    new["implies"]["poor"]["farming"] = False
    assert told(fact, new, snapshot, Kind.CITIZEN_FACT) == {
        "Câu trả lời để chọn › Hộ nghèo › Cách nói › hộ nghèo": "[hộ nghèo]",
        "Kéo theo › Hộ nghèo › farming": "[có]{không}",
    }


def test_words_that_look_like_a_day_that_is_none_stay_words(loan: dict[str, Any], snapshot: Snapshot) -> None:
    new = copy.deepcopy(loan)
    new["groups"][1]["label"] = "2026-02-30"
    assert "{2026-02-30}" in " ".join(told(loan, new, snapshot).values())
    again = copy.deepcopy(new)
    again["groups"][1]["label"] = "2026-02-28"
    assert "[2026-02-30]{28/02/2026}" in " ".join(told(new, again, snapshot).values())
