import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentence_spans, split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mẹ tôi 76 tuổi. Có được không?", ["Mẹ tôi 76 tuổi.", "Có được không?"]),
        ("Thu nhập 4.500.000 đồng. Đủ không", ["Thu nhập 4.500.000 đồng.", "Đủ không"]),
        ("Nhà ở TP. Quảng Ngãi, Q. 1 cũ", ["Nhà ở TP. Quảng Ngãi, Q. 1 cũ"]),
        ("Theo NĐ 188/2025/NĐ-CP; còn mẹ thì sao", ["Theo NĐ 188/2025/NĐ-CP;", "còn mẹ thì sao"]),
        ("Chào em\nCho hỏi", ["Chào em", "Cho hỏi"]),
        ("Được gì???Cần giấy gì", ["Được gì???", "Cần giấy gì"]),
        ("Nhà dột... giờ sao", ["Nhà dột...", "giờ sao"]),
        ("Xem ansinh.gov.vn nhé", ["Xem ansinh.gov.vn nhé"]),
        ("Nộp xong.Nhà chờ bao lâu", ["Nộp xong.", "Nhà chờ bao lâu"]),
        ("1. Hồ sơ gồm gì", ["1. Hồ sơ gồm gì"]),
        ("Từ năm 2024. Nay sao", ["Từ năm 2024.", "Nay sao"]),
        ("  ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(alphabet="abĐ1 .?!;\n…\u200b"))
def test_no_visible_character_is_lost(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in sentence_spans(text))
