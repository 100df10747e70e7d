"""The workbook that officers download: a sheet for each kind of unit and of parts, with lists to choose from."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bot.knowledge.editing.units import KINDS, Kind
from bot.knowledge.sheets.cells import NOT_XML, Cell, Day, Number, OneOf, Reference, Whole, YesNo
from bot.knowledge.sheets.forms import FAQ, REMOVE, TABLES, VERSION, Column, Part, Table
from bot.knowledge.sheets.stored import Flat, Stored, shown, told, version_of

GUIDE, LISTS = "Đọc trước", "Danh mục"
LONGEST_CELL = 32_767
"""Characters that Excel keeps in one cell."""
_HELP = (
    "Tệp này chứa nội dung đang công bố của trợ lý An Sinh. Mỗi trang là một bảng; dòng đầu là tên cột.",
    "Sửa: sửa thẳng trong ô. Dòng không sửa thì giữ nguyên, có xoá khỏi tệp cũng không mất trên hệ thống.",
    "Thêm: viết vào dòng trống đầu tiên. Với FAQ, để trống cột Mã; hệ thống tự đặt mã.",
    f"Bỏ: ghi x vào cột “{REMOVE}”. Không ghi x thì không mục nào bị bỏ.",
    "Trang con (Điều kiện, Quyền lợi, Giấy tờ, Các bước, Lựa chọn, Cách hỏi theo chủ đề):",
    "mọi dòng của một mục hợp thành nội dung của mục đó; xoá một dòng là bỏ dòng đó khỏi mục.",
    "Ngày ghi ngày/tháng/năm, ví dụ 01/07/2026. Số tiền ghi 2530000 hoặc 2.530.000.",
    "Không đổi tên trang, tên cột. Không dùng công thức.",
    "Xong, lưu dạng .xlsx rồi tải lên ở trang Excel của bảng điều khiển.",
    "Hệ thống cho xem trước từng dòng sẽ đổi; chưa có gì thay đổi cho đến khi lần thay đổi được duyệt.",
)
# A write-only worksheet has more than openpyxl's types say.
_Sheet = Any
_LAST_ROW = 20_000
_BOLD, _HEAD = Font(bold=True), PatternFill("solid", fgColor="E8F2EE")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDE_TEXT = 40

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much is done."""


class TooLongError(ValueError):
    """A value that does not fit into a cell; the message names it."""


def workbook(stored: Stored, kinds: Iterable[Kind] = tuple(Kind)) -> bytes:
    """The published units of ``kinds`` as .xlsx; raises :class:`TooLongError`."""
    wanted = set(kinds)
    book = Workbook(write_only=True)
    _guide(book.create_sheet(GUIDE))
    lists = _Lists()
    for table in TABLES:
        if table.kind in wanted:
            _main(book.create_sheet(table.title), table, stored, lists)
            for part in table.parts:
                _part(book.create_sheet(part.title), table, part, stored, lists)
    lists.write(book.create_sheet(LISTS))
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: _Sheet) -> None:
    sheet.column_dimensions["A"].width = 110
    for line in _HELP:
        cell = WriteOnlyCell(sheet, value=line)
        cell.alignment = _WRAPPED
        sheet.append([cell])


def faq_workbook(entries: Sequence[Flat], stored: Stored) -> bytes:
    """A workbook with new FAQ entries alone, to be completed; a field may be missing. Raises :class:`TooLongError`."""
    book = Workbook(write_only=True)
    _guide(book.create_sheet(GUIDE))
    lists = _Lists()
    rows = [(str(number), entry, None) for number, entry in enumerate(entries, 1)]
    _rows(book.create_sheet(FAQ.title), FAQ, rows, stored, lists)
    lists.write(book.create_sheet(LISTS))
    return _saved(book)


def _main(sheet: _Sheet, table: Table, stored: Stored, lists: _Lists) -> None:
    rows = ((key, flat, version_of(told(table, flat, stored.names))) for key, flat in stored.of_kind(table.kind))
    _rows(sheet, table, rows, stored, lists)


