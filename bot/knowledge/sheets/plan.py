"""What an uploaded workbook would change, row by row, and every error; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge.editing.faults import Fault, FaultyError
from bot.knowledge.editing.units import Content, Kind, called, content_of, parse
from bot.knowledge.sheets.faq_ids import FaqIds
from bot.knowledge.sheets.forms import FAQ, TABLES, Column, Table, from_flat
from bot.knowledge.sheets.names import name_of
from bot.knowledge.sheets.problems import Problem
from bot.knowledge.sheets.reading import Grid, key_of_title
from bot.knowledge.sheets.stored import Flat, Stored, shown, told, version_of
from bot.knowledge.sheets.units import Given, Reader
from bot.knowledge.sheets.writing import Progress

_EMPTY: Flat = {}


@dataclass(frozen=True)
class FieldChange:
    """A field in words, before and after; for a part only the lines that differ."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """What a row would do: ``added``, ``changed`` or ``removed``; ``name`` is what an officer calls the unit."""

    place: str
    kind: Kind
    key: str
    name: str
    what: str
    fields: tuple[FieldChange, ...] = ()


@dataclass
class Plan:
    """The outcome of a dry run. With any of ``problems`` nothing can be taken over."""

    version: int
    rows: list[RowChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    changes: dict[tuple[Kind, str], Content | None] = field(default_factory=dict)
    places: dict[tuple[Kind, str], Given] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """How many rows would be ``added``, ``changed`` or ``removed``."""
        return sum(row.what == what for row in self.rows)

    def add_faults(self, faults: Sequence[Fault]) -> None:
        """Take over what checks say about the changes, each at its cell."""
        for fault in faults:
            given = self.places.get((Kind(fault.kind), fault.key)) if fault.kind else None
            if given is None:
                self.problems.append(Problem(called(Kind(fault.kind), fault.key) if fault.kind else "Tệp",
                                             fault.value, fault.wrong, fault.mend))  # fmt: skip
            else:
                self.problems.append(_problem(given, fault))


def make_plan(stored: Stored, grids: Sequence[Grid], progress: Progress) -> Plan:
    """Compare the sheets with what is published."""
    plan = Plan(stored.version)
    by_title = {key_of_title(grid.title): grid for grid in grids}
    known = {key_of_title(title) for table in TABLES for title in (table.title, *(part.title for part in table.parts))}
    plan.notes += [
        f"Trang “{grid.title}” không thuộc mẫu nên được bỏ qua."
        for key, grid in by_title.items()
        if key not in known and grid.lines
    ]
    if not known & by_title.keys():
        plan.problems.append(
            Problem("Tệp", None, "Không có trang nào theo mẫu.", "Tải tệp mẫu ở trang Excel rồi sửa trong tệp đó.")
        )
    reader = Reader(stored, by_title, plan.problems)
    for table in TABLES:
        units = reader.units(table)
        if table is FAQ:
            _name_new(units, stored, plan.problems)
        taken = _Taken(plan, stored, {unit.key for unit in units})
        for number, unit in enumerate(units, 1):
            if number % 100 == 0:
                progress(f"So sánh trang {table.title}", number, len(units))
            taken.take(unit)
    return plan


def _name_new(units: Sequence[Given], stored: Stored, problems: list[Problem]) -> None:
    """Give new entries without an id one; a question that an entry asks already is no new one."""
    ids = FaqIds(stored, {unit.key for unit in units})
    for unit in units:
        if unit.key == "" and not unit.removed:
            question = str(unit.flat.get("question", ""))
            if (other := ids.asked(question)) is not None:
                place, value = unit.place(("question",))
                problems.append(Problem(place, value, f"Câu hỏi này đã có ở mục {other}.",
                                        "Sửa mục ấy, hoặc xoá dòng này."))  # fmt: skip
            unit.key = unit.flat["id"] = ids.new(question)


@dataclass
class _Taken:
    """Takes units into a plan one by one; ``keys`` are all those of their sheet."""

    plan: Plan
    stored: Stored
    keys: set[str]
    _seen: dict[str, Given] = field(default_factory=dict)
    _versions: set[str] | None = None

    def take(self, unit: Given) -> None:
        kind = unit.table.kind
        base = self.stored.flat(kind, unit.key)
        if (first := self._seen.get(unit.key)) is not None:
            place, _ = unit.place(())
            other, _ = first.place(())
            self._say(place, unit.key, f"Mã này đã có ở {other}.", "Đổi mã, hoặc xoá một trong hai dòng.")
            return
        self._seen[unit.key] = unit
        if unit.removed:
            self._remove(unit, base)
        elif base is None:
            self._add(unit)
        else:
            self._change(unit, base)

    def _remove(self, unit: Given, base: Flat | None) -> None:
        place, _ = unit.place(())
        if base is None:
            self._say(place, unit.key, "Mục cần bỏ không có trên hệ thống.", "Xoá dòng này khỏi tệp.")
        elif self._fresh(unit, told(unit.table, base, self.stored.names)):
            self._note(unit, "removed", None, ())

    def _add(self, unit: Given) -> None:
        if unit.version and not self._copied(unit.version):
            place, _ = unit.place(())
            mend = f"Trả lại mã cũ. Nếu muốn thêm mục mới, xoá ô “Phiên bản” ẩn ở cuối dòng {unit.line.number}."
            self._say(place, unit.key, "Mã đã bị sửa, hoặc mục này không còn trên hệ thống.", mend)
            return
        self._write(unit, from_flat(unit.table, unit.flat), _EMPTY, unit.flat)

    def _change(self, unit: Given, base: Flat) -> None:
        was = told(unit.table, base, self.stored.names)
        now = {**{name: value for name, value in was.items() if name not in self._read(unit)}, **unit.flat}
        if version_of(now) in {version_of(was), unit.version}:
            self.plan.unchanged += 1
            return
        if not self._fresh(unit, was):
            return
        kept = {name: base[name] if name in base and now.get(name) == was.get(name) else value
                for name, value in now.items()}  # fmt: skip
        self._write(unit, from_flat(unit.table, kept), was, now)

    def _read(self, unit: Given) -> set[str]:
        """The fields that the workbook speaks of: those of missing columns and sheets stay as they are."""
        return set(unit.columns) | set(unit.parts)

    def _fresh(self, unit: Given, was: Flat) -> bool:
        """Whether nothing was published for the unit since the file was made."""
        if unit.version is None or unit.version == version_of(was):
            return True
        place, _ = unit.place(())
        self._say(place, unit.key, "Mục này đã được công bố nội dung mới sau khi xuất tệp.",
                  "Xuất lại tệp, rồi sửa lại mục này trên bản mới.")  # fmt: skip
        return False

    def _copied(self, version: str) -> bool:
        """Whether the mark is that of a unit which still stands in the sheet: the row was copied from it."""
        if self._versions is None:
            table = next(iter(self._seen.values())).table
            self._versions = {
                version_of(told(table, flat, self.stored.names))
                for key, flat in self.stored.of_kind(table.kind)
                if key in self.keys
            }
        return version in self._versions

    def _write(self, unit: Given, content: Content, was: Flat, now: Flat) -> None:
        try:
            row = parse(unit.table.kind, content, unit.key)
        except FaultyError as error:
            self.plan.problems += [_problem(unit, fault) for fault in error.faults]
            return
        made = content_of(row)
        if made == self.stored.content(unit.table.kind, unit.key):
            self.plan.unchanged += 1
            return
        fields = tuple(_fields(unit.table, was, now, self._read(unit), self.stored))
        self._note(unit, "changed" if was else "added", made, fields, name_of(row))

    def _note(
        self, unit: Given, what: str, content: Content | None, fields: tuple[FieldChange, ...], name: str = ""
    ) -> None:
        kind, (place, _) = unit.table.kind, unit.place(())
        if not name and (stored := self.stored.rows.get((kind, unit.key))) is not None:
            name = name_of(stored)
        self.plan.rows.append(RowChange(place, kind, unit.key, name or unit.key, what, fields))
        self.plan.changes[kind, unit.key] = content
        self.plan.places[kind, unit.key] = unit

    def _say(self, place: str, value: Any, wrong: str, mend: str) -> None:
        self.plan.problems.append(Problem(place, value, wrong, mend))


def _fields(table: Table, was: Flat, now: Flat, read: set[str], stored: Stored) -> Iterator[FieldChange]:
    for column in table.columns:
        before, after = _text(column, was, stored) if was else "", _text(column, now, stored)
        if column.field in read and before != after:
            yield FieldChange(column.title, before, after)
    for part in table.parts:
        if part.field in read:
            old = [_item(part.columns, item, stored) for item in was.get(part.field, ())]
            new = [_item(part.columns, item, stored) for item in now.get(part.field, ())]
            if sorted(old) == sorted(new) and old != new:
                yield FieldChange(part.title, "thứ tự cũ", "thứ tự mới")
            elif old != new:
                gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
                yield FieldChange(part.title, "\n".join(gone), "\n".join(come))


def _text(column: Column, flat: Mapping[str, Any], stored: Stored) -> str:
    cell = shown(column, flat, stored.names)
    return "" if cell is None else f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else str(cell)


def _item(columns: Sequence[Column], item: Mapping[str, Any], stored: Stored) -> str:
    return "; ".join(text.replace("\n", ", ") for column in columns if (text := _text(column, item, stored)))


def _problem(unit: Given, fault: Fault) -> Problem:
    place, cell = unit.place(fault.field)
    titles = unit.table.titles
    name = next((str(step) for step in reversed(fault.field) if str(step) in titles), None)
    if cell is None and name is not None and fault.value is None:
        return Problem(place, None, f"“{titles[name]}” còn trống.", "Điền vào ô này.")
    in_titles = re.compile(rf"\b({'|'.join(map(re.escape, titles))})\b")
    value = fault.value if cell is None else cell
    wrong, mend = (in_titles.sub(lambda found: f"“{titles[found[1]]}”", text) for text in (fault.wrong, fault.mend))
    return Problem(place, value, wrong, mend)
