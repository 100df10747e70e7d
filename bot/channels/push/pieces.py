"""Cutting a text into pieces that a channel takes."""

from __future__ import annotations

import unicodedata

from bot.text.sentences import sentence_spans


def units(text: str) -> int:
    """The length of a text in UTF-16 units: what a phone counts, and never less than its characters."""
    return len(text) + sum(char > "\uffff" for char in text)


def pieces(text: str, limit: int) -> list[str]:
    """``text`` in NFC as pieces of at most ``limit`` units, parted at a paragraph, a sentence or else a space."""
    text = unicodedata.normalize("NFC", text).strip()
    found: list[str] = []
    while units(text) > limit:
        cut = _cut(text, _fitting(text, limit))
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text] if text else found


def _fitting(text: str, limit: int) -> int:
    """How many characters from the beginning on fit."""
    used = 0
    for position, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return position
    return len(text)


def _cut(text: str, fitting: int) -> int:
    """Where to part: past the middle of what fits, so that no piece is a mere rest."""
    paragraph = text.rfind("\n\n", fitting // 2, fitting)
    if paragraph > 0:
        return paragraph
    ends = [end for _, end in sentence_spans(text) if fitting // 2 < end <= fitting]
    if ends:
        return ends[-1]
    space = max(text.rfind(" ", 1, fitting + 1), text.rfind("\n", 1, fitting + 1))
    if space > 0:
        return space
    while fitting > 1 and unicodedata.combining(text[fitting]):
        fitting -= 1  # A letter keeps its marks.
    return fitting
