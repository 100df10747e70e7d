from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.conversation.rasa_client import RasaClient, RasaDownError
from bot.conversation.review.replay import CHANNEL, Replay
from tests.conversation.fake_rasa import SECRET, FakeRasa


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()
    assert fake.violations == []


async def test_a_question_is_asked_as_the_gateway_asks_and_on_its_own(rasa: FakeRasa) -> None:
    async with aiohttp.ClientSession() as http:
        replay = Replay(RasaClient(http, rasa.url, SECRET), dt.date(2026, 11, 25))
        replies = [await replay.ask(text) for text in ("/xin hỏi thẻ bảo hiểm", "còn giấy tờ?")]
    assert [reply.answers[0].text for reply in replies] == ["Câu 1: xin hỏi thẻ bảo hiểm", "Câu 1: còn giấy tờ?"]
    assert {body["metadata"]["channel"] for body in rasa.seen} == {CHANNEL}


async def test_it_says_when_rasa_is_down() -> None:
    async with aiohttp.ClientSession() as http:
        replay = Replay(RasaClient(http, "http://127.0.0.1:9", SECRET), dt.date(2026, 11, 25), seconds=2)
        with pytest.raises(RasaDownError):
            await replay.ask("thẻ bảo hiểm")
