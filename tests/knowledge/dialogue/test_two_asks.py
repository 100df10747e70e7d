from dataclasses import replace

import pytest

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.dialogue.understanding import Ask, Entity, Understanding
from tests.knowledge.dialogue.conversation import said


def asking(text: str, *asks: tuple[str, str]) -> Understanding:
    """``asks``: intent, and the words of ``text`` that ask it."""
    spans = tuple(Ask(intent, 0.9, text.index(words), text.index(words) + len(words)) for intent, words in asks)
    return replace(said(text, asks[0][0]), asks=spans)


def told(replies: list[Reply]) -> list[tuple[str, str | None, str | None]]:
    return [(reply.answer.status, reply.answer.program, reply.answer.aspect) for reply in replies]


@pytest.fixture
def two_topics() -> Understanding:
    one, two = "hưu trí xã hội được bao nhiêu", "bảo hiểm y tế cận nghèo cần giấy tờ gì"
    return asking(f"{one}, với lại {two}", ("ask_benefit", one), ("ask_documents", two))


def test_each_of_two_asks_gets_its_answer_in_order(assistant: Assistant, two_topics: Understanding) -> None:
    replies, case = assistant.answer(two_topics, Case())
    assert told(replies) == [("answered", "huu_tri", "benefit"), ("answered", "bhyt", "documents")]
    assert case.focus.program == "bhyt"


def test_a_second_ask_without_a_topic_is_about_the_program_of_the_first(assistant: Assistant) -> None:
    text = "tiền hưu trí xã hội được bao nhiêu và cần giấy tờ gì"
    replies, _ = assistant.answer(
        asking(text, ("ask_benefit", "tiền hưu trí xã hội được bao nhiêu"), ("ask_documents", "cần giấy tờ gì")), Case()
    )
    assert told(replies) == [("answered", "huu_tri", "benefit"), ("answered", "huu_tri", "documents")]


def test_the_question_of_a_check_stands_last_and_stays_pending(assistant: Assistant) -> None:
    one, two = "mẹ tôi có được hưu trí xã hội không", "cần giấy tờ gì"
    said_ = asking(f"{one}, {two}", ("ask_eligibility", one), ("ask_documents", two))
    relation = Entity("relation", "mother", 0, 2)
    replies, case = assistant.answer(replace(said_, entities=(relation,)), Case())
    assert told(replies) == [("answered", "huu_tri", "documents"), ("asked_back", "huu_tri", "eligibility")]
    assert case.pending is not None
    assert case.goal == "huu_tri"


@pytest.mark.parametrize(
    ("first", "second"),
    [("ask_benefit", "ask_benefit"), ("ask_benefit", "thanks")],
    ids=["the same once more", "no ask at all"],
)
def test_what_is_no_other_ask_is_answered_once(assistant: Assistant, first: str, second: str) -> None:
    text = "hưu trí xã hội được bao nhiêu, mỗi tháng mấy tiền"
    asked = asking(text, (first, "hưu trí xã hội được bao nhiêu"), (second, "mỗi tháng mấy tiền"))
    replies, _ = assistant.answer(asked, Case())
    assert told(replies) == [("answered", "huu_tri", "benefit")]


def test_where_the_first_ask_alone_says_nothing_the_message_is_answered_as_one(assistant: Assistant) -> None:
    text = "được bao nhiêu tiền, hưu trí xã hội ấy"
    asked = asking(text, ("ask_benefit", "được bao nhiêu tiền"), ("ask_definition", "hưu trí xã hội ấy"))
    replies, _ = assistant.answer(asked, Case())
    assert told(replies) == [("answered", "huu_tri", "benefit")]


def test_a_part_of_a_message_keeps_the_entities_that_stand_in_it() -> None:
    text = "nhà ở Ba Tơ, mẹ 76 tuổi được gì"
    whole = said(text, "ask_benefit", ("place", {}, "Ba Tơ"), ("age", {"years": 76}, "76 tuổi"))
    start = text.index("mẹ")
    part = whole.part(start, len(text), Ask("ask_benefit", 0.8, start, len(text)))
    assert (part.text, part.intent, part.confidence) == ("mẹ 76 tuổi được gì", "ask_benefit", 0.8)
    assert [part.text[entity.start : entity.end] for entity in part.entities] == ["76 tuổi"]
