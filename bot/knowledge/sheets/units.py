"""From the rows of an uploaded workbook to units: each with its cells read, and the way back from a field to a cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge.editing.units import KINDS
from bot.knowledge.loading.problems import Location
from bot.knowledge.sheets.cells import Cell, CellError
from bot.knowledge.sheets.forms import REMOVE, VERSION, Column, Part, Table
from bot.knowledge.sheets.problems import Problem
from bot.knowledge.sheets.reading import Grid, Line, Unreadable, key_of_title
from bot.knowledge.sheets.stored import Flat, Stored, read_back, shown

_Known = Mapping[str, Mapping[Cell, Any]]
# What a group says stands in each of its criteria's rows.
_GROUP_FIELDS: Mapping[Location, Location] = {("key",): ("group",), ("label",): ("group_label",)}
_MARKS = {"x", "có", "bỏ"}


@dataclass
class Given:
    """A unit as the workbook has it. ``flat`` holds what was read of its columns, ``parts`` the lines of its parts."""

    table: Table
    grid: Grid
    line: Line
    flat: Flat
    version: str | None
    removed: bool
    columns: frozenset[str]
    parts: dict[str, list[tuple[Grid, Line]]] = field(default_factory=dict)
    key: str = ""

    def place(self, where: Location) -> tuple[str, Any]:
        """The cell of a field of the unit's JSON, such as ``("benefits", 0, "amount")``, and what it holds."""
        for part in self.table.parts:
            number = self._item(part, where)
            if number is not None and number < len(lines := self.parts.get(part.field, ())):
                grid, line = lines[number]
                return _place(grid, line, part.columns, _GROUP_FIELDS.get(where[2:], where))
        return _place(self.grid, self.line, self.table.columns, where)

    def _item(self, part: Part, where: Location) -> int | None:
        """Which item of the part a field belongs to."""
        match where:
            case (name, int(number), *_) if name == part.field:
                return number
            case ("common", int(number), *_) if part.field == "criteria":
                return self._criteria(None)[number]
            case ("groups", int(group), "criteria", int(number), *_) if part.field == "criteria":
                return self._criteria(group)[number]
            case ("groups", int(group), *_) if part.field == "criteria":
                return self._criteria(group)[0]
        return None

    def _criteria(self, group: int | None) -> list[int]:
        """Where the criteria of a group, counted from 0, stand among all; ``None`` are those for all groups."""
        by_group: dict[Any, list[int]] = {None: []}
        for number, criterion in enumerate(self.flat.get("criteria", ())):
            by_group.setdefault(criterion.get("group"), []).append(number)
        if group is None:
            return by_group[None]
        return [numbers for name, numbers in by_group.items() if name is not None][group]


def _place(grid: Grid, line: Line, columns: Sequence[Column], where: Location) -> tuple[str, Any]:
    titles = {column.field: key_of_title(column.title) for column in columns}
    for step in reversed(where):
        number = grid.columns.get(titles.get(str(step), ""))
        if number is not None:
            cell = line.cells.get(number)
            return grid.place(line.number, number), cell.text if isinstance(cell, Unreadable) else cell
    return grid.place(line.number, 1), None


