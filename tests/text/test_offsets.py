import unicodedata

from hypothesis import example, given
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


@given(st.text(st.sampled_from("0a\u0300\u0301\u1100\u1161\u11a8\u09c7\u09be\ufa70") | st.characters()))
@example("\u1100\u1161")
def test_it_is_composed_as_a_whole(text: str) -> None:
    assert compose(text).text == unicodedata.normalize("NFC", text)


@given(st.text())
def test_offsets_rise_and_cover_the_text(text: str) -> None:
    composed = compose(text)
    assert len(composed.starts) == len(composed.text) + 1
    assert list(composed.starts) == sorted(composed.starts)
    assert composed.starts[-1] == len(text)
    assert composed.starts[0] == 0


@given(st.text("0a\u0300\u0301\u0360\ufa70", min_size=1))
@example("0\u0300\ufa70")
def test_each_character_came_from_something(text: str) -> None:
    composed = compose(text)
    for at in range(len(composed.text)):
        start, end = composed.original_span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert composed.text[at] in unicodedata.normalize("NFC", text[start:end])
