from datetime import date
from typing import Any

from rasa_sdk import Tracker

from actions.message import read
from bot.knowledge.case import Case
from bot.knowledge.dialogue.understanding import Ask, Entity


def tracker(**latest: Any) -> Tracker:
    return Tracker("turn-1", {}, latest, [], False, None, {}, "action_listen")


def test_text_intent_entities_day_and_case_are_read() -> None:
    stored = Case().state((None, "area"), "rural")
    message = read(
        tracker(
            text="mẹ 76 tuổi",
            intent={"name": "inform", "confidence": 0.93},
            intent_ranking=[{"name": f"i{n}", "confidence": 0.1} for n in range(8)],
            entities=[{"entity": "age", "value": {"years": 76}, "start": 3, "end": 10, "extractor": "x"}],
            asks=[{"intent": "ask_benefit", "confidence": 0.8, "start": 0, "end": 10}],
            metadata={"case": stored.to_json(), "today": "2026-11-25", "channel": "web", "button": None},
        )
    )
    assert (message.said.text, message.said.intent, message.said.confidence) == ("mẹ 76 tuổi", "inform", 0.93)
    assert message.said.today == date(2026, 11, 25)
    assert message.said.entities == (Entity("age", {"years": 76}, 3, 10),)
    assert len(message.said.ranking) == 8
    assert message.said.asks == (Ask("ask_benefit", 0.8, 0, 10),)
    assert message.case == stored
    assert message.button is None


def test_a_message_that_rasa_understood_nothing_of_is_a_fallback_with_a_new_case() -> None:
    message = read(tracker(text=None, intent={"name": None, "confidence": None}, entities=[], metadata=None))
    assert (message.said.text, message.said.intent) == ("", "nlu_fallback")
    assert message.case == Case()


def test_the_act_of_a_button_is_handed_on() -> None:
    act = {"act": "ask", "program": "xoa_nha_tam", "aspect": "benefit"}
    assert read(tracker(text="/button", intent={"name": "button"}, metadata={"button": act})).button == act
