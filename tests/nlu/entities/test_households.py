from __future__ import annotations

import pytest

from bot.nlu.entities.households import find_household_sizes


def sizes(text: str) -> list[int]:
    return [found.value for found in find_household_sizes(text)]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("nhà 4 người", 4),
        ("nhà em có bốn người", 4),
        ("gia dinh toi co nam nguoi", 5),
        ("hộ có 5 khẩu", 5),
        ("4 nhân khẩu", 4),
        ("nhà tất cả 6 người", 6),
        ("3 người trong nhà", 3),
        ("mười hai khẩu", 12),
    ],
)
def test_size_of_the_household(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "nhà có 2 người già",
        "thôn có 4 người",
        "2 triệu mỗi người",
        "nhà hai ba người",
        "hộ khẩu",
        "nhà 300 người",
        "4 người",
    ],
)
def test_what_is_not_the_whole_household(text: str) -> None:
    assert sizes(text) == []
