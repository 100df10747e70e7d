"""What is wrong in the data files, said so that an officer can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.knowledge.schema import PolicyFile

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: where it stands, what was written, what is wrong with it, how to mend it.

    ``line`` counts from 1; ``row`` is the way to the row, such as ``programs › bhyt_ho_ngheo › benefits 2``, and
    ``where`` the same in keys and positions from 0: ``("programs", 3, "benefits", 1)``.
    """

    file: Path
    line: int
    row: str
    value: Any
    wrong: str
    mend: str
    where: Location = ()

    def __str__(self) -> str:
        lines = [f"{self.file}, dòng {self.line}: {self.row or 'cả tệp'}", f"  Lỗi: {self.wrong}"]
        if self.value is not None:
            lines.append(f"  Đã ghi: {_shorten(self.value)}")
        lines.append(f"  Cách sửa: {self.mend}")
        return "\n".join(lines)


class Source(Protocol):
    """Rows to be checked, and how a problem with one of them is told."""

    @property
    def content(self) -> PolicyFile:
        """The rows."""

    def problem(self, where: Location, value: Any, wrong: str, mend: str) -> Problem:
        """Return the error at ``where``, such as ``("programs", 3, "office")``."""


class DataError(Exception):
    """The data files cannot be loaded; ``problems`` holds every error found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def _shorten(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 160 else text[:157] + "…"