@dataclass
class Reader:
    """Reads the sheets of one workbook; what is wrong with them gathers in ``problems``."""

    stored: Stored
    grids: Mapping[str, Grid]
    problems: list[Problem]

    def units(self, table: Table) -> list[Given]:
        """The units of a table, each with its parts read; those with unreadable cells are left out."""
        grid = self.grids.get(key_of_title(table.title))
        parts = [(part, self.grids.get(key_of_title(part.title))) for part in table.parts]
        if grid is None:
            for part, sheet in parts:
                if sheet is not None:
                    self._say(sheet.title, None, f"Có trang “{part.title}” mà không có trang “{table.title}”.",
                              f"Giữ cả hai trang, hoặc xoá trang “{part.title}”.")  # fmt: skip
            return []
        keys = [column for column in table.columns if column.field in KINDS[table.kind].row_names]
        if not self._titles(grid, (*table.columns, Column(REMOVE, ""), Column(VERSION, "")), keys):
            return []
        given = list(self._given(table, grid))
        by_key = {unit.key: unit for unit in given}
        for part, sheet in parts:
            if sheet is not None and self._titles(sheet, (*part.keys, *part.columns), part.keys):
                self._items(table, part, sheet, by_key)
        return given

    def _titles(self, grid: Grid, columns: Sequence[Column], needed: Sequence[Column]) -> bool:
        known = {key_of_title(column.title) for column in columns}
        unknown = [number for key, number in grid.columns.items() if key not in known]
        for number in unknown:
            self._say(grid.place(1, number), grid.titles[number], "Không có cột nào tên như vậy trong mẫu.",
                      "Sửa lại tên cột cho đúng, hoặc xoá cột.")  # fmt: skip
        for number in grid.repeated:
            self._say(grid.place(1, number), grid.titles[number], "Tên cột này có hai lần.", "Xoá một cột.")
        missing = [column for column in needed if key_of_title(column.title) not in grid.columns]
        for column in missing:
            self._say(grid.title, None, f"Thiếu cột “{column.title}”.", "Xuất lại tệp và giữ nguyên dòng tên cột.")
        return not (unknown or missing or grid.repeated)

    def _given(self, table: Table, grid: Grid) -> Iterator[Given]:
        present = frozenset(column.field for column in table.columns if key_of_title(column.title) in grid.columns)
        for line in grid.lines:
            keys = {}
            try:
                for column in table.columns:
                    if column.field in KINDS[table.kind].row_names:
                        keys[column.field] = self._cell(column, grid, line, {})
            except CellError:
                continue
            key = table.key_of({name: value for name, value in keys.items() if value is not None})
            base = self._base(table, key)
            before = len(self.problems)
            flat = self._fields(table.columns, grid, line, self._known(table.columns, [base]))
            if len(self.problems) == before:
                version, mark = self._mark(grid, line, VERSION), self._mark(grid, line, REMOVE)
                if mark is not None and mark.lower() not in _MARKS:
                    number = grid.columns[key_of_title(REMOVE)]
                    self._say(
                        grid.place(line.number, number), mark, "Cột này chỉ ghi x.", "Ghi x để bỏ, hoặc để trống."
                    )
                    continue
                yield Given(table, grid, line, flat, version, mark is not None, present, key=key)

    def _items(self, table: Table, part: Part, grid: Grid, by_key: Mapping[str, Given]) -> None:
        lines: dict[str, list[Line]] = defaultdict(list)
        for line in grid.lines:
            try:
                keys = {column.field: self._cell(column, grid, line, {}) for column in part.keys}
            except CellError:
                continue
            lines[table.key_of({name: value for name, value in keys.items() if value is not None})].append(line)
        for unit in by_key.values():
            unit.parts[part.field] = [(grid, line) for line in lines.get(unit.key, ())]
        for key, found in lines.items():
            unit_of_key = by_key.get(key)
            if unit_of_key is None:
                self._say(grid.place(found[0].number, 1), key, f"Trang “{table.title}” không có dòng nào của mục này.",
                          f"Thêm dòng ấy vào trang “{table.title}”, hoặc xoá dòng này.")  # fmt: skip
                continue
            base = self._base(table, key).get(part.field, ())
            bases = [item if part.wrap is None else {part.wrap: item} for item in base]
            known = self._known(part.columns, bases)
            unit_of_key.flat[part.field] = [self._fields(part.columns, grid, line, known) for line in found]

    def _base(self, table: Table, key: str) -> Flat:
        return self.stored.flat(table.kind, key) or {}

    def _known(self, columns: Sequence[Column], bases: Sequence[Flat]) -> _Known:
        """By column, the cells that were exported with what they mean: an untouched cell always says what it said."""
        names = self.stored.names
        return {
            column.field: {
                cell: read_back(column, cell, base, names)
                for base in bases
                if isinstance(cell := shown(column, base, names), str)
            }
            for column in columns
        }

    def _fields(self, columns: Sequence[Column], grid: Grid, line: Line, known: _Known) -> Flat:
        found: Flat = {}
        for column in columns:
            try:
                value = self._cell(column, grid, line, known[column.field])
            except CellError:
                continue
            if value not in (None, "", [], {}):
                found[column.field] = value
        return found

    def _cell(self, column: Column, grid: Grid, line: Line, known: Mapping[Cell, Any]) -> Any:
        """The value of a cell, or ``None``; a problem is noted and raised on."""
        number = grid.columns.get(key_of_title(column.title))
        cell = None if number is None else line.cells.get(number)
        if cell is None or number is None:
            return None
        try:
            if isinstance(cell, Unreadable):
                raise cell.error
            return known[cell] if isinstance(cell, str) and cell in known else column.form.read(cell, self.stored.names)
        except CellError as error:
            value = cell.text if isinstance(cell, Unreadable) else cell
            self._say(grid.place(line.number, number), value, error.wrong, error.mend)
            raise

    def _mark(self, grid: Grid, line: Line, title: str) -> str | None:
        number = grid.columns.get(key_of_title(title))
        cell = None if number is None else line.cells.get(number)
        return None if cell is None else (cell.text if isinstance(cell, Unreadable) else str(cell)).strip()

    def _say(self, place: str, value: Any, wrong: str, mend: str) -> None:
        problem = Problem(place, value, wrong, mend)
        # A key is read once to find the unit and once as its field.
        if problem not in self.problems[-40:]:
            self.problems.append(problem)
