import pytest

from bot.knowledge.dialogue.social import courtesy, safety
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import TODAY


@pytest.mark.parametrize(
    "intent", ["greet", "thanks", "bye", "help", "bot_challenge", "feedback_good", "feedback_bad", "foreign_language"]
)
def test_courtesies_are_answered_without_policy(small: Snapshot, intent: str) -> None:
    reply = courtesy(intent, TODAY, small)
    assert reply.text
    assert (reply.answer.status, reply.answer.source, reply.answer.citations) == ("answered", "smalltalk", ())


def test_a_greeting_offers_a_screening_and_topics_that_exist(small: Snapshot) -> None:
    acts = [button.act for button in courtesy("greet", TODAY, small).buttons]
    assert acts[0] == {"act": "screen"}
    assert {act["topic"] for act in acts[1:]} == {"health_insurance", "housing_support", "social_pension"}


def test_an_emergency_gets_the_national_numbers(small: Snapshot) -> None:
    text = safety("emergency", TODAY, small).text
    assert all(number in text for number in ("113", "114", "115", "111"))


def test_abuse_is_blocked_and_says_what_is_welcome(small: Snapshot) -> None:
    assert safety("abuse", TODAY, small).answer.status == "blocked"


def test_erasing_asks_first(small: Snapshot) -> None:
    reply = safety("delete_data", TODAY, small)
    assert reply.answer.status == "asked_back"
    assert [button.act for button in reply.buttons] == [{"act": "erase_data"}, {"act": "stop"}]


def test_a_wish_for_a_person_names_the_office_and_has_its_button(small: Snapshot) -> None:
    reply = safety("human", TODAY, small)
    assert "UBND xã" in reply.text
    assert [button.act for button in reply.buttons] == [{"act": "human"}]
