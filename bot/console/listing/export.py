"""Lists as files: a workbook, or comma-separated values. Neither may hold a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot import csvfile
from bot.console.listing.columns import Value, text

_WIDEST = 60


@dataclass(frozen=True)
class Table:
    """What is exported; ``left_out`` rows did not fit, or ``more``, where nobody has counted them."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Value]]
    left_out: int = 0
    more: bool = False


@dataclass(frozen=True)
class File:
    """A file to send, of a media type."""

    content: bytes
    kind: str
    ending: str
    charset: str | None = None


def harmless(value: Value) -> str | int:
    """A value as a cell may hold it: numbers as they are, text that would be a formula behind an apostrophe."""
    if isinstance(value, int):
        return value
    return csvfile.harmless(ILLEGAL_CHARACTERS_RE.sub("", text(value)))


def workbook(table: Table) -> File:
    """The table as .xlsx, with its titles fixed on top."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name[:31])
    sheet.freeze_panes = "A2"
    rows = list(_cells(table))
    for number, column in enumerate(zip(table.titles, *rows, strict=False), 1):
        widest = max(len(str(cell)) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(widest + 2, _WIDEST)
    titles = [WriteOnlyCell(sheet, value=title) for title in table.titles]
    for cell in titles:
        cell.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return File(out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


def comma_separated(table: Table) -> File:
    """The table as .csv."""
    return File(csvfile.written([table.titles, *_cells(table)]), "text/csv", "csv", "utf-8")


def _cells(table: Table) -> Sequence[Sequence[str | int]]:
    rows = [[harmless(value) for value in row] for row in table.rows]
    if table.left_out:
        rows.append([f"Còn {table.left_out} dòng nữa: hãy lọc bớt rồi xuất lại."])
    elif table.more:
        rows.append(["Còn nhiều dòng nữa: hãy lọc bớt rồi xuất lại."])
    return rows


WRITERS: Mapping[str, Callable[[Table], File]] = {"xlsx": workbook, "csv": comma_separated}
"""How to write each kind of file."""
