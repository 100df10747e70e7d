"""What a hand-over waits to hear, kept in the conversation's own row, and what a turn does to it.

The request itself stands in the database from the moment its question is known: whoever leaves without a word about a
telephone number is answered all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self


@dataclass(frozen=True)
class Draft:
    """``wants`` is what the next typed message will be taken for.

    ``last`` is the question, masked, that the citizen may send instead of typing one; ``code`` that of the request
    a telephone number is for.
    """

    wants: Literal["question", "phone"]
    last: str = ""
    code: str = ""

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> Self | None:
        """Read what ``to_json`` wrote; ``None`` while nothing is waited for."""
        return None if stored is None else cls(**stored)

    def to_json(self) -> dict[str, Any]:
        """The form in the database."""
        return {"wants": self.wants, "last": self.last, "code": self.code}


@dataclass(frozen=True)
class Change:
    """What a turn leaves behind: the new ``draft``, and what becomes of a request.

    ``question`` makes a request of that ``code``; ``phone``, sealed, is kept with it; ``withdrawn`` takes it back.
    """

    draft: Draft | None = None
    code: str = ""
    question: str | None = None
    phone: str | None = None
    withdrawn: bool = False
