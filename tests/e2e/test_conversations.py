"""Whole conversations with the real three processes, as `conversations/*.yml` writes them."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.text.fold import fold
from tests.e2e.conversations import Conversation, conversations, hold
from tests.e2e.running import AnSinh, Talk

ALL = list(conversations())
CORE_TOPICS = {
    "housing_support",
    "social_housing",
    "clean_water",
    "health_insurance",
    "poverty_status",
    "poverty_benefits",
    "social_pension",
    "credit",
}


@pytest.mark.parametrize("conversation", ALL, ids=lambda each: fold(each.name))
def test_conversation(an_sinh: AnSinh, conversation: Conversation) -> None:
    hold(Talk(an_sinh.address), conversation)


def test_there_are_enough_and_each_core_topic_is_among_them() -> None:
    assert len(ALL) >= 25
    assert not [name for name, count in Counter(each.name for each in ALL).items() if count > 1]
    expected = [turn.get("expect") for each in ALL for turn in each.turns]
    messages = [message for expect in expected for message in (expect if isinstance(expect, list) else [expect])]
    topics = {message.get("topic") for message in messages if message and message.get("status") == "answered"}
    assert topics >= CORE_TOPICS
