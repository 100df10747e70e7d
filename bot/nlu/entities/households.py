"""How many people live in the household: "nhà 4 người", "hộ có năm khẩu"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.counts import count_before
from bot.nlu.entities.found import Found
from bot.text.fold import fold

_MEMBERS = re.compile(r"(?<![a-z])(?:nhan khau|khau)(?![a-z])")
_PEOPLE = re.compile(r"(?<![a-z])(?:nguoi|ng|thanh vien|mieng an)(?![a-z])")
_HOME_BEFORE = re.compile(
    r"\b(?:nha|ho|gia dinh|ca nha)(?: (?:em|toi|tui|minh|chau|con|ba|chi|anh|nay|ni|cua|co|gom|duoc|la|"
    r"tat ca|tong cong|tong|ca thay|hien|dang|chi|ca|o|song|tong so|:))* $"
)
_HOME_AFTER = re.compile(r" (?:trong (?:nha|ho|gia dinh)|mot nha|chung song|cung (?:song|ho|nha))\b")
# "2 người già", "3 người khuyết tật" count some of the household, not all of it.
_SOME = re.compile(r" (?:gia|khuyet tat|cao tuoi|di lam|benh|bi|con|mat|lao dong|lon|nho|tren|duoi|tu|co cong)\b")
LARGEST = 30


def find_household_sizes(text: str) -> Iterator[Found]:
    """``household_size`` entities: a whole number of people; ``text`` is composed (NFC)."""
    folded = fold(text)
    for unit in _MEMBERS.finditer(folded):
        yield from _sized(text, unit)
    for unit in _PEOPLE.finditer(folded):
        for found in _sized(text, unit):
            at_home = _HOME_BEFORE.search(folded[max(0, found.start - 40) : found.start])
            here = _HOME_AFTER.match(folded, unit.end())
            if here or (at_home and not _SOME.match(folded, unit.end())):
                yield found


def _sized(text: str, unit: re.Match[str]) -> Iterator[Found]:
    counted = count_before(text, unit.start())
    if counted and 1 <= counted.value <= LARGEST:
        yield Found("household_size", counted.start, unit.end(), counted.value)
