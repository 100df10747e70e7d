import pytest

from bot.text.durations import find_durations


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("vay 50 triệu 5 năm mỗi tháng trả bao nhiêu", [60]),
        ("trong 60 tháng", [60]),
        ("vay năm năm", [60]),
        ("2 năm 6 tháng", [30]),
        ("hai năm rưỡi", [30]),
        ("một năm rưỡi", [18]),
        ("nửa năm", [6]),
        ("mười năm", [120]),
        ("mười hai tháng", [12]),
        ("vay 3 nam", [36]),
        ("đóng 6 tháng hoặc 12 tháng", [6, 12]),
        ("năm 2024", []),
        ("tháng 3 năm 2025", []),
        ("mỗi tháng trả bao nhiêu", []),
        ("3 tháng 7", []),
        ("0 năm", []),
        ("5/2026 năm", []),
        ("2024 năm", []),
        ("con 5 tuổi", []),
    ],
)
def test_durations_are_read_in_months(text: str, months: list[int]) -> None:
    assert [span.months for span in find_durations(text)] == months


def test_the_span_holds_the_words() -> None:
    text = "Vay trong 5 năm thôi"
    (span,) = find_durations(text)
    assert text[span.start : span.end] == "5 năm"
