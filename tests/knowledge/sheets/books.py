"""Workbooks of tests: exported, edited and read again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from bot.knowledge.editing.units import Kind, row_of, units_of
from bot.knowledge.loading.files import read_files
from bot.knowledge.loading.records import make_records
from bot.knowledge.sheets.plan import Plan, make_plan
from bot.knowledge.sheets.reading import read_workbook
from bot.knowledge.sheets.stored import Stored
from bot.knowledge.sheets.writing import workbook


def quiet(_doing: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def stored_from(folder: Path) -> Stored:
    """What data files publish."""
    units = units_of(make_records([file.content for file in read_files(folder)]))
    return Stored.of(1, {(kind, key): row_of(kind, unit) for (kind, key), unit in units.items()})


def plan_of(stored: Stored, content: bytes) -> Plan:
    return make_plan(stored, read_workbook(content, quiet), quiet)


def edited(stored: Stored, edit: Callable[[Workbook], Any], *kinds: Kind) -> bytes:
    """The export with what ``edit`` does to it, saved as Excel would: by somebody else than our writer."""
    book = load_workbook(io.BytesIO(workbook(stored, kinds or tuple(Kind))))
    edit(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell(book: Workbook, sheet: str, title: str, row: int) -> Any:
    """The cell in a row under a title."""
    return book[sheet].cell(row, column(book, sheet, title))


def column(book: Workbook, sheet: str, title: str) -> int:
    return [each.value for each in book[sheet][1]].index(title) + 1


def row_with(book: Workbook, sheet: str, title: str, value: Any) -> int:
    """The number of the first row with that value under a title."""
    at = column(book, sheet, title)
    return next(number for number in range(2, book[sheet].max_row + 1) if book[sheet].cell(number, at).value == value)


def repacked(content: bytes, **parts: bytes | None) -> bytes:
    """The package with parts added or changed; names with ``/`` for ``__`` and ``.`` for ``_dot_``."""
    named = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, part in named.items():
            if part is not None:
                new.writestr(name, part)
    return file.getvalue()
