"""The Bot Platform, from the webhook to what is read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.channels.conftest import Api, OpenApi
from tests.channels.zalo_oa.conftest import until
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.zalo_double.bot_platform import SECRET, TOKEN, BotDouble

CHAT = "6ede1234"


class Bot:
    """The platform on both sides of a gateway."""

    def __init__(self, api: Api, double: BotDouble, http: aiohttp.ClientSession) -> None:
        self.api, self.double, self.http = api, double, http
        self.url = str(api.client.make_url("/webhooks/zalo-bot"))

    async def post(self, event: dict[str, Any], **how: Any) -> int:
        return await self.double.post(self.http, self.url, event, **how)

    async def say(self, text: str, **how: Any) -> str:
        before = len(self.double.delivered)
        assert await self.post(self.double.event(CHAT, text), **how) == 200
        await until(lambda: len(self.double.delivered) > before)
        return self.double.delivered[-1][1]


@pytest.fixture
async def bot(open_api: OpenApi) -> AsyncIterator[Bot]:
    double = BotDouble(chats={CHAT})
    await double.server.start_server()
    api = await open_api(
        zalo_bot_token=TOKEN, zalo_bot_secret=SECRET, zalo_bot_url=double.url, mail_settle_seconds=0.02
    )
    async with aiohttp.ClientSession() as http:
        yield Bot(api, double, http)
    await double.server.close()


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_question_is_answered(bot: Bot, rasa: FakeRasa, wrapped: bool) -> None:
    said = await bot.say("Hộ cận nghèo được gì?", wrapped=wrapped)
    assert said.startswith("Câu 1: Hộ cận nghèo được gì?")
    assert 'nhắn "đồng ý"' in said
    assert rasa.seen[0]["metadata"]["channel"] == "zalo_bot"


async def test_buttons_are_numbers_and_words(bot: Bot, rasa: FakeRasa) -> None:
    assert "\n1. Có" in await bot.say("chào")
    await bot.say("1")
    await bot.say("co")
    assert rasa.messages == ["chào", "/button", "/button"]


async def test_a_number_that_answers_a_question_is_no_choice(bot: Bot, rasa: FakeRasa) -> None:
    async def how_many(_body: dict[str, Any]) -> web.Response:
        asks = {"fact": "household_size", "member": None, "type": "number", "choices": [], "multiple": False}
        buttons = [
            {"title": "Em không biết", "act": {"act": "dont_know"}},
            {"title": "Dừng lại", "act": {"act": "stop"}},
        ]
        return web.json_response(turn(answer("Nhà mấy người?", buttons=buttons, asks=asks)))

    rasa.behaviour = how_many
    assert "“Em không biết”, “Dừng lại”" in await bot.say("tính")
    await bot.say("2")
    assert rasa.messages[-1] == "2"
    await bot.say("dừng lại")
    assert rasa.seen[-1]["metadata"]["button"] == {"act": "stop"}


async def test_the_same_message_again_is_answered_once(bot: Bot, rasa: FakeRasa) -> None:
    event = bot.double.event(CHAT, "một lần")
    for _ in range(3):
        assert await bot.post(event) == 200
    await until(lambda: len(bot.double.delivered) == 1)
    await bot.say("sau")
    assert rasa.messages == ["một lần", "sau"]


async def test_groups_and_the_unsupported_are_dropped_and_pictures_answered(bot: Bot, rasa: FakeRasa) -> None:
    assert await bot.post(bot.double.event(CHAT, "nhóm", group=True)) == 200
    assert await bot.post(bot.double.event(CHAT, "", name="message.unsupported.received")) == 200
    assert await bot.post({"ok": True}) == 200
    assert await bot.post(bot.double.event(CHAT, "", name="message.image.received")) == 200
    await until(lambda: len(bot.double.delivered) == 1)
    assert "chỉ đọc được chữ" in bot.double.delivered[0][1]
    assert rasa.seen == []


@pytest.mark.parametrize("secret", ["", "wrong", "bót"])
async def test_a_wrong_secret_is_refused(bot: Bot, secret: str) -> None:
    raw = json.dumps(bot.double.event(CHAT, "x"))
    headers = {"X-Bot-Api-Secret-Token": secret}
    async with bot.http.post(bot.url, data=raw, headers=headers) as response:
        assert response.status == 401
    _, body = await bot.api.call("GET", "/readyz")
    assert "secret" in body["channels"]["zalo_bot"]


async def test_what_is_no_json_is_refused(bot: Bot) -> None:
    async with bot.http.post(bot.url, data=b"{", headers={"X-Bot-Api-Secret-Token": SECRET}) as response:
        assert response.status == 400


@pytest.mark.parametrize("error", [(200, 429), (429, 429), (502, 502)])
async def test_a_refusal_that_passes_is_tried_again(bot: Bot, error: tuple[int, int]) -> None:
    bot.double.errors.append(error)
    assert (await bot.say("một")).startswith("Câu 1: một")


async def test_a_wrong_token_stops_sending(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.double.errors.append((200, 401))
    await bot.post(bot.double.event(CHAT, "một"))

    async def told() -> str:
        _, body = await bot.api.call("GET", "/readyz")
        state: str = body["channels"]["zalo_bot"]
        return state

    await until(lambda: "stopped" in caplog.text)
    assert "401" in await told()
    assert TOKEN not in await told()
    assert bot.double.delivered == []
