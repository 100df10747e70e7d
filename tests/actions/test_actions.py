import json
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.actions import ActionAnswer, ActionButton, ActionSafety, ActionSocial
from bot.knowledge.assistant import Library
from bot.knowledge.case import Case

ACTIONS = {action: action.__name__ for action in (ActionAnswer, ActionButton, ActionSafety, ActionSocial)}
Kind = type[ActionAnswer] | type[ActionButton] | type[ActionSafety] | type[ActionSocial]


def run(
    kind: Kind,
    library: Library,
    intent: str,
    text: str = "",
    *,
    case: Case | None = None,
    button: dict[str, Any] | None = None,
    entities: list[dict[str, Any]] | None = None,
    draft: int | None = None,
) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "case": (case or Case()).to_json(),
        "today": "2026-11-25",
        "channel": "web",
        "button": button,
    }
    if draft is not None:
        metadata["draft"] = draft
    latest = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "entities": entities or [],
        "metadata": metadata,
    }
    dispatcher = CollectingDispatcher()
    events = kind(library).run(dispatcher, Tracker("t", {}, latest, [], False, None, {}, "action_listen"), {})
    assert events == []
    (message,) = dispatcher.messages
    payload: dict[str, Any] = json.loads(json.dumps(message["custom"]))
    assert set(payload) == {"answers", "case", "understanding", "durations", "knowledge_version"}
    assert payload["knowledge_version"] == library.assistant().snapshot.version
    assert payload["answers"]
    assert payload["understanding"]["intent"] == intent
    assert all(isinstance(value, int | float) for value in payload["durations"].values())
    Case.from_json(payload["case"])
    return payload


def test_the_names_are_those_of_the_domain(library: Library) -> None:
    names = {kind(library).name() for kind in ACTIONS}
    assert names == {"action_answer", "action_button", "action_safety", "action_social"}


def test_a_question_is_answered_from_the_policy_rows(library: Library) -> None:
    payload = run(ActionAnswer, library, "ask_documents", "vay vốn làm nước sạch nhà vệ sinh nông thôn cần giấy tờ gì?")
    (answer,) = payload["answers"]
    assert answer["answer"]["topic"] == "clean_water"
    assert answer["answer"]["status"] == "answered"
    assert answer["answer"]["citations"]
    assert answer["answer"]["as_of"] == "2026-11-25"


def test_a_household_s_story_starts_a_check_whose_case_goes_back_to_the_gateway(library: Library) -> None:
    text = "nhà tôi cận nghèo, mẹ 76 tuổi, được hưởng gì?"
    at = text.index
    entities = [
        {"entity": "relation", "value": "mother", "start": at("mẹ"), "end": at("mẹ") + 2},
        {"entity": "age", "value": {"years": 76}, "start": at("76"), "end": at("76") + 7},
    ]
    payload = run(ActionAnswer, library, "screen", text, entities=entities)
    assert payload["answers"][-1]["answer"]["status"] == "asked_back"
    case = Case.from_json(payload["case"])
    assert case.facts[(None, "household_class")] == "near_poor"
    assert ("mother", "age") in case.facts
    assert case.pending is not None
    assert payload["understanding"]["entities"][0] == entities[0]
    stopped = run(ActionAnswer, library, "stop", "thôi", case=case)
    assert Case.from_json(stopped["case"]).pending is None


def test_a_button_does_its_act(library: Library) -> None:
    act = {"act": "ask", "program": "bhyt_can_ngheo", "aspect": "benefit"}
    answer = run(ActionButton, library, "button", "/button", button=act)["answers"][0]["answer"]
    assert (answer["program"], answer["aspect"]) == ("bhyt_can_ngheo", "benefit")


@pytest.mark.parametrize("act", [None, {}, {"act": "dance"}])
def test_a_button_without_a_known_act_gets_a_word(library: Library, act: dict[str, Any] | None) -> None:
    answer = run(ActionButton, library, "button", "/button", button=act)["answers"][0]
    assert answer["answer"]["status"] == "clarify"


@pytest.mark.parametrize(
    ("kind", "intents"),
    [
        (
            ActionSocial,
            "greet thanks bye help bot_challenge feedback_good feedback_bad foreign_language",
        ),
        (ActionSafety, "abuse emergency human delete_data"),
    ],
)
def test_courtesies_and_safety_keep_the_check_under_way(library: Library, kind: Kind, intents: str) -> None:
    case = Case(goal="bhyt_can_ngheo", subjects=("self",), pending=(None, "household_class"))
    for intent in intents.split():
        assert Case.from_json(run(kind, library, intent, case=case)["case"]) == case


def test_a_draft_that_there_is_not_is_told(library: Library) -> None:
    (answer,) = run(ActionAnswer, library, "ask_benefit", "vay được bao nhiêu?", draft=4711)["answers"]
    assert answer["answer"]["status"] == "error"
    assert answer["text"] == "Không có lần thay đổi nào mang số 4711."


def test_only_the_metadata_itself_names_a_draft(library: Library) -> None:
    act = {"act": "ask", "program": "bhyt_can_ngheo", "aspect": "benefit", "draft": 4711}
    case = Case.from_json({**Case().to_json(), "draft": 4711})
    (answer,) = run(ActionButton, library, "button", "/button", button=act, case=case)["answers"]
    assert answer["answer"]["status"] == "answered"
