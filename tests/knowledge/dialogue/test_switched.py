"""What is switched off is neither answered nor offered, however it comes up."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.domain import Switch, SwitchKind
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.dialogue.conversation import Conversation

OFF = "Dạ phần này đang được rà soát ạ."
Open = Callable[..., Conversation]


@pytest.fixture
def opened(small: Snapshot) -> Open:
    """A conversation with an assistant that has some of its programs and topics switched off."""

    def open_(*off: tuple[SwitchKind, str]) -> Conversation:
        snapshot = replace(small, switches=tuple(Switch(kind, target, OFF) for kind, target in off))
        return Conversation(Assistant(snapshot, Index(snapshot)))

    return open_


def test_a_typed_question_hears_the_message(opened: Open) -> None:
    for switch in ((SwitchKind.PROGRAM, "huu_tri"), (SwitchKind.TOPIC, "social_pension")):
        (reply,) = opened(switch).say("hưu trí xã hội được bao nhiêu", "ask_benefit")
        assert (reply.answer.status, reply.text) == ("unavailable", OFF)
        (reply,) = opened(switch).say("bảo hiểm y tế cận nghèo cần giấy tờ gì", "ask_documents")
        assert reply.answer.status == "answered"


def test_a_list_to_choose_from_leaves_out_what_is_off(opened: Open) -> None:
    housing = {"act": "topic", "topic": "housing_support"}
    (whole,) = opened().press(housing)
    assert {reading.program for reading in whole.answer.readings} >= {"xoa_nha", "vay_nuoc"}
    (reply,) = opened((SwitchKind.PROGRAM, "xoa_nha")).press(housing)
    assert reply.answer.status == "clarify"
    assert "xoa_nha" not in {reading.program for reading in reply.answer.readings}
    assert "xoa_nha" not in {button.act.get("program") for button in reply.buttons}
    gone = [button.title for button in whole.buttons if button.act.get("program") == "xoa_nha"]
    assert gone
    assert all(title not in reply.text for title in gone)
    assert "vay_nuoc" in {reading.program for reading in reply.answer.readings}


def test_a_list_of_which_nothing_is_left_is_the_message(opened: Open) -> None:
    (reply,) = opened((SwitchKind.TOPIC, "housing_support")).press({"act": "topic", "topic": "housing_support"})
    assert (reply.answer.status, reply.text, reply.answer.topic) == ("unavailable", OFF, "housing_support")


def test_an_unclear_question_is_not_led_to_what_is_off(opened: Open) -> None:
    asked = ("nhà ở và tiền điện", "nlu_fallback")
    offered = {each.topic for reply in opened().say(*asked) for each in reply.answer.readings}
    replies = opened((SwitchKind.TOPIC, "housing_support")).say(*asked)
    assert "housing_support" in offered
    assert all(reading.topic != "housing_support" for reply in replies for reading in reply.answer.readings)


def test_a_check_under_way_ends_with_the_message(opened: Open, small: Snapshot) -> None:
    talk = opened()
    talk.press({"act": "check", "program": "huu_tri"})
    assert talk.case.pending is not None
    after = opened((SwitchKind.PROGRAM, "huu_tri"))
    after.case = talk.case
    (reply,) = after.say("mẹ tôi 80 tuổi", "inform", ("age", {"years": 80}, "80 tuổi"))
    assert (reply.answer.status, reply.text, after.case.pending) == ("unavailable", OFF, None)
