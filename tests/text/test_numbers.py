import unicodedata
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numbers import find_numbers, parse_number_words


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("ba", 3),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi mốt", 21),
        ("tám mươi tư", 84),
        ("hai lăm", 25),
        ("bảy sáu", 76),
        ("bay muoi sau", 76),
        ("năm chục", 50),
        ("một trăm linh năm", 105),
        ("trăm rưỡi", 150),
        ("trăm hai", 120),
        ("ba trăm năm mươi nghìn", 350_000),
        ("năm trăm ngàn", 500_000),
        ("hai nghìn không trăm hai mươi lăm", 2025),
        ("một triệu hai", 1_200_000),
        ("hai triệu ba trăm", 2_300_000),
        ("hai triệu rưỡi", 2_500_000),
        ("hai trieu ruoi", 2_500_000),
        ("một triệu hai trăm năm mươi nghìn", 1_250_000),
        ("nửa triệu", 500_000),
        ("một tỷ hai", 1_200_000_000),
    ],
)
def test_number_words_have_their_everyday_value(words: str, value: int) -> None:
    assert parse_number_words(words) == value


@pytest.mark.parametrize("words", ["", "ba bốn", "hai năm", "mười năm", "triệu", "nhà", "rưỡi", "hai nghìn ba triệu"])
def test_what_is_no_single_number_has_no_value(words: str) -> None:
    assert parse_number_words(words) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("nhà có bốn người", [4]),
        ("12,5 m2 và 3 sào", ["12.5", 3]),
        ("4.500.000 và 4 500 000", [4_500_000, 4_500_000]),
        ("bay muoi sau tuoi", [76]),
        ("sau khi ra nam, tam nam", []),
        ("sau này tâm bay", []),
        ("đường số 5a, ngày 1/7", []),
        ("không có hai lời", [2]),
    ],
)
def test_numbers_are_found_in_text(text: str, values: list[int | str]) -> None:
    assert [span.value for span in find_numbers(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize("written", ["9" * 400, "9" * 400 + ",5", "1" + ".000" * 200])
def test_numerals_beyond_any_sum_count_nothing(written: str) -> None:
    assert find_numbers(f"lương {written} đồng") == []


def test_spans_point_into_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "nhà có bốn người")
    (span,) = find_numbers(text)
    assert unicodedata.normalize("NFC", text[span.start : span.end]) == "bốn"


@given(st.integers(min_value=0, max_value=99_999_999))
def test_digits_are_read_back(value: int) -> None:
    for written in (str(value), f"{value:,}", f"{value:,}".replace(",", ".")):
        assert [span.value for span in find_numbers(f"có {written} ạ")] == [value]


@given(
    st.lists(
        st.sampled_from(
            [
                "một",
                "hai",
                "ba",
                "năm",
                "mươi",
                "mười",
                "trăm",
                "nghìn",
                "triệu",
                "rưỡi",
                "linh",
                "nha",
                "5",
                "1.5",
                ",",
            ]
        )
    )
)
def test_no_mix_of_number_words_breaks(words: list[str]) -> None:
    text = " ".join(words)
    found = find_numbers(text)
    assert all(left.end <= right.start for left, right in pairwise(found))
