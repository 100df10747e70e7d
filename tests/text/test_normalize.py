import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalize import looks_garbled, normalize


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoà thuận, thuỷ lợi, khoẻ", "hòa thuận, thủy lợi, khỏe"),
        ("HOÀ, Uỷ ban", "HÒA, Ủy ban"),
        ("hòan tòan, hùynh", "hoàn toàn, huỳnh"),
        ("quý, quỳ, qúa, gía, gíup", "quý, quỳ, quá, giá, giúp"),
        ("loại, xoáy, thuyền, khuỷu", "loại, xoáy, thuyền, khuỷu"),
        (unicodedata.normalize("NFD", "được hỗ trợ"), "được hỗ trợ"),
        ("hộ\u200b  nghèo\u00a0\u00a0ạ\ufeff ", "hộ nghèo ạ"),
        ("dòng một \r\n\r\n dòng hai\tba", "dòng một\ndòng hai ba"),
        ("１２３ ＡＢ（ｘ）", "123 AB(x)"),
        ("٠٩٠٥", "0905"),
        ("Ðồng bào ðược", "Đồng bào được"),
        ("a\x00b\x1bc", "a b c"),
        ("vỡ\ud800 đôi", "vỡ đôi"),
    ],
)
def test_every_way_of_typing_becomes_one(typed: str, expected: str) -> None:
    assert normalize(typed) == expected


@given(st.text())
def test_a_second_time_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(alphabet="oaàáảeèuùyỳqgiíhnOAÀU "))
def test_a_second_time_changes_nothing_about_tones(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text())
def test_result_is_composed_tidy_and_encodable(text: str) -> None:
    once = normalize(text)
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "  " not in once
    once.encode()


@pytest.mark.parametrize(
    "text",
    ["Hé nghÌo ®­îc hç trî g×", "Hoä ngheøo ñöôïc hoã trôï gì", "Há»™ nghÃ¨o", "b¶o hiÓm y tÕ"],
)
def test_legacy_code_pages_are_noticed(text: str) -> None:
    assert looks_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hộ nghèo được hỗ trợ gì ạ",
        "HỘ CẬN NGHÈO ĐƯỢC HỖ TRỢ GÌ",
        "ho ngheo duoc ho tro gi",
        "nhà 50 m² ở 25°C",
        "Müller hỏi về thẻ bảo hiểm",
        "Tôi ở Đăk Glei, café gần đó",
        "😀 ạ",
    ],
)
def test_ordinary_text_is_not_garbled(text: str) -> None:
    assert not looks_garbled(text)
