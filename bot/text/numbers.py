"""Numbers as citizens write and say them: "4.500.000", "1,5", "hai triệu rưỡi", "bay muoi sau"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.text.fold import fold
from bot.text.offsets import compose

_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
# Forms that only stand behind a ten: hai mươi mốt, hai lăm, ba tư.
_LAST_DIGITS = {**_DIGITS, "mot": 1, "tu": 4, "lam": 5, "nham": 5}
_SCALES = {
    "nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "cu": 10**6, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
_TENS = {"muoi", "chuc"}
_ZERO_LINKS = {"linh", "le"}

# Accented spellings: in a text with accents only these count, so that "sau" (after), "nam"
# (south) and "tâm" are no numbers. "bẩy" and "ngàn" are spellings of the south and centre.
_SPELLED = {
    "không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "nhăm", "sáu", "bảy",
    "bẩy", "tám", "chín", "mười", "mươi", "chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ",
    "linh", "lẻ", "rưỡi", "nửa",
}  # fmt: skip
_UNACCENTED = {fold(word) for word in _SPELLED}
_STARTERS = set(_DIGITS) | {"muoi", "tram", "nua"}
_STRONG = set(_SCALES) | _TENS | {"tram"}

# "chín trăm chín mươi chín tỷ chín trăm chín mươi chín triệu …" ends somewhere.
_MOST_WORDS = 24

_WORD = re.compile(r"[^\W\d_]+")
# Thousands in groups of three (also spaced: 4 500 000), a decimal, or plain digits; what is longer counts nothing.
DIGITS = r"\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:,\d{3}){1,4}|\d{1,3}(?: \d{3}){2,4}|\d{1,15}[.,]\d{1,15}|\d{1,15}"
_NUMERAL = re.compile(rf"(?<![\w.,/-])(?:{DIGITS})(?![\w]|[.,/-]\d)")


@dataclass(frozen=True)
class NumberSpan:
    """A number in a text: ``value`` stands at ``text[start:end]``."""

    start: int
    end: int
    value: Decimal


def parse_digits(written: str) -> Decimal:
    """The value of a numeral matched by ``DIGITS``; "1.500" is thousands, "1,5" and "1.5" decimals."""
    compact = written.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+", compact):
        return Decimal(re.sub(r"[.,]", "", compact))
    return Decimal(compact.replace(",", "."))


def parse_number_words(text: str) -> int | None:
    """The integer that number words say, or None if they say none; accents may be missing.

    Everyday readings hold: "một triệu hai" is 1 200 000, "hai triệu ba trăm" 2 300 000,
    "trăm rưỡi" 150, "bảy sáu" 76. What can be two figures ("ba bốn": three or four) is none.
    """
    return _value(fold(text).split())


def find_numbers(text: str) -> list[NumberSpan]:
    """Every number of ``text`` in order, in digits or words, without overlaps.

    Without accents, words count as a number only when a scale word ("muoi", "tram", "trieu")
    makes them one: "sau" and "nam" alone mean too much else.
    """
    composed = compose(text)
    found = [*_numerals(composed.text), *_spoken(composed.text)]
    return [
        NumberSpan(*composed.original_span(span.start, span.end), span.value)
        for span in sorted(found, key=lambda span: span.start)
    ]


def _numerals(text: str) -> Iterator[NumberSpan]:
    for match in _NUMERAL.finditer(text):
        yield NumberSpan(match.start(), match.end(), parse_digits(match.group()))


def _spoken(text: str) -> Iterator[NumberSpan]:
    """Longest runs of number words that have a value."""
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
    index = 0
    while index < len(words):
        run = _run(text, words, index)
        for length in range(run, 0, -1):
            piece = words[index : index + length]
            value = _value([fold(word) for word, _, _ in piece])
            if value is not None and _is_number([word for word, _, _ in piece]):
                yield NumberSpan(piece[0][1], piece[-1][2], Decimal(value))
                index += length
                break
        else:
            index += 1


def _run(text: str, words: list[tuple[str, int, int]], index: int) -> int:
    """How many words from ``index`` on can belong to one number: only spaces between them."""
    length = 0
    while index + length < min(len(words), index + _MOST_WORDS):
        word, start, _ = words[index + length]
        if word not in _SPELLED and word not in _UNACCENTED:
            break
        if length and text[words[index + length - 1][2] : start].strip(" "):
            break
        length += 1
    return length


def _is_number(words: list[str]) -> bool:
    """Whether the words are meant as a number, not as the other words they may be."""
    if words[0] == "không" or words in (["ba"], ["năm"]):
        return False  # alone also "father" and "year": the callers that know the unit read them
    if all(word in _SPELLED for word in words):
        return not {"tư", "tỉ", "lẻ"} >= set(words)
    folded = {fold(word) for word in words}
    return len(words) > 1 and bool(folded & _STRONG)


def _value(words: list[str]) -> int | None:
    reader = _Reader(words)
    value = reader.read()
    return value if reader.done else None


class _Reader:
    """A cursor over folded number words."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    @property
    def done(self) -> bool:
        return self._at == len(self._words)

    def read(self) -> int | None:
        total, last_scale, read_any = 0, 0, False
        while not self.done:
            if self._take("nua"):
                scale = self._scale()
                return scale // 2 if scale and not read_any else None
            hundreds = self._peek(1) == "tram" or self._peek() == "tram"
            group = self._group()
            if group is None:
                return None
            scale = self._scale()
            if not scale:
                return total + group * _implied_scale(group, last_scale, hundreds)
            if last_scale and scale >= last_scale:
                return None
            total, last_scale, read_any = total + group * scale, scale, True
            if self._take("ruoi"):
                return total + scale // 2
        return total if read_any else None

    def _group(self) -> int | None:
        """A number below one thousand."""
        if self._peek() == "tram":
            hundreds: int | None = 1
        elif self._peek(1) == "tram":
            hundreds = 0 if self._take("khong") else self._digit()
        else:
            return self._below_hundred()
        self._take("tram")
        if hundreds is None:
            return None
        value = 100 * hundreds
        if self._take("ruoi"):
            return value + 50
        if self._peek() in _ZERO_LINKS:
            self._at += 1
            last = self._digit(_LAST_DIGITS)
            return None if last is None else value + last
        before = self._at
        rest = self._below_hundred()
        if rest is None:
            return value
        # "trăm hai" is 120: a lone digit behind the hundred counts tens.
        lone = self._at == before + 1 and rest < 10 and not self._is_scale(self._peek())
        return value + (10 * rest if lone else rest)

    def _below_hundred(self) -> int | None:
        if self._take("muoi"):
            return 10 + self._unit_after_ten()
        digit = self._digit()
        if digit is None:
            return None
        if self._peek() in _TENS:
            self._at += 1
            return 10 * digit + self._unit_after_ten()
        following = self._peek()
        if following in _LAST_DIGITS and following != "nam":
            unit = _LAST_DIGITS[following]
            if unit != digit + 1 or following in ("lam", "nham", "tu"):
                self._at += 1
                return 10 * digit + unit
        return digit

    def _unit_after_ten(self) -> int:
        # "mười năm" is ten years; five behind a ten is "lăm".
        if self._peek() in _LAST_DIGITS and self._peek() != "nam":
            return self._digit(_LAST_DIGITS) or 0
        return 0

    def _scale(self) -> int:
        """The product of the scale words that follow: "trăm nghìn tỷ" has two."""
        if self._is_scale(self._peek()):
            self._at += 1
            return _SCALES[self._words[self._at - 1]]
        return 0

    def _digit(self, digits: dict[str, int] = _DIGITS) -> int | None:
        word = self._peek()
        if word not in digits:
            return None
        self._at += 1
        return digits[word]

    def _take(self, word: str) -> bool:
        if self._peek() == word:
            self._at += 1
            return True
        return False

    def _peek(self, ahead: int = 0) -> str:
        index = self._at + ahead
        return self._words[index] if index < len(self._words) else ""

    @staticmethod
    def _is_scale(word: str) -> bool:
        return word in _SCALES and word != "cu"


def _implied_scale(group: int, last_scale: int, hundreds: bool) -> int:
    """What a group without a scale word counts, behind one with ``last_scale``."""
    if last_scale >= 10**3 and group < 10:
        return last_scale // 10  # một triệu hai
    if last_scale >= 10**6 and hundreds:
        return last_scale // 1000  # hai triệu ba trăm
    return 1
