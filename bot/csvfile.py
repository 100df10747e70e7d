"""Comma-separated files that a spreadsheet reads as they are meant: UTF-8 with a mark, and no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# Excel takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """``text`` as a cell may hold it: behind an apostrophe where it would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def written(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The file with these rows of harmless cells. Without the mark at its beginning Excel spoils the accents."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")
