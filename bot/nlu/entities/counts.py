"""The whole number that stands before a counted word, in digits or words."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.text.fold import fold
from bot.text.numbers import parse_number_words

_DIGITS_BEFORE = re.compile(r"(?<![\w.,/-])(\d{1,3}) ?$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+) ?$")
_LONGEST = 3  # words of a number below one hundred


class Count(NamedTuple):
    """``value`` is said by the text from ``start`` on."""

    value: int
    start: int


def count_before(text: str, end: int, *, pairs: bool = False) -> Count | None:
    """The number right before ``end``, or None; ``text`` is composed (NFC).

    The counted word behind makes it safe to read words without accents. With ``pairs``, two
    digits in a row are one number even if the second follows on the first ("sáu bảy tuổi"
    is 67; "hai ba người" stays two or three).
    """
    digits = _DIGITS_BEFORE.search(text, max(0, end - 8), end)
    if digits:
        return Count(int(digits.group(1)), digits.start())
    words: list[str] = []
    best: Count | None = None
    at = end
    while len(words) < _LONGEST and (match := _WORD_BEFORE.search(text, max(0, at - 12), at)):
        words.insert(0, fold(match.group(1)))
        at = match.start()
        value = _value(words, pairs=pairs)
        if value is not None:
            best = Count(value, at)
        elif best and len(words) == 2 and not pairs and _value(words, pairs=True) is not None:
            return None  # "hai ba người" says no one number
    return best


def _value(words: list[str], *, pairs: bool) -> int | None:
    value = parse_number_words(" ".join(words))
    if value is None and pairs and len(words) == 2:
        tens, units = (parse_number_words(word) for word in words)
        if tens and units and tens < 10 and units == tens + 1:
            return 10 * tens + units
    return value if value is None or value < 1000 else None
