"""The sheets of an uploaded workbook as titled columns and rows, read without keeping the whole of it in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from bot.knowledge.sheets.cells import Cell, CellError
from bot.knowledge.sheets.safe import RefusedError, open_workbook
from bot.knowledge.sheets.writing import GUIDE, LISTS, Progress
from bot.text.fold import fold

MOST_ROWS = 50_000
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Unreadable:
    """A cell that holds no value: a formula, or an error of the spreadsheet."""

    text: str
    error: CellError


@dataclass(frozen=True)
class Line:
    """A row that is not empty: its number, from 1, and its cells by column number, from 1; empty ones are left out."""

    number: int
    cells: dict[int, Cell | Unreadable]


@dataclass
class Grid:
    """A sheet: the column number of each title (folded), the titles as written, and the rows."""

    title: str
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def place(self, line: int, column: int) -> str:
        """``FAQ!D17``."""
        return f"{self.title}!{get_column_letter(column)}{line}"


@lru_cache(maxsize=1024)
def key_of_title(title: str) -> str:
    """A title as titles are compared: without accents, capitals and doubled spaces."""
    return " ".join(fold(title).split())


def read_workbook(content: bytes, progress: Progress) -> list[Grid]:
    """All sheets but the guide and the lists; raises :class:`bot.knowledge.sheets.safe.RefusedError`."""
    open_workbook(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            return [
                _grid(sheet, progress)
                for sheet in book.worksheets
                if key_of_title(sheet.title) not in {key_of_title(GUIDE), key_of_title(LISTS)}
            ]
        finally:
            book.close()
    except RefusedError:
        raise
    # openpyxl raises whatever its parsers meet: each means that the file is no workbook that Excel wrote.
    except Exception as error:
        message = "Tệp không đọc được như một tệp Excel. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi thử lại."
        raise RefusedError(message) from error


def _grid(sheet: Any, progress: Progress) -> Grid:
    grid = Grid(sheet.title.strip())
    expected = min(sheet.max_row or 0, MOST_ROWS)
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if number % 500 == 0:
            progress(f"Đọc trang {grid.title}", number, max(expected, number))
        cells = dict(_cells(row))
        if not cells:
            continue
        if number > MOST_ROWS:
            message = f"Trang {grid.title} có hơn {MOST_ROWS} dòng. Hãy chia thành nhiều tệp."
            raise RefusedError(message)
        if not grid.columns:
            _head(grid, cells)
        else:
            grid.lines.append(Line(number, cells))
    return grid


def _head(grid: Grid, cells: dict[int, Cell | Unreadable]) -> None:
    for column, cell in cells.items():
        title = cell.text if isinstance(cell, Unreadable) else str(cell)
        key = key_of_title(title)
        grid.titles[column] = title
        if key in grid.columns:
            grid.repeated.append(column)
        else:
            grid.columns[key] = column


def _cells(row: Sequence[Any]) -> Iterator[tuple[int, Cell | Unreadable]]:
    for number, cell in enumerate(row, 1):
        value = cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if cell.data_type == "f":
            wrong, mend = "Ô này chứa công thức.", "Thay công thức bằng giá trị (Dán đặc biệt, Giá trị)."
            yield number, Unreadable(str(value), CellError(wrong, mend))
        elif cell.data_type == "e":
            wrong, mend = "Ô này chứa lỗi của Excel.", "Ghi lại giá trị đúng vào ô."
            yield number, Unreadable(str(value), CellError(wrong, mend))
        else:
            yield number, value
