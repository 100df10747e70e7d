from __future__ import annotations

import pytest

from bot.nlu.entities.found import without_overlaps
from bot.nlu.entities.relations import find_relations


def relations(text: str) -> list[str]:
    return [found.value for found in without_overlaps(find_relations(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mẹ tôi 76 tuổi", ["mother"]),
        ("Nhà em cận nghèo, mẹ 76 tuổi", ["mother"]),
        ("mạ tui, má em", ["mother", "mother"]),
        ("ba tôi mất, bố em yếu, tía tui", ["father", "father", "father"]),
        ("ba mẹ em già", ["parents"]),
        ("bà nội và ông ngoại", ["grandmother", "grandfather"]),
        ("bà em 80 tuổi", ["grandmother"]),
        ("con trai tôi khuyết tật", ["child"]),
        ("con 5 tuổi", ["child"]),
        ("nhà có 2 con nhỏ", ["child"]),
        ("cháu nội 3 tuổi", ["grandchild"]),
        ("cháu tôi 7 tuổi mồ côi cha", ["grandchild"]),
        ("chau toi 17 tuoi mo coi ca cha me", ["grandchild"]),
        ("con tôi mồ côi cả cha lẫn mẹ", ["child"]),
        ("be nha em 30 thang", ["child"]),
        ("vợ em, chồng tôi", ["wife", "husband"]),
        ("vợ chồng em", ["couple"]),
        ("mẹ chồng em", ["mother_in_law"]),
        ("em gái tôi", ["sibling"]),
        ("anh ruột", ["sibling"]),
        ("tôi 80 tuổi", ["self"]),
        ("em bị khuyết tật nặng", ["self"]),
        ("tui là hộ nghèo", ["self"]),
        ("bản thân tôi", ["self"]),
        ("me toi 76 tuoi, chong toi om", ["mother", "husband"]),
        ("ba toi 80 tuoi", ["father"]),
        ("ong noi em", ["grandfather"]),
    ],
)
def test_members_of_the_household(text: str, expected: list[str]) -> None:
    assert relations(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "cho em hỏi",
        "cho con hỏi chút",
        "anh chị ơi",
        "chào bà, chào ông",
        "bà ơi cho cháu hỏi",
        "tôi muốn hỏi về nhà ở",
        "dạ em cảm ơn anh",
        "nhà tôi nghèo",
        "gia đình em thuộc hộ nghèo",
        "xã em có không",
        "ba người, thứ ba",
        "rau má, má phanh, mạ kẽm",
        "còn gì nữa không",
        "thủ tục chồng chéo",
        "cho em hoi ho ngheo duoc gi",
        "con gi nua khong, co con khong",
        "ong ba nao cung duoc",
    ],
)
def test_forms_of_address_and_other_words_are_nobody(text: str) -> None:
    assert relations(text) == []
