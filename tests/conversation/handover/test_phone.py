"""Numbers that citizens leave, as they write them."""

from __future__ import annotations

import pytest

from bot.conversation.handover.phone import means_a_number, phone_in
from bot.text.mask import mask
from bot.text.normalize import normalize


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678 nhé em", "0912345678"),
        ("số của tôi là 0912-345-678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("sđt:0389123456.", "0389123456"),
        ("nhà 0255 3822 123", "02553822123"),
        ("gọi 0912345678 hoặc 0389123456", "0912345678"),
    ],
)
def test_valid_number_is_found(typed: str, number: str) -> None:
    assert phone_in(normalize(typed)) == number
    # What is stored of the message must not hold what we are careful to seal.
    assert number[-6:] not in mask(normalize(typed)).text.replace(" ", "").replace(".", "").replace("-", "")


@pytest.mark.parametrize(
    "typed", ["", "không", "091234567", "09123456789012", "051200001234", "+1 212 555 0123", "1990"]
)
def test_anything_else_is_none(typed: str) -> None:
    assert phone_in(typed) is None


@pytest.mark.parametrize(
    ("typed", "attempt"),
    [
        ("091234567", True),
        ("0912 34 5", True),
        ("số tôi là 09123456789 nha em", True),
        ("912 345 678", True),
        ("số 912345678", True),
        ("không có", False),
        ("mẹ tôi 76 tuổi", False),
        ("thu nhập cả nhà 1.500.000 đồng thì được gì", False),
        ("mẹ sinh 1950, con sinh 2010", False),
    ],
)
def test_attempt_is_told_from_other_words(typed: str, attempt: bool) -> None:
    assert means_a_number(typed) == attempt
