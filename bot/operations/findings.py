"""What a look at a set-up found: each finding a sentence, and what to do where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "mind", "bad"]
MARKS: dict[Level, str] = {"good": "✓", "mind": "!", "bad": "✗"}


@dataclass(frozen=True)
class Finding:
    """``bad`` must be mended before citizens are served, ``mind`` is worth a thought; ``mend`` says how."""

    level: Level
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """One line, and a second with what to do."""
        line = f"{MARKS[self.level]} {self.what}"
        return f"{line}\n    → {self.mend}" if self.mend else line


def good(what: str) -> Finding:
    """All is well."""
    return Finding("good", what)


def mind(what: str, mend: str) -> Finding:
    """It works, but."""
    return Finding("mind", what, mend)


def bad(what: str, mend: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding("bad", what, mend)
