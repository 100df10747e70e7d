"""Dates, months and years, and when somebody was born."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.nlu.entities.found import Found
from bot.text.fold import fold
from bot.text.numbers import parse_number_words

_DAY = r"(?P<day>[0-3]?\d)"
_MONTH = r"(?P<month>[01]?\d)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_END = r"(?!\w|[/.-]\w)"

_DATES = [
    re.compile(rf"(?<![\w/.-]){_DAY}(?P<sep>[/.-]){_MONTH}(?P=sep){_YEAR}{_END}"),
    re.compile(rf"(?<![\w/.-])(?:ngay |mung )?{_DAY} thang {_MONTH}(?:,? nam |/){_YEAR}{_END}"),
    re.compile(rf"(?<!\w)thang {_MONTH}(?:,? nam |/|-){_YEAR}{_END}"),
    re.compile(rf"(?<![\w/.-]){_MONTH}/{_YEAR}{_END}"),
    re.compile(rf"(?<!\w)nam {_YEAR}{_END}"),
    re.compile(rf"(?:(?<=\btu )|(?<=\bden )|(?<=\btruoc )|(?<=\bsau )|(?<=\bhoi )){_YEAR}{_END}"),
]
# "Nghị định 07/2021" is a document, not July 2021.
_DOCUMENT = re.compile(r"\b(?:nghi dinh|nd|quyet dinh|qd|thong tu|luat|nghi quyet|nq|cong van)(?: so)?[ :]*$")

_BIRTH = re.compile(
    rf"\b(?:sinh ngay|sinh nam|sinh vao|nam sinh|ngay sinh|sinh|sn)\b[ :]*(?:nam |la |vao |ngay )*"
    rf"(?:(?:{_DAY}[/.-])?{_MONTH}[/.-])?{_YEAR}{_END}"
)
_BIRTH_SHORT = re.compile(r"\b(?:sinh nam|nam sinh|sn)[ :]*(?:la )?(?P<year>\d\d)(?![\w]|[/.,-]\d)")
_BIRTH_WORDS = re.compile(r"\b(?:sinh nam|nam sinh)[ :]*(?:la )?(?P<words>[a-z]+(?: [a-z]+){0,3})")

_YEARS = {
    "nam ngoai": -1,
    "nam truoc": -1,
    "nam kia": -2,
    "nam nay": 0,
    "nam sau": 1,
    "nam toi": 1,
    "sang nam": 1,
}
_MONTHS = {"thang truoc": -1, "thang nay": 0, "thang sau": 1, "thang toi": 1}
_RELATIVE = re.compile(r"\b(?:" + "|".join([*_YEARS, *_MONTHS, "hom nay"]) + r")\b(?! \d)")


def find_births(text: str, today: date) -> Iterator[Found]:
    """``birth`` entities: ``{"year": 1950, "month": None, "day": None}``.

    A year of two digits or in words ("sinh năm 50", "sinh năm năm mươi") is the last such year
    that is not after ``today``. ``text`` is composed (NFC).
    """
    folded = fold(text)
    for match in _BIRTH.finditer(folded):
        yield from _entity("birth", match)
    for match in _BIRTH_SHORT.finditer(folded):
        yield Found("birth", *match.span(), _birth(int(match["year"]), today))
    for match in _BIRTH_WORDS.finditer(folded):
        words = match["words"].split()
        for count in range(len(words), 1, -1):
            spoken = " ".join(words[:count])
            value = parse_number_words(spoken)
            if value is not None and 10 <= value <= 99:
                yield Found("birth", match.start(), match.start("words") + len(spoken), _birth(value, today))
                break


def find_dates(text: str, today: date | None) -> Iterator[Found]:
    """``date`` entities: ``{"year": 2024, "month": 6, "day": None}``.

    "năm ngoái", "tháng trước" and the like need ``today`` and are passed over without it.
    Numbers of legal documents are no dates. ``text`` is composed (NFC).
    """
    folded = fold(text)
    for pattern in _DATES:
        for match in pattern.finditer(folded):
            if not _DOCUMENT.search(folded[: match.start()]):
                yield from _entity("date", match)
    if today:
        for match in _RELATIVE.finditer(folded):
            yield Found("date", *match.span(), _relative(match.group(), today))


def _entity(entity: str, match: re.Match[str]) -> Iterator[Found]:
    groups = match.groupdict()
    year, month, day = (int(groups[key]) if groups.get(key) else None for key in ("year", "month", "day"))
    try:
        date(year or 1, month or 1, day or 1)
    except ValueError:
        return  # 31/2 and 45/13 are no dates
    yield Found(entity, *match.span(), {"year": year, "month": month, "day": day})


def _birth(short: int, today: date) -> dict[str, int | None]:
    century = today.year // 100 * 100
    year = century + short if century + short <= today.year else century - 100 + short
    return {"year": year, "month": None, "day": None}


def _relative(words: str, today: date) -> dict[str, int | None]:
    if words in _YEARS:
        return {"year": today.year + _YEARS[words], "month": None, "day": None}
    if words in _MONTHS:
        months = today.year * 12 + today.month - 1 + _MONTHS[words]
        return {"year": months // 12, "month": months % 12 + 1, "day": None}
    return {"year": today.year, "month": today.month, "day": today.day}
