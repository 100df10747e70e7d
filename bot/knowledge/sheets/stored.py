"""What is published, as the sheets tell it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.knowledge import schema
from bot.knowledge.editing.units import Content, Kind, content_of, row_of, units_of
from bot.knowledge.repository import current_version, published_records
from bot.knowledge.sheets.cells import Cell, CellError
from bot.knowledge.sheets.forms import Column, Table, to_flat
from bot.knowledge.sheets.names import Names

Flat = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """The published units by kind and key, at a version of the knowledge."""

    version: int
    rows: Mapping[tuple[Kind, str], schema.Row]
    names: Names

    @classmethod
    def of(cls, version: int, rows: Mapping[tuple[Kind, str], schema.Row]) -> Stored:
        """The units with their names."""
        return cls(version, rows, Names.of((kind, key, row) for (kind, key), row in rows.items()))

    def content(self, kind: Kind, key: str) -> Content | None:
        """The unit's JSON, or ``None`` where there is none."""
        row = self.rows.get((kind, key))
        return None if row is None else content_of(row)

    def flat(self, kind: Kind, key: str) -> Flat | None:
        """The same as the sheets cut it."""
        content = self.content(kind, key)
        return None if content is None else to_flat(kind, content)

    def of_kind(self, kind: Kind) -> list[tuple[str, Flat]]:
        """Key and flat content of the kind's units, by key."""
        return sorted((key, to_flat(kind, content_of(row))) for (of, key), row in self.rows.items() if of is kind)


def read_stored(session: Session) -> Stored:
    """What is published now."""
    version = current_version(session)
    units = units_of(published_records(session))
    return Stored.of(version, {(kind, key): row_of(kind, unit) for (kind, key), unit in units.items()})


def shown(column: Column, flat: Mapping[str, Any], names: Names) -> Cell:
    """The cell of a field."""
    value = flat.get(column.field)
    value = column.default if value is None else value
    return None if value is None else column.form.show(value, names)


def told(table: Table, flat: Mapping[str, Any], names: Names) -> Flat:
    """A unit as it would be read from its own row: what an unchanged row says, whatever the way it is stored."""
    made = _told(table.columns, flat, names)
    for part in table.parts:
        items = [item if part.wrap is None else {part.wrap: item} for item in flat.get(part.field, ())]
        if items:
            made[part.field] = [_told(part.columns, item, names) for item in items]
    return made


def version_of(told_unit: Mapping[str, Any]) -> str:
    """The mark of what a row says (16 hex digits): a row that still bears its own mark has not been edited."""
    text = json.dumps(told_unit, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(columns: Sequence[Column], flat: Mapping[str, Any], names: Names) -> Flat:
    found = {column.field: read_back(column, shown(column, flat, names), flat, names) for column in columns}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def read_back(column: Column, cell: Cell, flat: Mapping[str, Any], names: Names) -> Any:
    """What is read from a cell that we wrote ourselves; what no cell can say stays as it is stored."""
    if cell is None or cell == "":
        return None
    try:
        return column.form.read(cell, names)
    except CellError:
        return flat.get(column.field)
