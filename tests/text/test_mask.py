import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.mask import PLACEHOLDERS, mask
from bot.text.money import format_money


@pytest.mark.parametrize(
    ("typed", "masked", "kind"),
    [
        ("CCCD 051234567890 ạ", "CCCD [số định danh] ạ", "national_id"),
        ("cccd051234567890ạ", "cccd[số định danh]ạ", "national_id"),
        ("051.234.567.890", "[số định danh]", "national_id"),
        ("CMND của em là 212345678", "CMND của em là [số định danh]", "national_id"),
        ("so chung minh 212 345 678", "so chung minh [số định danh]", "national_id"),
        ("thẻ GD4512345678901", "thẻ [số thẻ]", "insurance_card"),
        ("the bhyt: gd 4 51 2345678901", "the bhyt: [số thẻ]", "insurance_card"),
        ("mã BHXH 5120123456", "mã BHXH [mã số]", "insurance_number"),
        ("gọi 0905123456 nhé", "gọi [số điện thoại] nhé", "phone"),
        ("sđt 0905.123.456", "sđt [số điện thoại]", "phone"),
        ("+84 905 123 456", "[số điện thoại]", "phone"),
        ("(0255) 3822 123", "([số điện thoại]", "phone"),
        ("stk 0123456789012 vcb", "stk [số tài khoản] vcb", "bank_account"),
        ("so tai khoan 1903 5678 9012", "so tai khoan [số tài khoản]", "bank_account"),
        ("mail lan.nguyen@gmail.com ạ", "mail [email] ạ", "email"),
    ],
)
def test_personal_numbers_are_replaced(typed: str, masked: str, kind: str) -> None:
    result = mask(typed)
    assert (result.text, result.kinds) == (masked, (kind,))


@pytest.mark.parametrize(
    "text",
    [
        "150000000",
        "150.000.000 đồng",
        "vay 150000000 đồng làm căn cước",
        "500 000 - 700 000 000",
        "1 050 000 000 đồng",
        "thẻ căn cước tốn 150000000",
        "từ 05.07.2025 - 30.06.2026",
        "năm 2022 - 2026 và 2027 - 2031",
        "Nghị định 188/2025/NĐ-CP",
        "sinh năm 1950, 76 tuổi",
        "tài khoản có 5000000 đồng",
        "212345678",
        "gọi 1900 9068",
    ],
)
def test_sums_dates_and_plain_figures_stay(text: str) -> None:
    assert mask(text).text == text


def test_several_kinds_are_named_once_in_order() -> None:
    result = mask("0905123456 hoặc 0905123457, cccd 051234567890")
    assert result.kinds == ("phone", "national_id")


def _split(digits: str, sizes: list[int], separator: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(digits[at : at + size])
        at += size
    return separator.join(piece for piece in [*pieces, digits[at:]] if piece)


WORDS = st.text(alphabet="abcdeghiklmnopqrstuvxyàáảãạđêôơư ,.?!:\n", max_size=20)
IDS = st.builds(
    _split,
    st.from_regex(r"0(?:0[1-9]|[1-9][0-9])[0-9]{9}", fullmatch=True),
    st.sampled_from([[12], [3, 3, 3, 3], [4, 4, 4], [3, 9], [6, 6], [3, 1, 2, 6]]),
    st.sampled_from([" ", ".", "-", " - "]),
)


@given(WORDS, IDS, WORDS)
def test_a_national_id_is_masked_in_any_surrounding(before: str, number: str, after: str) -> None:
    result = mask(before + number + after)
    assert not re.search(r"\d", result.text)
    assert result.kinds


@given(WORDS, st.integers(min_value=1, max_value=999_999), WORDS)
def test_money_is_never_masked(before: str, thousands: int, after: str) -> None:
    for written in (format_money(thousands * 1000), f"{thousands * 1000} đồng", f"{thousands}.000đ"):
        text = f"{before} {written} {after}"
        assert mask(text).text == text


@given(st.text(alphabet="0123456789 .-ạstkcmndbhxhGD4@:\n[]+"))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(st.text(alphabet=st.characters(exclude_categories=["Nd"], exclude_characters="@")))
def test_text_without_numbers_or_addresses_is_untouched(text: str) -> None:
    assert mask(text).text == text


@given(WORDS, IDS, WORDS)
def test_nothing_but_the_number_changes(before: str, number: str, after: str) -> None:
    result = mask(f"{before} {number} {after}")
    assert any(result.text == f"{before} {placeholder} {after}" for placeholder in PLACEHOLDERS.values())


def test_long_rows_of_digits_take_no_long_time() -> None:
    assert mask("1 " * 5000).kinds == ()
