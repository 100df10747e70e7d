from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.tokenizer import word_spans
from bot.nlu.words import plain_tokens


def test_an_expansion_of_several_tokens_goes_to_the_first() -> None:
    text = "hỏi khi mô có"
    assert plain_tokens(text, [(0, 3), (4, 7), (8, 10), (11, 13)]) == ["hoi", "khi nao", "", "co"]


@settings(deadline=None)
@given(st.text(alphabet="kocdhimôà \u0301bn0.😀"))
def test_any_text_gives_one_string_for_each_token(text: str) -> None:
    spans = word_spans(text)
    assert len(plain_tokens(text, spans)) == len(spans)
