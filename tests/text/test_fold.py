import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.text.fold import fold, strip_accents


def test_fold_drops_accents_stroke_and_case() -> None:
    assert fold("ĐƯỢC hỗ trợ Nước Sạch") == "duoc ho tro nuoc sach"


def test_strip_accents_keeps_case() -> None:
    assert strip_accents("Đức Phổ, Ủy ban") == "Duc Pho, Uy ban"


def test_decomposed_text_folds_as_composed() -> None:
    text = "đường, nghèo, hưởng"
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text())
def test_each_composed_character_gives_one(text: str) -> None:
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text)) == len(strip_accents(text))


@given(st.text(alphabet="aáàăằâấđĐeêềiìoôơớuưựyỳ bc1."))
def test_a_second_time_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
