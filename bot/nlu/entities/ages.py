"""Ages: "76 tuổi", "bảy sáu tuổi", "6t", "18 tháng tuổi", "từ 75 tuổi trở lên"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.nlu.entities.counts import count_before
from bot.nlu.entities.found import Found
from bot.text.fold import fold

_UNIT = re.compile(r"(?<![a-z])(?P<months>thang )?tuoi(?![a-z])")
_SHORT = re.compile(r"(?<![\w.,/-])(?P<years>\d{1,3}) ?t(?![\w]|[/.-]\w)")
_AFTER_UNIT = re.compile(r"(?<![a-z])tuoi (?:la )?(?P<years>\d{1,3})(?!\w|[.,/-]\d)")
_AT_LEAST_BEFORE = re.compile(r"\b(?:tren|tu|hon|tu du)(?: du)? $")
_AT_LEAST_AFTER = re.compile(r" (?:tro len|do len|tro di)\b")
_AT_MOST_BEFORE = re.compile(r"\b(?:duoi|chua du|chua den|chua toi) $")
_AT_MOST_AFTER = re.compile(r" (?:tro xuong|do xuong)\b")
OLDEST = 120


def find_ages(text: str) -> Iterator[Found]:
    """``age`` entities: ``{"years": 76}`` or ``{"months": 18}``; ``text`` is composed (NFC).

    An age that only bounds ("từ 75 tuổi trở lên", "dưới 6 tuổi") has also ``"bound"``, ``"min"``
    or ``"max"``: it is nobody's age.
    """
    folded = fold(text)
    for unit in _UNIT.finditer(folded):
        counted = count_before(text, unit.start(), pairs=True)
        if counted and 0 <= counted.value <= OLDEST:
            key = "months" if unit["months"] else "years"
            yield _found(folded, counted.start, unit.end(), {key: counted.value})
    for pattern in (_SHORT, _AFTER_UNIT):
        for match in pattern.finditer(folded):
            years = int(match["years"])
            # "5t" may be tonnes or months of a price; nobody writes a child's first year so.
            if 1 <= years <= OLDEST:
                yield _found(folded, match.start(), match.end(), {"years": years})


def _found(folded: str, start: int, end: int, value: dict[str, Any]) -> Found:
    before, after = folded[max(0, start - 12) : start], folded[end : end + 12]
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        value["bound"] = "min"
    elif _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        value["bound"] = "max"
    return Found("age", start, end, value)
