from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.fold import strip_accents
from bot.text.money import MoneySpan, find_money, format_money


def amounts(text: str) -> list[int]:
    return [span.amount for span in find_money(text)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1tr5", 1_500_000),
        ("1tr500", 1_500_000),
        ("2tr05", 2_050_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("hai triệu rưỡi", 2_500_000),
        ("1 triệu rưỡi", 1_500_000),
        ("4.500.000", 4_500_000),
        ("4,500,000đ", 4_500_000),
        ("4 500 000 đồng", 4_500_000),
        ("500k", 500_000),
        ("500 ngàn", 500_000),
        ("5 trăm nghìn", 500_000),
        ("3 củ", 3_000_000),
        ("1 triệu 2", 1_200_000),
        ("1 triệu 200 nghìn", 1_200_000),
        ("1 triệu 2 trăm", 1_200_000),
        ("một triệu hai trăm nghìn đồng", 1_200_000),
        ("năm trăm nghìn", 500_000),
        ("1 tỷ 2", 1_200_000_000),
        ("lương 4500000 một tháng", 4_500_000),
        ("4500000", 4_500_000),
    ],
)
def test_amounts_in_every_spelling_and_without_accents(text: str, amount: int) -> None:
    assert amounts(text) == [amount]
    assert amounts(strip_accents(text)) == [amount]


@pytest.mark.parametrize(
    "text",
    [
        "76 tuổi",
        "sinh năm 1950",
        "từ 1/7/2025",
        "CMND 212345678",
        "số thẻ 212345000",
        "0905.123.456",
        "051234567890",
        "nhà 4 ng",
        "2 chai",
        "12 tháng",
        "mua 3 cái cũ",
        "5 kg",
        "điều 20 nghị định 20/2021/NĐ-CP",
        "hai trẻ, ba trẻ",
    ],
)
def test_other_figures_are_no_money(text: str) -> None:
    assert find_money(text) == []


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("2 triệu", None),
        ("2 triệu/người/tháng", "person_month"),
        ("bình quân mỗi người 2tr200 một tháng", "person_month"),
        ("3tr/th", "month"),
        ("mỗi tháng được 500 ngàn", "month"),
        ("24 triệu một năm", "year"),
        ("500k một người", "person"),
    ],
)
def test_period_and_head_are_read_from_around(text: str, per: str | None) -> None:
    (span,) = find_money(text)
    assert span.per == per


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3-4 triệu", 3_000_000, 4_000_000),
        ("từ 3 đến 4 triệu", 3_000_000, 4_000_000),
        ("500k đến 1 triệu", 500_000, 1_000_000),
        ("ba bốn triệu", 3_000_000, 4_000_000),
    ],
)
def test_a_range_is_one_amount_with_a_lower_end(text: str, low: int, high: int) -> None:
    (span,) = find_money(text)
    assert (span.low, span.amount) == (low, high)


def test_what_is_counted_behind_an_amount_is_not_part_of_it() -> None:
    assert amounts("2 triệu 3 đứa con") == [2_000_000]
    assert amounts("lương 2 triệu 3 triệu") == [2_000_000, 3_000_000]


def test_span_holds_the_amount_alone() -> None:
    text = "thu nhập 1tr5 mỗi tháng"
    assert find_money(text) == [MoneySpan(9, 13, 1_500_000, "month")]


def test_format_follows_official_papers() -> None:
    assert format_money(2_200_000) == "2.200.000 đồng"
    assert format_money(500) == "500 đồng"


@given(st.integers(min_value=1000, max_value=10**11))
def test_formatted_amounts_are_read_back(amount: int) -> None:
    assert amounts(f"Nhà em được {format_money(amount)} ạ") == [amount]


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "2tr5",
                "3.000",
                "triệu",
                "tr",
                "k",
                "-",
                "đến",
                "rưỡi",
                "nghìn",
                "trăm",
                "đ",
                "/",
                "tháng",
                "người",
                "ba",
                "bốn",
                "năm",
            ]
        )
    )
)
def test_no_mix_breaks_and_spans_stay_apart(words: list[str]) -> None:
    text = " ".join(words)
    found = find_money(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(0 <= s.start < s.end <= len(text) and s.amount >= 0 for s in found)
