"""Receipt codes: drawn, written down, typed again."""

from __future__ import annotations

import re

import pytest

from bot.conversation.handover.codes import code_in, new_code
from bot.text.mask import mask
from bot.text.normalize import normalize


def test_codes_are_short_and_hold_nothing_that_is_easily_mistaken() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) > 490
    assert all(re.fullmatch(r"AS-[^01258BILOSZ]{6}", code) for code in codes)


def test_code_is_read_from_what_citizens_type() -> None:
    for code in (new_code() for _ in range(200)):
        for typed in (code, code.lower(), f"mã của tôi là {code.replace('-', ' ')}?", code.replace("-", "")):
            assert code_in(mask(normalize(typed)).text) == code


@pytest.mark.parametrize("typed", ["", "AS-", "AS-KT4M7", "AS-KT4M7XX", "AS-KT4M70", "tôi là người", "BAS-KT4M7X"])
def test_anything_else_is_none(typed: str) -> None:
    assert code_in(typed) is None
