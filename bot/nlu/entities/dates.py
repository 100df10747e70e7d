"""Dates, months and years, and years of birth."""

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
_END = r"(?![\w]|[/.-]\w)"

_DATES = [
    re.compile(rf"(?<![\w/.-]){_DAY}(?P<sep>[/.-]){_MONTH}(?P=sep){_YEAR}{_END}"),
    re.compile(rf"(?:ngay |mung )?(?<!\d){_DAY} thang {_MONTH}(?:,? nam |/){_YEAR}{_END}"),
    re.compile(rf"(?:thang |t)(?<![a-z]t){_MONTH}(?: nam |,? nam |/|-){_YEAR}{_END}"),
    re.compile(rf"(?<![\w/.-]){_MONTH}/{_YEAR}{_END}"),
    re.compile(rf"\bnam {_YEAR}{_END}"),
    re.compile(rf"(?<=\btu ){_YEAR}{_END}|(?<=\bden ){_YEAR}{_END}".replace("(?P<year>", "(", 2)),
]
_DOCUMENT = re.compile(r"\b(?:nghi dinh|nd|quyet dinh|qd|thong tu|tt|luat|nghi quyet|nq|cong van|so)(?: so)?[ :]*$")
_BIRTH = re.compile(r"\b(?:sinh ngay|sinh nam|sinh vao|nam sinh|ngay sinh|sinh|sn|ns)\b[ :.]*(?:nam |la |vao |ngay )*")
_BIRTH_DATE = re.compile(
    rf"(?:{_DAY}[/.-]{_MONTH}[/.-]|{_MONTH.replace('month', 'month_only')}[/.-])?{_YEAR}{_END}"
)
_SHORT_YEAR = re.compile(r"(?P<year>\d\d)(?![\w]|[/.,-]\d| (?:ngay|thang|tuoi|tuan|dua|nguoi|con|lan))")
_WORDS = re.compile(r"(?:[a-z]+ ?){1,4}")
_RELATIVE = {
    "nam ngoai": -1, "nam truoc": -1, "nam kia": -2, "nam nay": 0, "nam ni": 0, "nam sau": 1, "nam toi": 1,
    "sang nam": 1,
}  # fmt: skip
_RELATIVE_YEAR = re.compile(r"\b(?:" + "|".join(_RELATIVE) + r")\b(?! \d)")
_RELATIVE_MONTH = {"thang truoc": -1, "thang nay": 0, "thang ni": 0, "thang sau": 1, "thang toi": 1}
_MONTH_WORD = re.compile(r"\b(?:" + "|".join(_RELATIVE_MONTH) + r")\b")
_TODAY = re.compile(r"\b(?:hom nay|bua ni|bua nay)\b")
