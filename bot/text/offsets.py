"""Composed text that remembers where each of its characters stood in the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Composed:
    """``text`` in composed form; ``starts[i]`` is where character ``i`` began in the original.

    ``starts`` has one item more than ``text`` has characters: the length of the original.
    """

    text: str
    starts: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that composed characters ``start`` to ``end`` came from, at least one.

        A mark that composes with nothing begins where its base does: the span then takes both.
        """
        last = self.starts[end - 1]
        return self.starts[start], next(place for place in self.starts[end:] if place > last)


def compose(text: str) -> Composed:
    """Compose (NFC), keeping offsets: piece by piece, each a base character with what composes with it."""
    if unicodedata.is_normalized("NFC", text):
        return Composed(text, tuple(range(len(text) + 1)))
    pieces: list[str] = []
    starts: list[int] = []
    begin = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and _belongs(text[index], text[begin:index]):
            continue
        piece = unicodedata.normalize("NFC", text[begin:index])
        pieces.append(piece)
        starts.extend([begin] * len(piece))
        begin = index
    return Composed("".join(pieces), (*starts, len(text)))


def _belongs(char: str, piece: str) -> bool:
    """Whether a character is a mark of the piece before it, or composes with that, as Korean vowels do."""
    if unicodedata.combining(char):
        return True
    apart = unicodedata.normalize("NFC", piece) + unicodedata.normalize("NFC", char)
    return unicodedata.normalize("NFC", piece + char) != apart
