from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.entities.places import Commune, Gazetteer
from bot.nlu.gazetteer_file import load_gazetteer


def places(text: str, gazetteer: Gazetteer) -> list[tuple[str, Any, list[str]]]:
    return [(text[f.start : f.end], f.value["commune"], f.value["candidates"]) for f in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "stated", "commune", "candidates"),
    [
        ("Nhà ở xã Ba Tơ", "xã Ba Tơ", "1", ["1"]),
        ("ở Ba Tơ", "Ba Tơ", "1", ["1", "2", "8"]),
        ("ở Ba Tô", "Ba Tô", "8", ["8"]),
        ("huyện Ba Tơ cũ", "huyện Ba Tơ", None, ["1", "2", "8"]),
        ("thị trấn Ba Tơ", "thị trấn Ba Tơ", "1", ["1"]),
        ("Tôi ở Ba Tiêu", "Ba Tiêu", "2", ["2"]),
        ("toi o xa ba cung", "xa ba cung", "1", ["1"]),
        ("o ba cung", "ba cung", "1", ["1"]),
        ("xa ba to", "xa ba to", None, ["1", "8"]),
        ("Phổ Hòa", "Phổ Hòa", "3", ["3"]),
        ("xã Phổ Ninh, Đức Phổ", "xã Phổ Ninh, Đức Phổ", "4", ["4"]),
        ("xã Nguyễn Nghiêm", "xã Nguyễn Nghiêm", "4", ["4", "3"]),
        ("phường Nguyễn Nghiêm", "phường Nguyễn Nghiêm", "3", ["3"]),
        ("xã Bình An", "xã Bình An", None, ["5", "6"]),
        ("xã Bình An, huyện Bình Sơn", "xã Bình An, huyện Bình Sơn", "5", ["5"]),
        ("tp Kon Tum", "tp Kon Tum", None, ["7"]),
        ("P. Đức Phổ", "P. Đức Phổ", "3", ["3"]),
        ("xã Bình Dương", "xã Bình Dương", "5", ["5"]),
        ("nhà em bên Đắk Cấm", "Đắk Cấm", "7", ["7"]),
    ],
)
def test_old_and_new_names(
    text: str, stated: str, commune: str | None, candidates: list[str], gazetteer: Gazetteer
) -> None:
    assert places(text, gazetteer) == [(stated, commune, candidates)]


def test_a_province_names_no_commune(gazetteer: Gazetteer) -> None:
    ((_, commune, candidates),) = places("tỉnh Quảng Ngãi", gazetteer)
    assert commune is None
    assert candidates == ["1", "2", "8", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    "text",
    ["ba vì bệnh nên nghỉ", "binh an vo su", "ba to lắm", "xã em", "đi làm ở Bình Dương", "nhà 12 Nguyễn Nghiêm"],
)
def test_everyday_words_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert places(text, gazetteer) == []


def test_no_communes_find_nothing() -> None:
    assert list(Gazetteer([]).find("xã Ba Tơ")) == []


def test_a_row_of_the_file_may_lack_all_but_code_and_name() -> None:
    row = {"code": 21484, "name": "Xã Ba Tơ"}
    assert Commune.from_row(row) == Commune("21484", "Xã Ba Tơ")


def test_the_province_s_own_list_is_read() -> None:
    gazetteer = load_gazetteer()
    ((_, commune, candidates),) = places("xã Ba Tơ", gazetteer)
    assert (commune, candidates) == ("21484", ["21484"])
    ((_, commune, _),) = places("phường Nghĩa Chánh, TP Quảng Ngãi", gazetteer)
    assert commune == "21025"
