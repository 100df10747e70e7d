from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.entities.ages import find_ages


def ages(text: str) -> list[tuple[str, Any]]:
    return [(text[found.start : found.end], found.value) for found in find_ages(text)]


@pytest.mark.parametrize(
    ("text", "stated", "value"),
    [
        ("mẹ tôi 76 tuổi", "76 tuổi", {"years": 76}),
        ("me toi 76 tuoi", "76 tuoi", {"years": 76}),
        ("bảy sáu tuổi", "bảy sáu tuổi", {"years": 76}),
        ("sáu bảy tuổi", "sáu bảy tuổi", {"years": 67}),
        ("bay muoi sau tuoi", "bay muoi sau tuoi", {"years": 76}),
        ("cháu năm tuổi", "năm tuổi", {"years": 5}),
        ("bé 6t", "6t", {"years": 6}),
        ("ba 76t rồi", "76t", {"years": 76}),
        ("con 18 tháng tuổi", "18 tháng tuổi", {"months": 18}),
        ("tuổi 80 rồi", "tuổi 80", {"years": 80}),
        ("từ 75 tuổi trở lên", "75 tuổi", {"years": 75, "bound": "min"}),
        ("trên 80 tuổi", "80 tuổi", {"years": 80, "bound": "min"}),
        ("dưới 6 tuổi", "6 tuổi", {"years": 6, "bound": "max"}),
        ("chưa đủ 16 tuổi", "16 tuổi", {"years": 16, "bound": "max"}),
        ("mẹ đủ 75 tuổi", "75 tuổi", {"years": 75}),
    ],
)
def test_ages_in_figures_and_words(text: str, stated: str, value: dict[str, Any]) -> None:
    assert ages(text) == [(stated, value)]


@pytest.mark.parametrize(
    "text", ["bao nhiêu tuổi", "người cao tuổi", "500 tuổi", "5tr", "12 tháng", "mấy tuổi thì được"]
)
def test_what_is_no_age(text: str) -> None:
    assert ages(text) == []
