import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.text.offsets import compose

VIETNAMESE = "Nhà bà ở Đức Phổ được hỗ trợ"


def test_composed_text_keeps_its_offsets() -> None:
    composed = compose(VIETNAMESE)
    assert composed.text == VIETNAMESE
    assert composed.original_span(4, 6) == (4, 6)


def test_a_span_points_into_decomposed_text() -> None:
    decomposed = unicodedata.normalize("NFD", VIETNAMESE)
    composed = compose(decomposed)
    assert composed.text == VIETNAMESE
    at = VIETNAMESE.index("Đức Phổ")
    start, end = composed.original_span(at, at + len("Đức Phổ"))
    assert unicodedata.normalize("NFC", decomposed[start:end]) == "Đức Phổ"


@given(st.text())
def test_offsets_rise_and_cover_the_text(text: str) -> None:
    composed = compose(text)
    assert len(composed.starts) == len(composed.text) + 1
    assert list(composed.starts) == sorted(composed.starts)
    assert composed.starts[-1] == len(text)
    assert composed.starts[0] == 0
