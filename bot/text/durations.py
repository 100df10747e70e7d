"""How long something lasts, in months: "5 năm", "60 tháng", "2 năm 6 tháng", "năm năm", "một năm rưỡi"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.fold import fold
from bot.text.numbers import parse_number_words
from bot.text.offsets import compose

MONTHS_OF_YEAR = 12
_LONGEST_YEARS = 99
"""A greater number before "năm" counts nothing that a citizen asks about; "2024 năm" is a slip."""

_SPELLED = r"(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|chuc)"
_COUNT = rf"(?:\d{{1,3}}|{_SPELLED}(?: {_SPELLED})?)"
_DURATION = re.compile(
    rf"(?<![\w.,/-])(?:"
    rf"(?P<years>{_COUNT}) ?nam(?! \d{{4}})(?![a-z])(?P<half> ruoi)?(?: ?(?P<more>{_COUNT}) ?thang(?![a-z]))?"
    rf"|(?P<half_year>nua) nam"
    rf"|(?P<months>{_COUNT}) ?thang(?! ?\d)(?![a-z])"
    rf")(?![\w/-])"
)


@dataclass(frozen=True)
class DurationSpan:
    """``months`` months, said by ``text[start:end]``."""

    start: int
    end: int
    months: int


def find_durations(text: str) -> list[DurationSpan]:
    """Every duration of ``text`` in order; the names of years and months ("năm 2024", "tháng 3") are none."""
    composed = compose(text)
    folded = fold(composed.text)
    return [
        DurationSpan(*composed.original_span(start, end), months) for start, end, months in _durations(folded) if months
    ]


def _durations(folded: str) -> Iterator[tuple[int, int, int]]:
    for match in _DURATION.finditer(folded):
        if match["half_year"]:
            yield match.start(), match.end(), MONTHS_OF_YEAR // 2
        elif match["months"]:
            yield match.start(), match.end(), _count(match["months"])
        elif (years := _count(match["years"])) <= _LONGEST_YEARS:
            half = MONTHS_OF_YEAR // 2 if match["half"] else 0
            more = _count(match["more"]) if match["more"] else 0
            yield match.start(), match.end(), years * MONTHS_OF_YEAR + half + more


def _count(written: str) -> int:
    return int(written) if written.isdecimal() else parse_number_words(written) or 0
