"""Joint questions: one message settles several facts."""

from dataclasses import replace

import pytest

from bot.knowledge.case import SELF, Case
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.domain import Choice, FactType, Operator
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, FactValue
from tests.knowledge.dialogue.conversation import Conversation, asked
from tests.knowledge.rows import criterion, fact, group, program, provision

JOINT = (SELF, "circumstances")


@pytest.fixture
def talk(small: Snapshot) -> Conversation:
    """A check of a program that a disability, a merit or schooling opens, for the citizen."""
    levels = (Choice("none", "Không có"), Choice("severe", "Nặng", ("khuyết tật nặng",)))
    facts = [
        fact("disability", FactType.CHOICE, choices=levels),
        fact("veteran", phrases=("cựu chiến binh",)),
        fact("is_student"),
        fact(
            "circumstances",
            FactType.SEVERAL,
            question="Người cần xét thuộc những mục nào ạ?",
            choices=(
                Choice("disabled", "Có giấy xác nhận khuyết tật", ("khuyết tật",), {}, {"disability": "none"}),
                Choice("veteran", "Cựu chiến binh", (), {"veteran": True}, {"veteran": False}),
                Choice("student", "Đang đi học", ("sinh viên",), {"is_student": True}, {"is_student": False}),
            ),
        ),
    ]
    help_ = program(
        provision(
            groups=[
                group("a", criterion("disability", Operator.EQUAL, "severe"), criterion("veteran")),
                group("b", criterion("is_student"), criterion("ethnic_minority")),
            ]
        ),
        id="giup",
    )
    snapshot = replace(
        small,
        facts={**small.facts, **{f.id: f for f in facts}},
        programs={**small.programs, help_.id: help_},
    )
    talk = Conversation(Assistant(snapshot, Index(snapshot)), Case(subjects=(SELF,)))
    talk.press({"act": "check", "program": "giup"})
    return talk


def known(talk: Conversation) -> dict[FactKey, FactValue]:
    return dict(talk.case.facts)


def test_it_is_put_where_two_of_its_choices_are_open_and_shows_only_those(talk: Conversation) -> None:
    talk = Conversation(talk.assistant, Case(subjects=(SELF,)).state((SELF, "is_student"), True))
    replies = talk.press({"act": "check", "program": "giup"})
    while asked(replies) != JOINT:
        replies = talk.press({"act": "dont_know", "fact": "ethnic_minority", "member": SELF})
    asks = replies[-1].answer.asks
    assert asks is not None
    assert (asks.multiple, asks.choices) == (True, ("Có giấy xác nhận khuyết tật", "Cựu chiến binh"))
    assert "1. Có giấy xác nhận khuyết tật\n2. Cựu chiến binh" in replies[-1].text


@pytest.mark.parametrize("text", ["2 và 3", "2, 3", "cựu chiến binh, sinh viên"])
def test_what_is_named_holds_and_the_rest_does_not(talk: Conversation, text: str) -> None:
    assert talk.case.pending == JOINT
    assert asked(talk.say(text)) == (SELF, "ethnic_minority")
    assert known(talk) == {(SELF, "veteran"): True, (SELF, "is_student"): True, (SELF, "disability"): "none"}


@pytest.mark.parametrize("text", ["không có", "dạ không thuộc mục nào", "không"])
def test_none_of_them(talk: Conversation, text: str) -> None:
    replies = talk.say(text, "deny")
    assert replies[-1].answer.verdict == "not_eligible"
    assert known(talk)[(SELF, "veteran")] is False


def test_a_choice_without_a_value_is_asked_for_closer(talk: Conversation) -> None:
    assert asked(talk.say("1, 2")) == (SELF, "disability")
    assert talk.say("khuyết tật nặng")[-1].answer.verdict == "eligible"


def test_buttons_pick_one_after_the_other(talk: Conversation) -> None:
    pick = {"act": "choose", "fact": "circumstances", "member": SELF}
    (reply,) = talk.press({**pick, "choice": "veteran"})
    assert "Cựu chiến binh" in reply.text
    assert [b.title for b in reply.buttons][:2] == ["Có giấy xác nhận khuyết tật", "Đang đi học"]
    assert known(talk) == {}
    talk.press({**pick, "choice": "student"})
    talk.press({"act": "chosen", "fact": "circumstances", "member": SELF})
    assert known(talk) == {(SELF, "veteran"): True, (SELF, "is_student"): True, (SELF, "disability"): "none"}


def test_after_the_last_choice_nothing_more_is_asked_of_it(talk: Conversation) -> None:
    for choice in ("veteran", "student", "disabled"):
        replies = talk.press({"act": "choose", "fact": "circumstances", "member": SELF, "choice": choice})
    assert asked(replies) not in (None, JOINT)


def test_not_knowing_keeps_what_was_picked_and_leaves_the_rest_open(talk: Conversation) -> None:
    talk.press({"act": "choose", "fact": "circumstances", "member": SELF, "choice": "veteran"})
    talk.say("mấy cái kia tôi không biết", "dont_know")
    assert known(talk) == {(SELF, "veteran"): True}
    assert {(SELF, "disability"), (SELF, "is_student"), JOINT} <= talk.case.declined


def test_a_number_that_stands_for_nothing_asks_again(talk: Conversation) -> None:
    replies = talk.say("7")
    assert asked(replies) == JOINT
    assert "chưa hiểu" in replies[0].text


def test_what_was_said_in_so_many_words_is_kept(talk: Conversation) -> None:
    talk.say("tôi khuyết tật nặng")
    assert known(talk)[(SELF, "disability")] == "severe"
    assert known(talk)[(SELF, "veteran")] is False


def test_its_buttons_do_nothing_once_it_is_no_longer_pending(talk: Conversation) -> None:
    talk.say("không", "deny")
    before = talk.case
    (reply,) = talk.press({"act": "choose", "fact": "circumstances", "member": SELF, "choice": "veteran"})
    assert (reply.answer.status, talk.case) == ("clarify", before)


def test_the_commune_is_asked_before_what_follows_from_it(small: Snapshot) -> None:
    talk = Conversation(Assistant(small, Index(small)), Case(subjects=(SELF,)))
    replies = talk.press({"act": "check", "program": "vay_nuoc"})
    while asked(replies) == (None, "household_size"):
        replies = talk.press({"act": "dont_know", "fact": "household_size"})
    assert asked(replies) == (None, "commune")
