from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.entities.dates import find_births, find_dates

TODAY = date(2026, 1, 15)


def day(year: int | None, month: int | None = None, number: int | None = None) -> dict[str, int | None]:
    return {"year": year, "month": month, "day": number}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("từ 1/7/2025", day(2025, 7, 1)),
        ("ngày 01-07-2025", day(2025, 7, 1)),
        ("ngày 5 tháng 12 năm 2024", day(2024, 12, 5)),
        ("tháng 6 năm 2024", day(2024, 6)),
        ("thang 6/2024", day(2024, 6)),
        ("hồi 6/2024", day(2024, 6)),
        ("năm 2024", day(2024)),
        ("từ 2024 đến nay", day(2024)),
        ("năm ngoái", day(2025)),
        ("nam nay", day(2026)),
        ("sang năm", day(2027)),
        ("tháng trước", day(2025, 12)),
        ("tháng này", day(2026, 1)),
        ("hôm nay", day(2026, 1, 15)),
    ],
)
def test_dates_months_and_years(text: str, value: dict[str, int | None]) -> None:
    assert [found.value for found in find_dates(text, TODAY)][:1] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "nghị định 07/2021",
        "Nghị định 188/2025/NĐ-CP",
        "ngày 31/2/2024",
        "5 năm",
        "lương 2024000",
        "năm năm",
        "1/2 suất",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert list(find_dates(text, TODAY)) == []


def test_relative_dates_need_a_day_to_count_from() -> None:
    assert list(find_dates("năm ngoái", None)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mẹ sinh năm 1950", day(1950)),
        ("sn 1950", day(1950)),
        ("sn 50", day(1950)),
        ("con sinh năm 20", day(2020)),
        ("sinh năm năm mươi", day(1950)),
        ("sinh nam bay muoi sau", day(1976)),
        ("sinh ngày 12/3/1948", day(1948, 3, 12)),
        ("sinh 3/1948", day(1948, 3)),
    ],
)
def test_births(text: str, value: dict[str, int | None]) -> None:
    assert [found.value for found in find_births(text, TODAY)] == [value]


@pytest.mark.parametrize("text", ["sinh con", "học sinh năm nhất", "sinh 2 con", "chi phí sinh 3 triệu"])
def test_what_is_no_birth(text: str) -> None:
    assert list(find_births(text, TODAY)) == []
