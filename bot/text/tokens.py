"""Syllables with their places: the smallest pieces that words and entities are built from."""

from __future__ import annotations

import re
from typing import NamedTuple

# A number with its separators, a run of word characters with their marks, or one sign.
_PIECE = re.compile(r"\d+(?:[.,/]\d+)+|\w(?:\w|[\u0300-\u036f])*|\S")


class Syllable(NamedTuple):
    """One piece of a text; ``text`` equals the text's slice from ``start`` to ``end``."""

    text: str
    start: int
    end: int


def syllables(text: str) -> list[Syllable]:
    """All visible pieces of ``text`` in order: every character but white space is in one."""
    return [Syllable(m.group(), m.start(), m.end()) for m in _PIECE.finditer(text)]
