import unicodedata

import pytest

from bot.text.fold import strip_accents
from bot.text.normalize import normalize
from evaluation.variants import MADE, no_accents, other_tone_marks, typos

QUESTION = "Khỏe hòa thuận, quý vị hỏi thủy lợi: hộ nghèo được hỗ trợ bao nhiêu tiền mua quà?"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("hòa", "hoà"),
        ("hoà", "hòa"),
        ("Khỏe", "Khoẻ"),
        ("thủy", "thuỷ"),
        ("tọa độ", "toạ độ"),
        ("hoàn", "hoàn"),
        ("quý", "quý"),
        ("quả", "quả"),
        ("tiền", "tiền"),
    ],
)
def test_the_tone_mark_moves_only_where_two_schools_differ(text: str, other: str) -> None:
    assert other_tone_marks(text, "") == other


def test_the_gateway_reads_the_other_tone_marks_and_taken_apart_letters_as_the_same() -> None:
    for name in ("made_tone_marks", "made_nfd"):
        made = MADE[name](QUESTION, "")
        assert made != QUESTION
        assert normalize(made) == normalize(QUESTION)


def test_no_accent_is_left() -> None:
    assert no_accents("Đủ điều kiện", "") == "Du dieu kien"
    assert no_accents(unicodedata.normalize("NFD", "Đủ điều kiện"), "") == "Du dieu kien"


def test_one_word_in_five_is_mistyped_and_never_the_same_word_again() -> None:
    words = ["trong", "những", "ngày", "chờ", "giấy", "chứng", "nhận", "khuyết", "tật"]
    for seed in map(str, range(200)):
        made = typos(" ".join(words), seed).split()
        assert len(made) == len(words)
        changed = [(old, new) for old, new in zip(words, made, strict=True) if old != new]
        assert len(changed) == 1
        assert all(abs(len(old) - len(new)) <= 1 for old, new in changed)


def test_typing_mistakes_are_the_same_for_the_same_seed() -> None:
    assert typos(QUESTION, "1") == typos(QUESTION, "1")
    assert len({typos(QUESTION, str(seed)) for seed in range(20)}) > 10


@pytest.mark.parametrize("text", ["", "?", "ở à", "12 345", "aaa"])
def test_texts_without_words_are_left_alone_or_stay_texts(text: str) -> None:
    for make in MADE.values():
        assert isinstance(make(text, "1"), str)
    assert strip_accents(no_accents(text, "")) == strip_accents(text)
