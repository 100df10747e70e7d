"""Amounts of money as citizens write them, in whole đồng.

"2 chai" and "2 lít" are left alone: beside an everyday bottle the slang for money cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.text.fold import fold
from bot.text.numbers import DIGITS, find_numbers, parse_digits, parse_number_words
from bot.text.offsets import compose

_UNITS = {
    "tram nghin": 10**5, "tram ngan": 10**5,
    "nghin": 10**3, "ngan": 10**3, "ng": 10**3, "k": 10**3,
    "trieu": 10**6, "tr": 10**6, "cu": 10**6,
    "ty": 10**9, "ti": 10**9,
    "dong": 1, "vnd": 1, "d": 1, "₫": 1,
}  # fmt: skip
_BIG = "tram nghin|tram ngan|nghin|ngan|ng|k|trieu|tr|cu|ty|ti"
_CURRENCY = r"dong|vnd|d|₫"

# What is counted, not paid: in "2 triệu 3 đứa" the 3 is children, in "1 triệu 2 tháng" months.
_COUNTED = (
    "nguoi|dua|con|thang|tuoi|khau|nhan|nam|lan|ngay|chau|anh|chi|em|be|cai|suat|ho|nha|sao|ha|m2|met|"
    "thanh vien|the|ky|tuan|gio|lao dong|mieng|bo|loai|muc|trieu|tr|cu|ty|ti"
)
# Behind a "triệu": "5" tenths, "50" hundredths, "500" thousandths, "rưỡi" a half – or a second amount.
_TAIL = (
    rf"(?:(?P<half> ?ruoi)"
    rf"|(?P<tail_glued>\d{{1,3}})(?![\d.,]*\d)(?![a-z])"
    rf"|(?: va)? (?P<second>\d{{1,3}}) ?(?P<second_unit>tram(?: (?:nghin|ngan))?|nghin|ngan|k)(?![a-z])"
    rf"| (?P<tail>\d{{1,3}})(?![\d.,]*\d|\w)(?! ?(?:{_COUNTED})(?![a-z])))?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,/])(?:(?P<low>{DIGITS}) ?(?P<low_unit>{_BIG})? ?(?:-|–|den|toi) ?)?"
    rf"(?P<number>{DIGITS}) ?"
    rf"(?:(?P<unit>{_BIG}){_TAIL}(?: ?(?:{_CURRENCY}))?|(?P<currency>{_CURRENCY}))(?![a-z])"
)
_ASCENDING = re.compile(r"\b(?:mot hai|hai ba|ba bon|bon nam|nam sau|sau bay|bay tam|tam chin)\b")
_SPOKEN_UNIT = re.compile(rf" ?(?:{_CURRENCY})(?![a-z])")
# A grouped numeral without a unit is money if it could be a sum; 0905.123.456 could not.
_GROUPED = re.compile(r"(?<![\w.,/-])[1-9]\d{0,2}(?:\.\d{3}){2,3}(?![\w]|[.,/-]\d)|"
                      r"(?<![\w.,/-])[1-9]\d{0,2}(?:,\d{3}){2,3}(?![\w]|[.,/-]\d)")  # fmt: skip
_BARE = re.compile(r"(?<![\w.,/-])[1-9]\d{1,7}000(?![\w]|[.,/-]\d)")
_MONEY_CUE = re.compile(
    r"\b(?:luong|thu nhap|tien|kiem|tro cap|ho tro|huong|vay|gia|dong|duoc|lanh|nhan|phi|muc)\b"
    r"[^\d.?!]{0,30}$"
)
_ID_CUE = re.compile(
    r"\b(?:cmnd|cmt|cccd|chung minh|can cuoc|dinh danh|so the|ma so|stk|tai khoan|sdt|dien thoai|bhxh)\b"
    r"[^\d]{0,25}$"
)

_PER_PERSON = r"(?:/|moi|mot|1|tren|tinh theo|tinh tren) ?(?:dau )?(?:nguoi|ng|khau|nhan khau)|dau nguoi|moi khau"
_PER_MONTH = r"(?:/ ?(?:1 ?)?|moi |mot |1 |hang |hang ?)(?:thang|th)|thang"
_PER_YEAR = r"(?:/ ?(?:1 ?)?|moi |mot |1 |hang )nam"
_AFTER = re.compile(
    rf"[ ,]*(?:(?P<person>{_PER_PERSON})(?![a-z]))?[ ,]*"
    rf"(?:(?P<month>{_PER_MONTH})|(?P<year>{_PER_YEAR}))?(?![a-z0-9])"
    rf"(?:[ ,]*(?P<person_after>{_PER_PERSON})(?![a-z]))?"
)
_BEFORE_MONTH = re.compile(r"\b(?:moi thang|hang thang|mot thang|1 thang|luong thang|thang)\b(?! ?\d)[^\d.?!]{0,40}$")
_BEFORE_PERSON = re.compile(r"\b(?:binh quan|moi nguoi|dau nguoi|moi khau)\b[^\d.?!]{0,40}$")
_BEFORE_YEAR = re.compile(r"\b(?:moi nam|hang nam|mot nam|1 nam|ca nam)\b[^\d.?!]{0,40}$")


@dataclass(frozen=True)
class MoneySpan:
    """An amount of ``amount`` đồng at ``text[start:end]``.

    ``per``: ``"person_month"``, ``"person"``, ``"month"``, ``"year"`` or None when the text does not say.
    A range ("3-4 triệu") is one span: ``amount`` is its upper end, so that no household passes an
    income limit by the lower one, and ``low`` its lower end; else ``low`` is None.
    """

    start: int
    end: int
    amount: int
    per: str | None = None
    low: int | None = None


def format_money(amount: int) -> str:
    """``2200000`` → ``"2.200.000 đồng"``, the way official papers write it."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def find_money(text: str) -> list[MoneySpan]:
    """Every amount of money in ``text`` in order, in digits or words, with or without accents.

    A figure without a unit is money when it is grouped into thousands ("4.500.000"), or is a round
    figure that stands alone or behind a word such as "lương"; ages, years and numbers of papers are not.
    """
    composed = compose(text)
    folded = fold(composed.text)
    found: list[MoneySpan] = []
    for span in sorted(_candidates(composed.text, folded), key=lambda s: (s.start, -s.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return [_placed(span, folded, composed.original_span(span.start, span.end)) for span in found]


def _placed(span: MoneySpan, folded: str, place: tuple[int, int]) -> MoneySpan:
    return MoneySpan(*place, span.amount, _per(folded, span.start, span.end), span.low)


def _candidates(text: str, folded: str) -> Iterator[MoneySpan]:
    for match in _AMOUNT.finditer(folded):
        if _is_amount(match, text):
            yield _amount(match)
    for number in find_numbers(text):
        if text[number.start].isdigit():
            continue
        unit = _SPOKEN_UNIT.match(folded, number.end)
        if number.value >= 1000 or (unit and unit.group().strip() != "d"):
            end = unit.end() if unit else number.end
            yield _spoken(folded, number.start, end, int(number.value))
    for match in _GROUPED.finditer(folded):
        round_sum = match.group().endswith(("000", "500"))
        if not _ID_CUE.search(folded[: match.start()]) and (round_sum or _cue(folded, match.start())):
            yield MoneySpan(match.start(), match.end(), int(parse_digits(match.group())))
    for match in _BARE.finditer(folded):
        alone = match.group() == folded.strip()
        if (alone or _cue(folded, match.start())) and not _ID_CUE.search(folded[: match.start()]):
            yield MoneySpan(match.start(), match.end(), int(match.group()))


def _spoken(folded: str, start: int, end: int, amount: int) -> MoneySpan:
    """An amount in words; "ba bốn triệu" is a range of which ``start`` is at "bốn"."""
    word_before = folded[:start].rsplit(maxsplit=1)[-1:]
    first = folded[start:end].split(maxsplit=1)[0]
    if word_before and _ASCENDING.fullmatch(f"{word_before[0]} {first}"):
        low = parse_number_words(f"{word_before[0]}{folded[start:end][len(first) :]}")
        if low is not None and low < amount:
            return MoneySpan(folded.rindex(word_before[0], 0, start), end, amount, low=low)
    return MoneySpan(start, end, amount)


def _cue(folded: str, start: int) -> bool:
    return _MONEY_CUE.search(folded[max(0, start - 60) : start]) is not None


def _is_amount(match: re.Match[str], text: str) -> bool:
    """Weed out readings that only folding made look like money."""
    unit_group = "unit" if match["unit"] else "currency"
    written = text[match.start(unit_group) : match.end(unit_group)].lower()
    if match[unit_group] in ("cu", "ti") and written not in ("củ", "cu", "tỉ", "ti"):
        return False  # "3 cũ" (old), "3 tí"
    if written == "ng" and parse_digits(match["number"]) < 10:
        return False  # "4 ng" is four people
    return not (written == "d" and len(match["number"]) < 4)


def _amount(match: re.Match[str]) -> MoneySpan:
    unit = match["unit"] or match["currency"]
    scale = _UNITS[unit]
    amount = _number(match["number"], scale) * scale + _tail(match, scale)
    low = None
    if match["low"]:
        low_scale = _UNITS[match["low_unit"]] if match["low_unit"] else scale
        low = int(_number(match["low"], low_scale) * low_scale)
        if low >= amount:
            low = None
    return MoneySpan(match.start() if low is not None else match.start("number"), match.end(), int(amount), None, low)


def _number(written: str, scale: int) -> Decimal:
    # "1,500 triệu" is one and a half million: the comma is the decimal sign of Vietnamese.
    if scale >= 10**6 and re.fullmatch(r"\d{1,3},\d{3}", written):
        return Decimal(written.replace(",", "."))
    return parse_digits(written)


def _tail(match: re.Match[str], scale: int) -> Decimal:
    if not match["unit"]:
        return Decimal(0)
    if match["half"]:
        return Decimal(scale) / 2
    if match["second"]:
        hundreds = match["second_unit"].startswith("tram")
        return Decimal(match["second"]) * (10**5 if hundreds else 10**3)
    digits = match["tail_glued"] or match["tail"]
    return Decimal(digits) * scale / 10 ** len(digits) if digits else Decimal(0)


def _per(folded: str, start: int, end: int) -> str | None:
    after = _AFTER.match(folded, end)
    before = folded[max(0, start - 60) : start]
    by_month, by_year = (after["month"], after["year"]) if after else (None, None)
    if by_year or (not by_month and _BEFORE_YEAR.search(before)):
        return "year"
    by_person = after and (after["person"] or after["person_after"])
    person = bool(by_person or _BEFORE_PERSON.search(before))
    month = bool(by_month or _BEFORE_MONTH.search(before))
    if person:
        return "person_month" if month else "person"
    return "month" if month else None
