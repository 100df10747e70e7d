"""Cutting texts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.push.pieces import pieces, units


def test_a_short_text_is_one_piece() -> None:
    assert pieces(" Dạ em chào ạ. ", 1900) == ["Dạ em chào ạ."]
    assert pieces("", 10) == []


def test_length_is_counted_in_utf_16_after_composing() -> None:
    question = "Thủ tục đăng ký khai sinh ở phường nào?"
    apart = unicodedata.normalize("NFD", question)
    assert (len(apart), pieces(apart, 39)) == (49, [question])
    assert units("a😀") == 3
    assert pieces("😀" * 1001, 2000) == ["😀" * 1000, "😀"]


def test_it_is_parted_at_a_paragraph_then_a_sentence_then_a_space() -> None:
    assert pieces("Một hai ba.\n\nBốn năm. Sáu bảy.", 20) == ["Một hai ba.", "Bốn năm. Sáu bảy."]
    assert pieces("Mức là 1.500.000 đồng. Nộp ở xã.", 26) == ["Mức là 1.500.000 đồng.", "Nộp ở xã."]
    assert pieces("một hai ba bốn năm", 10) == ["một hai ba", "bốn năm"]
    assert pieces("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


@pytest.mark.parametrize("limit", [2, 7, 50])
@settings(deadline=None)
@given(text=st.text(alphabet="ab ạ.\n😀ế1", max_size=200))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = pieces(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(unicodedata.normalize("NFC", text).split())
