from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.storage.resource import Resource
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import featurizer as module
from bot.nlu.featurizer import FoldedCountVectorsFeaturizer, plain_tokens
from bot.nlu.tokenizer import UndertheseaTokenizer, word_spans

EXAMPLES = [
    ("không được hỗ trợ à", "deny"),
    ("hộ nghèo được bảo hiểm y tế gì", "ask_benefit"),
    ("khi nào có tiền", "ask_time_limit"),
]
SAME = [
    ["không được hỗ trợ à", "ko dc hỗ trợ à", "khong duoc ho tro a", "KHÔNG  ĐƯỢC HỖ TRỢ À"],
    ["hộ nghèo được bảo hiểm y tế gì", "ho ngheo dc bhyt gi"],
    ["khi nào có tiền", "khi mô có tiền"],
]
CONFIGS = [
    {"analyzer": "word", "min_ngram": 1, "max_ngram": 2},
    {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4},
]


def tokenized(texts: list[str], intents: list[str] | None = None) -> TrainingData:
    messages = [Message({TEXT: text}) for text in texts]
    for message, intent in zip(messages, intents or []):  # noqa: B905 - Python 3.10, lengths differ on purpose
        message.set(INTENT, intent)
    data = TrainingData(messages)
    UndertheseaTokenizer(UndertheseaTokenizer.get_default_config()).process_training_data(data)
    return data


def sentence_features(component: FoldedCountVectorsFeaturizer, text: str) -> list[float]:
    (message,) = tokenized([text]).training_examples
    component.process([message])
    _, sentence = message.get_sparse_features(TEXT, [])
    vector: list[float] = sentence.features.toarray()[0].tolist()
    return vector


@pytest.fixture(params=CONFIGS, ids=["words", "letters"])
def config(request: Any) -> dict[str, Any]:
    return {**FoldedCountVectorsFeaturizer.get_default_config(), **request.param}


def trained(config: dict[str, Any], storage: Any, context: Any) -> FoldedCountVectorsFeaturizer:
    component: FoldedCountVectorsFeaturizer = FoldedCountVectorsFeaturizer.create(
        config, storage, Resource("featurizer"), context
    )
    component.train(tokenized([text for text, _ in EXAMPLES], [intent for _, intent in EXAMPLES]))
    return component


@pytest.mark.parametrize("variants", SAME, ids=lambda variants: variants[0])
def test_spelling_does_not_change_the_features(
    variants: list[str], config: dict[str, Any], storage: Any, context: Any
) -> None:
    component = trained(config, storage, context)
    first, *others = [sentence_features(component, text) for text in variants]
    assert sum(first) > 0
    assert all(other == first for other in others)


def test_a_loaded_component_counts_as_the_trained_one(config: dict[str, Any], storage: Any, context: Any) -> None:
    component = trained(config, storage, context)
    loaded = FoldedCountVectorsFeaturizer.load(config, storage, Resource("featurizer"), context)
    for text, _ in EXAMPLES:
        assert np.array_equal(sentence_features(loaded, text), sentence_features(component, text))


def test_each_token_has_its_row_of_features(config: dict[str, Any], storage: Any, context: Any) -> None:
    component = trained(config, storage, context)
    (message,) = tokenized(["khi mô có tiền bhyt"]).training_examples
    component.process([message])
    sequence, _ = message.get_sparse_features(TEXT, [])
    assert sequence.features.shape[0] == len(message.get("text_tokens"))


def test_an_expansion_of_several_tokens_goes_to_the_first() -> None:
    text = "hỏi khi mô có"
    assert plain_tokens(text, [(0, 3), (4, 7), (8, 10), (11, 13)]) == ["hoi", "khi nao", "", "co"]


@settings(deadline=None)
@given(st.text(alphabet="kocdhimôà \u0301bn0.😀"))
def test_any_text_gives_one_string_for_each_token(text: str) -> None:
    spans = word_spans(text)
    assert len(plain_tokens(text, spans)) == len(spans)


def test_another_table_of_shorthand_trains_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    config = FoldedCountVectorsFeaturizer.get_default_config()
    before = calculate_fingerprint_key(FoldedCountVectorsFeaturizer, config, {})
    other = tmp_path / "abbreviations.tsv"
    other.write_text("short\tfull\n", encoding="utf-8")
    monkeypatch.setattr(module, "TABLE", other)
    assert calculate_fingerprint_key(FoldedCountVectorsFeaturizer, config, {}) != before


def test_intents_are_whole_labels(storage: Any, context: Any) -> None:
    config = {**FoldedCountVectorsFeaturizer.get_default_config()}
    component = FoldedCountVectorsFeaturizer.create(config, storage, Resource("featurizer"), context)
    message = Message({INTENT: "ask_benefit", "intent_tokens": [Token("ask_benefit", 0)]})
    assert component._get_message_tokens_by_attribute(message, INTENT) == ["ask_benefit"]
