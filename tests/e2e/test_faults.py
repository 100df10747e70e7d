"""A part of the system fails: the citizen gets that fault's own reply, and the next turn works."""

from __future__ import annotations

import contextlib
import sqlite3
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.conversation.voice import load_voice
from tests.e2e.running import AnSinh, Talk, wait_for

QUESTION = "Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?"
VOICE = load_voice()


@contextlib.contextmanager
def writer(an_sinh: AnSinh) -> Iterator[None]:
    """Somebody else who holds the database for writing."""
    with contextlib.closing(sqlite3.connect(an_sinh.database, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def own_reply(talk: Talk, reply: str) -> None:
    """Asks, and gets just this reply, within the time of a turn."""
    begin = time.monotonic()
    [message] = talk.say(QUESTION)
    assert message["text"] == VOICE.replies[reply].text
    assert message["answer"]["status"] == "unavailable"
    assert time.monotonic() - begin < 15


@pytest.fixture(autouse=True)
def unlogged(an_sinh: AnSinh) -> Iterator[None]:
    """No fault makes a process log what the citizen wrote."""
    yield
    assert an_sinh.logged(QUESTION) == []


def works(talk: Talk) -> None:
    [message] = talk.say(QUESTION)
    assert message["answer"]["status"] == "answered"
    assert message["answer"]["program"] == "bhyt_can_ngheo"


@pytest.mark.parametrize(("name", "reply"), [("rasa", "rasa_down"), ("actions", "actions_down")])
def test_a_killed_process_has_its_reply_and_is_started_again(
    an_sinh: AnSinh, talk: Talk, name: str, reply: str
) -> None:
    works(talk)
    killed = an_sinh.kill(name)
    own_reply(talk, reply)
    wait_for(lambda: an_sinh.pid(name) not in {0, killed}, 30)
    an_sinh.wait_ready()
    works(talk)


def test_a_killed_gateway_keeps_the_conversation(an_sinh: AnSinh, talk: Talk) -> None:
    works(talk)
    before = talk.history()
    killed = an_sinh.kill("gateway")
    wait_for(lambda: an_sinh.pid("gateway") not in {0, killed}, 30)
    an_sinh.wait_ready()
    assert talk.history() == before
    [message] = talk.say("còn giấy tờ?")
    assert message["answer"]["program"] == "bhyt_can_ngheo"
    assert message["answer"]["aspect"] == "documents"


def test_a_locked_database_has_its_reply(an_sinh: AnSinh, talk: Talk) -> None:
    works(talk)
    with writer(an_sinh):
        own_reply(talk, "database_down")
    works(talk)


def test_a_message_that_could_not_be_stored_is_answered_when_it_is_sent_again(an_sinh: AnSinh, talk: Talk) -> None:
    body = {"id": str(uuid.uuid4()), "text": QUESTION}
    with writer(an_sinh):
        assert talk.post(body).body["messages"][0]["answer"]["status"] == "unavailable"
    assert talk.post(body).body["messages"][0]["answer"]["status"] == "answered"
    assert an_sinh.rows("SELECT count(*) FROM turn_log WHERE message_id = ?", body["id"]) == [(1,)]


def test_the_same_message_sent_four_times_at_once_is_answered_once(an_sinh: AnSinh, talk: Talk) -> None:
    body = {"id": str(uuid.uuid4()), "text": QUESTION}
    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(talk.post, [body] * 4))
    assert [response.status for response in responses] == [200] * 4
    assert all(response.body == responses[0].body for response in responses)
    assert talk.post(body).body == responses[0].body
    assert an_sinh.rows("SELECT count(*) FROM turn_log WHERE message_id = ?", body["id"]) == [(1,)]
    # The greeting, the question, its one answer.
    assert [message["role"] for message in talk.history()] == ["bot", "citizen", "bot"]
