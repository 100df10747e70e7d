"""A telephone number that a citizen leaves on purpose, found in what they typed.

It is looked for only where it was asked for, in the text as it was typed; everything else sees the masked text.
"""

from __future__ import annotations

import re

import phonenumbers

_COUNTRY = "VN"
_CLUSTER = re.compile(r"\d(?:[ .()-]{0,2}\d){5,}")
_FEW_WORDS = 3


def phone_in(text: str) -> str | None:
    """The first valid Vietnamese number in ``text``, as it is dialled within the country: ``0905123456``."""
    for match in phonenumbers.PhoneNumberMatcher(text, _COUNTRY):
        if match.number.country_code == phonenumbers.country_code_for_region(_COUNTRY):
            return f"0{phonenumbers.national_significant_number(match.number)}"
    return None


def means_a_number(text: str) -> bool:
    """Whether ``text`` looks like an attempt at a number with a digit too few or too many, not like a sum or a year."""
    for match in _CLUSTER.finditer(text):
        if match[0].startswith(("0", "84")):
            return True
    few = len(re.findall(r"[^\W\d]+", text)) <= _FEW_WORDS
    return few and _CLUSTER.search(text) is not None
