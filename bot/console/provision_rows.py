"""The rows of a provision's content: found by their place, added, replaced, moved, removed; and told in words.

A place is the way to a row, or to the list that a new one joins: ``common``, ``groups-0-criteria-2``, ``benefits-1``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.console.fields import figure
from bot.knowledge.domain import Operator
from bot.knowledge.editing.criteria import label
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.units import Content
from bot.knowledge.snapshot import Snapshot


class RowKind(StrEnum):
    """What a row of a provision is."""

    CRITERION = "criterion"
    GROUP = "group"
    BENEFIT = "benefit"
    DOCUMENT = "document"
    STEP = "step"


_PLACES = (
    (RowKind.CRITERION, re.compile(r"(?P<of>common|groups-\d{1,3}-criteria)(?:-(?P<at>\d{1,3}))?")),
    (RowKind.GROUP, re.compile(r"(?P<of>groups)(?:-(?P<at>\d{1,3}))?")),
    (RowKind.BENEFIT, re.compile(r"(?P<of>benefits)(?:-(?P<at>\d{1,3}))?")),
    (RowKind.DOCUMENT, re.compile(r"(?P<of>documents)(?:-(?P<at>\d{1,3}))?")),
    (RowKind.STEP, re.compile(r"(?P<of>steps)(?:-(?P<at>\d{1,3}))?")),
)
_GONE = "Dòng này không còn trong quy định. Hãy mở lại trang quy định."


@dataclass(frozen=True)
class Place:
    """Where a row stands: ``of`` leads to its list, ``index`` is ``None`` for a row to come."""

    kind: RowKind
    of: tuple[str | int, ...]
    index: int | None

    @classmethod
    def read(cls, written: str) -> Place:
        """Raises :class:`NotAllowedError` for what is no place."""
        for kind, pattern in _PLACES:
            if found := pattern.fullmatch(written):
                steps = tuple(int(step) if step.isdigit() else step for step in found["of"].split("-"))
                return cls(kind, steps, int(found["at"]) if found["at"] else None)
        raise NotAllowedError(_GONE)


def row_at(content: Content, place: Place) -> Content | None:
    """The row, or ``None`` for one to come; raises :class:`NotAllowedError` where there is none."""
    # Of a copy: a list that is missing would be added, and what a form was made from would seem changed.
    rows = _rows(copy.deepcopy(content), place)
    if place.index is None:
        return None
    if place.index >= len(rows):
        raise NotAllowedError(_GONE)
    row: Content = rows[place.index]
    return row


def with_row(content: Content, place: Place, row: Content) -> Content:
    """The content with the row replaced, or added at the end."""
    made = copy.deepcopy(content)
    rows = _rows(made, place)
    if place.index is None:
        rows.append(row)
    else:
        row_at(made, place)
        rows[place.index] = row
    return made


def without_row(content: Content, place: Place) -> Content:
    """The content without the row; with its last criterion a group goes too, and benefits forget a group that goes."""
    made = copy.deepcopy(content)
    row_at(made, place)
    rows = _rows(made, place)
    assert place.index is not None
    if place.kind is RowKind.CRITERION and place.of[0] == "groups" and len(rows) == 1:
        return without_row(made, Place(RowKind.GROUP, ("groups",), int(place.of[1])))
    gone = rows.pop(place.index)
    if place.kind is RowKind.GROUP:
        for benefit in made.get("benefits", ()):
            if gone["key"] in benefit.get("groups", ()):
                benefit["groups"] = [key for key in benefit["groups"] if key != gone["key"]]
    return made


def moved_up(content: Content, place: Place) -> Content:
    """The content with the row before the one it follows."""
    made = copy.deepcopy(content)
    row_at(made, place)
    rows = _rows(made, place)
    if place.index:
        rows[place.index - 1 : place.index + 1] = reversed(rows[place.index - 1 : place.index + 1])
    return made


def free_key(content: Content) -> str:
    """A key for a new group."""
    taken = {group["key"] for group in content.get("groups", ())}
    return next(key for number in range(1, len(taken) + 2) if (key := f"nhom_{number}") not in taken)


@dataclass(frozen=True)
class Told:
    """A row as the editor's page lists it: its place, its text, and how the rule reads where it has one."""

    at: str
    text: str
    rule: str = ""


def criteria_told(rows: list[Content], of: str, snapshot: Snapshot) -> Iterator[Told]:
    """Criteria with how the assistant judges them."""
    for number, row in enumerate(rows):
        yield Told(f"{of}-{number}", row["label"], rule(row, snapshot))


def rule(row: Content, snapshot: Snapshot) -> str:
    """How a criterion is judged, in words; empty where its fact is not there."""
    fact = snapshot.facts.get(row["fact"])
    if fact is None:
        return ""
    if row.get("parameter"):
        known = snapshot.parameters.get(row["parameter"])
        factor = Decimal(row.get("factor", "1"))
        name = known.name if known else row["parameter"]
        return label(fact, Operator(row["op"]), None, name if factor == 1 else f"{figure(factor)} × {name}")
    value = plain(row.get("value"))
    names = {code: commune.name for code, commune in snapshot.communes.items()}
    many = [names.get(each, each) if isinstance(each, str) else each for each in value] if _many(value) else None
    return label(fact, Operator(row["op"]), many if many is not None else names.get(str(value), value))


def worth(row: Content, snapshot: Snapshot) -> str:
    """What a benefit comes to: "12.345.000 đồng/hộ", "1,5 × Lương cơ sở", "80% mức đóng"."""
    if row.get("parameter"):
        known, factor = snapshot.parameters.get(row["parameter"]), Decimal(row.get("factor", "1"))
        name = known.name if known else row["parameter"]
        return name if factor == 1 else f"{figure(factor)} × {name}"
    if row.get("percent"):
        return f"{figure(Decimal(row['percent']))}% {row.get('of', '')}".rstrip()
    return f"{figure(Decimal(row['amount']))} {row.get('unit', 'đồng')}" if row.get("amount") else row["text"]


def plain(value: Any) -> Any:
    """A criterion's value out of its JSON."""
    return Decimal(value["decimal"]) if isinstance(value, dict) else value


def _many(value: Any) -> bool:
    return isinstance(value, list)


def _rows(content: Content, place: Place) -> list[Any]:
    at: Any = content
    for step in place.of[:-1]:
        if isinstance(step, str):
            at = at.setdefault(step, [])
        elif step < len(at):
            at = at[step]
        else:
            raise NotAllowedError(_GONE)
    rows: list[Any] = at.setdefault(place.of[-1], [])
    return rows
