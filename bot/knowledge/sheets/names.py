"""What units are called, so that a workbook shows names where the tables hold ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.knowledge import schema
from bot.knowledge.editing.units import Kind
from bot.text.fold import fold

_REFERRED = {Kind.TOPIC, Kind.PROGRAM, Kind.PARAMETER, Kind.CITIZEN_FACT, Kind.OFFICE}
_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")


def name_of(row: schema.Row) -> str:
    """What a unit is called in lists."""
    match row:
        case schema.ProgramHead():
            return row.short_name
        case schema.TopicRow() | schema.ParameterHead() | schema.OfficeRow():
            return row.name
        case schema.FactRow():
            return row.label
        case schema.FaqRow():
            return row.question
        case schema.LegalDocumentRow():
            return row.number
        case schema.CommuneRow():
            return row.name
    return ""


@dataclass(frozen=True)
class Names:
    """Names by kind and id."""

    called: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    ids: Mapping[tuple[Kind, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[Kind, str, schema.Row]]) -> Names:
        """The names of units, given with their kinds and keys."""
        called: dict[tuple[Kind, str], str] = {}
        ids: dict[tuple[Kind, str], list[str]] = {}
        for kind, key, row in rows:
            if kind in _REFERRED and (name := " ".join(name_of(row).split())):
                called[kind, key] = name
                ids.setdefault((kind, fold(name)), []).append(key)
        return cls(called, ids)

    def shown(self, kind: Kind, key: str) -> str:
        """``Lương cơ sở [luong_co_so]``, or the id where it has no name."""
        name = self.called.get((kind, key))
        return f"{name} [{key}]" if name else key

    def found(self, kind: Kind, text: str) -> list[str]:
        """The ids that a cell may mean: the one in brackets, else those of that name, else what it says."""
        if brackets := _IN_BRACKETS.search(text):
            return [brackets[1].strip()]
        if (kind, text) in self.called:
            return [text]
        return self.ids.get((kind, fold(text))) or [text]
