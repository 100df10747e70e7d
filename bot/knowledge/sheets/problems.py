"""What is wrong in an uploaded file, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: the sheet and cell (``FAQ!D17``), what was written, what is wrong, how to mend it."""

    place: str
    value: Any
    wrong: str
    mend: str

    @property
    def given(self) -> str:
        """What was written, shortened; empty where nothing was."""
        text = "" if self.value is None else " ".join(str(self.value).split())
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    def __str__(self) -> str:
        given = f" Đã ghi: {self.given}." if self.given else ""
        return f"{self.place}: {self.wrong}{given} {self.mend}"
