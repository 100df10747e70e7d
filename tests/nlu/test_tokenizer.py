from __future__ import annotations

import logging
import unicodedata
from typing import Any

import pytest
import underthesea
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import tokenizer as module
from bot.nlu.tokenizer import UndertheseaTokenizer, word_spans

TYPED = [
    "Hộ cận nghèo được hỗ trợ xây nhà ở không?",
    "hoà thuận, thuỷ lợi, qui định, Uỷ ban",
    "hộ  cận\tnghèo\u00a0được  hỗ   trợ",
    unicodedata.normalize("NFD", "được hỗ trợ bảo hiểm y tế"),
    "ho ngheo duoc ho tro gi",
    "a_b hộ_nghèo 😀👨‍👩‍👧 1tr5/tháng… NĐ 188/2025/NĐ-CP",
    "\x00\x07hộ\u200bnghèo\ufeff\ud800",
]


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def assert_sound(text: str) -> None:
    spans = word_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in zip(spans, spans[1:]))  # noqa: B905, RUF007 - Python 3.10
    assert "".join("".join(words(text)).split()) == "".join(text.split())


def test_compounds_are_one_word() -> None:
    assert "hỗ trợ" in words("hộ nghèo được hỗ trợ gì")


@pytest.mark.parametrize("text", TYPED)
def test_tokens_are_slices_of_what_was_typed(text: str) -> None:
    assert_sound(text)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_has_sound_tokens(text: str) -> None:
    assert_sound(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["hộ", "nghèo", "hoà", "thuỷ", "  ", "\n", "😀", "e\u0302\u0323", "_", ".", "5", "qui"]))
)
def test_any_mix_of_syllables_has_sound_tokens(parts: list[str]) -> None:
    assert_sound(" ".join(parts))
    assert_sound("".join(parts))


@pytest.mark.parametrize("answer", [["bảo hiểm", "khác hẳn"], [], ["một từ dài hơn cả câu hỏi này"], [""]])
def test_where_the_segmenter_disagrees_syllables_stand_alone(
    answer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(underthesea, "word_tokenize", lambda *_, **__: answer)
    assert words("bảo hiểm y tế") in (["bảo hiểm", "y", "tế"], ["bảo", "hiểm", "y", "tế"])


def test_a_failing_segmenter_neither_raises_nor_logs_the_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("substring not found: bí mật")

    monkeypatch.setattr(underthesea, "word_tokenize", fail)
    with caplog.at_level(logging.DEBUG):
        assert words("bí mật của tôi") == ["bí", "mật", "của", "tôi"]
    assert "ValueError" in caplog.text
    assert "bí mật" not in caplog.text


def test_rasa_gets_tokens_from_a_config_that_sets_nothing(storage: Any, context: Any) -> None:
    component = UndertheseaTokenizer.create({}, storage, None, context)
    message = Message({TEXT: "hộ nghèo được hỗ trợ"})
    component.process([message])
    tokens = message.get(TOKENS_NAMES[TEXT])
    assert [message.get(TEXT)[t.start : t.end] for t in tokens] == [t.text for t in tokens]
    assert len(tokens) >= 3


def _fingerprint() -> str:
    config = UndertheseaTokenizer.get_default_config()
    key: str = calculate_fingerprint_key(UndertheseaTokenizer, config, {})
    return key


def test_another_segmenter_or_tokenizer_version_trains_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _fingerprint()
    assert _fingerprint() == before
    monkeypatch.setattr(module, "version", lambda _: "99.0")
    other_segmenter = _fingerprint()
    monkeypatch.setattr(module, "VERSION", 99)
    assert len({before, other_segmenter, _fingerprint()}) == 3
