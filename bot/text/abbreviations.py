"""Chat shorthand and words of the central coast, written out in standard Vietnamese.

The words stand in ``abbreviations.tsv``. Many of them also mean something else ("chi phí", "nhổ răng",
"500 k"), so a row can name the words before or behind that it needs or that forbid it; ``#`` there
means a number, ``$`` an end of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.text.offsets import compose

TABLE = Path(__file__).with_name("abbreviations.tsv")

_WORD_BEFORE = re.compile(r"(\w+)[ ]*$")
_WORD_AFTER = re.compile(r"[ ]*(\w+)")


class Expansion(NamedTuple):
    """``text[start:end]`` stands for ``full``."""

    start: int
    end: int
    full: str


@dataclass(frozen=True)
class _Entry:
    full: str
    unless_before: frozenset[str]
    unless_after: frozenset[str]
    only_before: frozenset[str]
    only_after: frozenset[str]

    def holds(self, before: str, after: str) -> bool:
        """Whether the entry applies between these two neighbours."""
        if _named(before, self.unless_before) or _named(after, self.unless_after):
            return False
        if not self.only_before and not self.only_after:
            return True
        return _named(before, self.only_before) or _named(after, self.only_after)


def _named(word: str, words: frozenset[str]) -> bool:
    if word == "":
        return "$" in words
    return word in words or ("#" in words and word[-1].isdigit())


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, list[_Entry]], re.Pattern[str]]:
    entries: dict[str, list[_Entry]] = {}
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#") or number == 1:
            continue
        columns = line.split("\t")
        if not 2 <= len(columns) <= 6:
            raise ValueError(f"{TABLE.name}, line {number}: expected 2 to 6 columns, found {len(columns)}")
        short, full, *context = columns
        sets = [frozenset(filter(None, cell.split("|"))) for cell in (*context, "", "", "", "")[:4]]
        for key in short.split("|"):
            entries.setdefault(key, []).append(_Entry(full, *sets))
    longest_first = sorted(entries, key=lambda key: (-len(key), key))
    keys = "|".join(re.escape(key).replace(r"\ ", " +") for key in longest_first)
    return entries, re.compile(rf"(?<![\w/])(?:{keys})(?![\w/])", re.IGNORECASE)


def expansions(text: str) -> list[Expansion]:
    """What in ``text`` is to be written out, in order and without overlaps; ``text`` is NFC."""
    entries, pattern = _table()
    found: list[Expansion] = []
    at = 0
    while match := pattern.search(text, at):
        expansion = _expansion(text, match, entries)
        if expansion is None:
            # A long key whose context fails must not hide a short one inside it.
            at = match.start() + max(1, len(match.group().split(" ", 1)[0]))
            continue
        found.append(expansion)
        at = match.end()
    return found


def _expansion(text: str, match: re.Match[str], entries: dict[str, list[_Entry]]) -> Expansion | None:
    key = " ".join(match.group().lower().split())
    before, after = _WORD_BEFORE.search(text[: match.start()][-30:]), _WORD_AFTER.match(text, match.end())
    left, right = (m.group(1).lower() if m else "" for m in (before, after))
    for entry in entries.get(key, ()):
        if entry.holds(left, right):
            full = entry.full
            if match.group().istitle() and len(match.group()) > 1:
                full = full[0].upper() + full[1:]
            return Expansion(match.start(), match.end(), full)
    return None


def expand(text: str) -> str:
    """``text`` in composed form with shorthand and dialect words written out."""
    composed = compose(text).text
    pieces: list[str] = []
    at = 0
    for start, end, full in expansions(composed):
        pieces += [composed[at:start], full]
        at = end
    return "".join([*pieces, composed[at:]])
