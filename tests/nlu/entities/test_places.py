from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.entities.places import Commune, Gazetteer


def places(text: str, gazetteer: Gazetteer) -> list[tuple[str, Any, list[str]]]:
    return [(text[f.start : f.end], f.value["commune"], f.value["candidates"]) for f in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "stated", "commune", "candidates"),
    [
        ("Nhà ở xã Ba Tơ", "xã Ba Tơ", "1", ["1"]),
        ("ở Ba Tơ", "Ba Tơ", "1", ["1", "2"]),
        ("huyện Ba Tơ cũ", "huyện Ba Tơ", None, ["1", "2"]),
        ("thị trấn Ba Tơ", "thị trấn Ba Tơ", "1", ["1"]),
        ("Tôi ở Ba Tiêu", "Ba Tiêu", "2", ["2"]),
        ("toi o xa ba cung", "xa ba cung", "1", ["1"]),
        ("o ba cung", "ba cung", "1", ["1"]),
        ("ba to", "ba to", "1", ["1", "2"]),
        ("xã Phổ Ninh, Đức Phổ", "xã Phổ Ninh, Đức Phổ", "4", ["4"]),
        ("xã Bình An", "xã Bình An", None, ["5", "6"]),
        ("xã Bình An, huyện Bình Sơn", "xã Bình An, huyện Bình Sơn", "5", ["5"]),
        ("tp Kon Tum", "tp Kon Tum", None, ["7"]),
        ("P. Đức Phổ", "P. Đức Phổ", "3", ["3"]),
    ],
)
def test_old_and_new_names(
    text: str, stated: str, commune: str | None, candidates: list[str], gazetteer: Gazetteer
) -> None:
    assert places(text, gazetteer) == [(stated, commune, candidates)]


def test_a_province_names_no_commune(gazetteer: Gazetteer) -> None:
    ((_, commune, candidates),) = places("tỉnh Quảng Ngãi", gazetteer)
    assert commune is None
    assert candidates == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("text", ["ba vì bệnh nên nghỉ", "binh an vo su", "ba to lắm", "xã em"])
def test_everyday_words_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert places(text, gazetteer) == []


def test_no_communes_find_nothing() -> None:
    assert list(Gazetteer([]).find("xã Ba Tơ")) == []


def test_a_row_of_the_file_may_lack_all_but_code_and_name() -> None:
    row = {"code": 21484, "name": "Xã Ba Tơ"}
    assert Commune.from_row(row) == Commune("21484", "Xã Ba Tơ")
    assert Commune.from_row({**row, "old_district": "Ba Tơ"}).old_districts == ("Ba Tơ",)
