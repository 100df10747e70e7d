from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.entities.places import Gazetteer
from bot.nlu.entities.reader import read_entities

TODAY = date(2026, 11, 25)


def said(text: str, gazetteer: Gazetteer) -> list[tuple[str, str, Any]]:
    found = read_entities(text, gazetteer, TODAY)
    return [(e["entity"], text[e["start"] : e["end"]], e["value"]) for e in found]


def test_a_whole_message_is_read_in_order(gazetteer: Gazetteer) -> None:
    text = "Nhà 4 người ở xã Ba Tơ, mẹ 76 tuổi, thu nhập 1tr5 mỗi người một tháng từ năm 2024, có 2 bò"
    assert said(text, gazetteer) == [
        ("household_size", "4 người", 4),
        ("place", "xã Ba Tơ", {"commune": "1", "candidates": ["1"], "matched": "Ba Tơ"}),
        ("relation", "mẹ", "mother"),
        ("age", "76 tuổi", {"years": 76}),
        ("money", "1tr5", {"amount": 1_500_000, "per": "person_month"}),
        ("date", "năm 2024", {"year": 2024, "month": None, "day": None}),
        ("number", "2", 2),
    ]


def test_a_range_of_money_keeps_its_lower_end(gazetteer: Gazetteer) -> None:
    assert said("lương tháng 3-4 triệu", gazetteer) == [
        ("money", "3-4 triệu", {"amount": 4_000_000, "per": "month", "low": 3_000_000})
    ]


def test_offsets_are_of_the_text_as_typed(gazetteer: Gazetteer) -> None:
    text = unicodedata.normalize("NFD", "Nhà mình ở xã Ba Tơ, mẹ tôi bảy sáu tuổi")
    found = [(e, unicodedata.normalize("NFC", s), v) for e, s, v in said(text, gazetteer)]
    assert [(e, s) for e, s, _ in found] == [
        ("place", "xã Ba Tơ"),
        ("relation", "mẹ tôi"),
        ("age", "bảy sáu tuổi"),
    ]


WORDS = """nhà|4|người|mẹ|tôi|tuổi|bảy|sáu|sinh|năm|1950|50|tháng|triệu|rưỡi|1tr5|xã|Ba Tơ|Đức Phổ|em|hỏi
31/2/2024|,|.|-|/|con|cháu|hai|khẩu|từ|trở lên|99999999999999999999|👨‍👩‍👧|́|"""
PIECES = st.sampled_from(WORDS.replace("\n", "|").split("|"))


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_no_text_breaks_the_reading(text: str, gazetteer: Gazetteer) -> None:
    found = read_entities(text, gazetteer, TODAY)
    assert all(0 <= e["start"] < e["end"] <= len(text) for e in found)
    assert all(a["end"] <= b["start"] for a, b in zip(found, found[1:]))  # noqa: B905, RUF007 - Python 3.10


def test_one_alone_is_an_answer(gazetteer: Gazetteer) -> None:
    assert said("Một.", gazetteer) == [("number", "Một", 1)]


@pytest.mark.parametrize("today", [None, TODAY])
def test_nothing_stated_is_nothing_found(today: date | None, gazetteer: Gazetteer) -> None:
    assert read_entities("Cho em hỏi hộ cận nghèo được hỗ trợ gì ạ?", gazetteer, today) == []
