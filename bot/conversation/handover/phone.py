"""A telephone number that a citizen leaves on purpose, found in what they typed.

It is looked for only where it was asked for, in the text as it was typed; everything else sees the masked text.
"""

from __future__ import annotations

import re

import phonenumbers

_COUNTRY = "VN"
_DIGITS = re.compile(r"\d")
_FEWEST = 6


def phone_in(text: str) -> str | None:
    """The first valid Vietnamese number in ``text``, as it is dialled within the country: ``0905123456``."""
    for match in phonenumbers.PhoneNumberMatcher(text, _COUNTRY):
        if match.number.country_code == phonenumbers.country_code_for_region(_COUNTRY):
            return f"0{phonenumbers.national_significant_number(match.number)}"
    return None


def means_a_number(text: str) -> bool:
    """Whether ``text`` looks like an attempt at a number, though it may have a digit too few or too many."""
    return len(_DIGITS.findall(text)) >= _FEWEST
