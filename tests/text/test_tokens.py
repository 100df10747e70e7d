from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.text.tokens import syllables


def test_numbers_words_and_signs_are_pieces() -> None:
    pieces = [piece.text for piece in syllables("Nhà 4 người, thu 4.500.000đ theo NĐ 20/2021?")]
    expected = "Nhà | 4 | người | , | thu | 4.500.000 | đ | theo | NĐ | 20/2021 | ?"
    assert pieces == expected.split(" | ")


@given(st.text())
def test_pieces_cover_all_that_is_visible_in_order(text: str) -> None:
    pieces = syllables(text)
    assert all(text[piece.start : piece.end] == piece.text != "" for piece in pieces)
    assert all(left.end <= right.start for left, right in pairwise(pieces))
    assert "".join(piece.text for piece in pieces) == "".join(text.split())
