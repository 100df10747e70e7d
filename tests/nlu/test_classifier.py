from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import classifier as module
from bot.nlu.classifier import SentenceClassifier
from bot.nlu.tokenizer import UndertheseaTokenizer

PHRASES = {
    "ask_benefit": ["được bao nhiêu tiền", "mức hỗ trợ bao nhiêu", "mỗi tháng lãnh bao nhiêu"],
    "ask_documents": ["hồ sơ gồm giấy tờ gì", "cần mang giấy gì", "nộp giấy tờ gì"],
    "inform": ["mẹ tôi già rồi", "nhà tôi ở Ba Tơ", "tôi làm rẫy"],
    "out_of_scope": ["thời tiết mai thế nào", "kết quả bóng đá", "giá vàng hôm nay"],
}


def tokenized(texts: list[str]) -> list[Message]:
    messages = [Message({TEXT: text}) for text in texts]
    UndertheseaTokenizer(UndertheseaTokenizer.get_default_config()).process(messages)
    return messages


def trained(storage: Any, context: Any, config: dict[str, Any] | None = None) -> SentenceClassifier:
    messages = []
    for intent, phrases in PHRASES.items():
        for message in tokenized(phrases):
            message.set(INTENT, intent)
            messages.append(message)
    component = SentenceClassifier.create(config or {}, storage, Resource("classifier"), context)
    component.train(TrainingData(messages))
    return component


def read(component: SentenceClassifier, text: str) -> Message:
    (message,) = component.process(tokenized([text]))
    return message


def test_the_ask_is_found_behind_the_facts(storage: Any, context: Any) -> None:
    text = "Nhà tôi ở Ba Tơ. Mẹ tôi già rồi. Hồ sơ gồm giấy tờ gì?"
    message = read(trained(storage, context), text)
    assert message.get(INTENT)["name"] == "ask_documents"
    (ask,) = message.get("asks")
    assert (ask["intent"], text[ask["start"] : ask["end"]]) == ("ask_documents", "Hồ sơ gồm giấy tờ gì?")


def test_two_asks_are_told_in_order(storage: Any, context: Any) -> None:
    message = read(trained(storage, context), "Mỗi tháng lãnh bao nhiêu? Cần mang giấy gì?")
    assert [ask["intent"] for ask in message.get("asks")] == ["ask_benefit", "ask_documents"]
    assert message.get(INTENT)["name"] == "ask_benefit"


def test_the_ranking_falls_and_begins_with_the_intent(storage: Any, context: Any) -> None:
    message = read(trained(storage, context), "giá vàng hôm nay")
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get(INTENT)
    assert ranking[0]["name"] == "out_of_scope"
    assert {each["name"] for each in ranking} == set(PHRASES)
    assert [each["confidence"] for each in ranking] == sorted((each["confidence"] for each in ranking), reverse=True)


def test_what_lies_outside_can_count_for_more(storage: Any, context: Any) -> None:
    def outside(config: dict[str, Any]) -> float:
        ranking = read(trained(storage, context, config), "mai tôi đi").get("intent_ranking")
        return next(float(each["confidence"]) for each in ranking if each["name"] == "out_of_scope")

    assert outside({"out_of_scope": 4.0}) > outside({"out_of_scope": 1.0})


def test_a_loaded_component_reads_as_the_trained_one(storage: Any, context: Any) -> None:
    component = trained(storage, context)
    loaded = SentenceClassifier.load({}, storage, Resource("classifier"), context)
    for text in ("được bao nhiêu tiền", "giá vàng"):
        assert read(loaded, text).get("intent_ranking") == read(component, text).get("intent_ranking")


@pytest.mark.parametrize("text", ["", "?", "😀", " . ", "e\u0302\u0323, và, và", "(" * 200])
def test_odd_text_is_read_too(text: str, storage: Any, context: Any) -> None:
    assert read(trained(storage, context), text).get(INTENT)["name"] in PHRASES


def test_another_table_of_shorthand_trains_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    config = SentenceClassifier.get_default_config()
    before = calculate_fingerprint_key(SentenceClassifier, config, {})
    other = tmp_path / "abbreviations.tsv"
    other.write_text("short\tfull\n", encoding="utf-8")
    monkeypatch.setattr(module, "TABLE", other)
    assert calculate_fingerprint_key(SentenceClassifier, config, {}) != before