def _rows(
    sheet: _Sheet,
    table: Table,
    rows: Iterable[tuple[str, Flat, str | None]],
    stored: Stored,
    lists: _Lists,
) -> None:
    """The rows of a table: each with what to call it, its fields and its mark."""
    columns = (*table.columns, Column(REMOVE, "", width=12), Column(VERSION, "", width=20))
    _begin(sheet, columns, stored, lists)
    for called, flat, mark in rows:
        cells = [shown(column, flat, stored.names) for column in table.columns]
        row = _row(sheet, table.columns, cells, f"{table.title}, {called}")
        sheet.append([*row, None, mark and _text(sheet, mark)])


def _part(sheet: _Sheet, table: Table, part: Part, stored: Stored, lists: _Lists) -> None:
    columns = (*part.keys, *part.columns)
    _begin(sheet, columns, stored, lists)
    for key, flat in stored.of_kind(table.kind):
        keys = [shown(column, flat, stored.names) for column in part.keys]
        for item in flat.get(part.field, ()):
            fields: Flat = item if part.wrap is None else {part.wrap: item}
            cells = [*keys, *(shown(column, fields, stored.names) for column in part.columns)]
            sheet.append(_row(sheet, columns, cells, f"{part.title}, {key}"))


def _begin(sheet: _Sheet, columns: Sequence[Column], stored: Stored, lists: _Lists) -> None:
    """Widths, lists to choose from and the titles, fixed on top."""
    sheet.freeze_panes = "B2"
    titles = []
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].hidden = column.title == VERSION
        title = WriteOnlyCell(sheet, value=column.title)
        title.font, title.fill, title.alignment = _BOLD, _HEAD, _WRAPPED
        titles.append(title)
        if source := lists.source(column, stored):
            validation = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
            # A workbook may name what it adds itself, so names of units are not fixed.
            validation.errorStyle = "warning" if isinstance(column.form, Reference) else "stop"
            validation.error = "Giá trị này không có trong danh sách."
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.data_validations.append(validation)
    sheet.append(titles)


def _row(sheet: _Sheet, columns: Sequence[Column], values: Sequence[Cell], where: str) -> list[SheetCell | None]:
    return [
        None if value is None or value == "" else _cell(sheet, column, value, where)
        for column, value in zip(columns, values, strict=True)
    ]


def _cell(sheet: _Sheet, column: Column, value: Cell, where: str) -> SheetCell:
    if isinstance(value, str):
        text = NOT_XML.sub("", value)
        if len(text) > LONGEST_CELL:
            message = f"“{column.title}” của {where} dài {len(text)} ký tự; một ô Excel chỉ chứa {LONGEST_CELL}."
            raise TooLongError(message)
        cell = _text(sheet, text)
        if column.width >= _WIDE_TEXT or "\n" in text:
            cell.alignment = _WRAPPED
        return cell
    cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # days too
    match column.form:
        case Day():
            cell.number_format = "dd/mm/yyyy"
        case Number() | Whole():
            cell.number_format = "#,##0" if isinstance(value, int) else "General"
    return cell


def _text(sheet: _Sheet, text: str) -> SheetCell:
    """A cell that is never a formula, and becomes none when the officer edits it: its format is text."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.number_format = "s", "@"
    return cell


class _Lists:
    """The hidden sheet with what may be chosen, a column for each list."""

    def __init__(self) -> None:
        self._lists: dict[Any, list[str]] = {}

    def source(self, column: Column, stored: Stored) -> str | None:
        """The range with the choices of a column, or ``None`` where anything may be written."""
        match column.form:
            case OneOf(choices):
                key, values = tuple(choices.values()), list(choices.values())
            case YesNo():
                key, values = ("có", "không"), ["có", "không"]
            case Reference(kind) if column.field not in KINDS[kind].row_names:
                key, values = (kind,), [stored.names.shown(kind, each) for each, _ in stored.of_kind(kind)]
            case _:
                return None
        if not values:
            return None
        self._lists.setdefault(key, values)
        letter = get_column_letter([*self._lists].index(key) + 1)
        return f"'{LISTS}'!${letter}$1:${letter}${len(values)}"

    def write(self, sheet: _Sheet) -> None:
        """Fill the sheet."""
        sheet.sheet_state = "hidden"
        longest = max((len(values) for values in self._lists.values()), default=0)
        for number in range(longest):
            chosen = (values[number] if number < len(values) else "" for values in self._lists.values())
            sheet.append([_text(sheet, NOT_XML.sub("", value)) for value in chosen])
