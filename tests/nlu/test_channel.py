from __future__ import annotations

import logging
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.exceptions import RasaException

from bot.nlu.channel import AnSinhInput, plain

TURN = {"sender": "turn-1", "message": "hộ nghèo", "metadata": {"today": "2026-11-25", "button": None}}
PAYLOAD = {"answers": [{"text": "Dạ"}], "case": {}}


class Rasa:
    """Stands for Rasa: utters ``sends`` and keeps the messages it got."""

    def __init__(self, *sends: dict[str, Any], error: Exception | None = None) -> None:
        self.got: list[UserMessage] = []
        self._sends = sends
        self._error = error

    async def __call__(self, message: UserMessage) -> None:
        self.got.append(message)
        for sent in self._sends:
            await message.output_channel.send_response(message.sender_id, dict(sent))
        if self._error:
            raise self._error


async def post(address: str, secret: str | None, **body: Any) -> tuple[int, Any]:
    headers = {} if secret is None else {"X-Ansinh-Secret": secret}
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers, **body) as response:
        return response.status, await response.json()


async def test_a_turn_gives_what_the_actions_uttered(channel_server: Any, secret: str) -> None:
    rasa = Rasa({"text": "chữ thường"}, {"custom": PAYLOAD})
    async with channel_server(rasa) as address:
        assert await post(address, secret, json=TURN) == (200, {"turns": [PAYLOAD], "model": None})
    (message,) = rasa.got
    assert (message.text, message.sender_id, message.input_channel) == ("hộ nghèo", "turn-1", "ansinh")
    assert message.metadata == TURN["metadata"]


@pytest.mark.parametrize("given", [None, "", "sai", "bí mật chung ", "bi mat chung"])
async def test_without_the_secret_nothing_is_read(given: str | None, channel_server: Any) -> None:
    rasa = Rasa({"custom": PAYLOAD})
    async with channel_server(rasa) as address:
        assert await post(address, given, json=TURN) == (401, {"error": "unauthorized"})
    assert rasa.got == []


@pytest.mark.parametrize(
    "body",
    [
        {"data": b"{not json"},
        {"json": ["hộ nghèo"]},
        {"json": {"message": "x"}},
        {"json": {**TURN, "sender": ""}},
        {"json": {**TURN, "message": None}},
        {"json": {**TURN, "metadata": "case"}},
    ],
)
async def test_a_malformed_call_is_refused(body: dict[str, Any], channel_server: Any, secret: str) -> None:
    rasa = Rasa({"custom": PAYLOAD})
    async with channel_server(rasa) as address:
        assert await post(address, secret, **body) == (400, {"error": "bad_request"})
    assert rasa.got == []


async def test_a_failure_is_told_without_the_citizens_words(
    channel_server: Any, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with channel_server(Rasa(error=ValueError("hộ nghèo"))) as address:
            assert await post(address, secret, json=TURN) == (502, {"error": "failed"})
    assert "Turn failed: ValueError" in caplog.text
    assert "hộ nghèo" not in caplog.text


async def test_silence_is_a_failure(channel_server: Any, secret: str) -> None:
    async with channel_server(Rasa()) as address:
        assert await post(address, secret, json=TURN) == (502, {"error": "no_answer"})


async def test_it_tells_that_it_is_alive(channel_server: Any) -> None:
    async with (
        channel_server(Rasa()) as address,
        aiohttp.ClientSession() as session,
        session.get(address.removesuffix("webhook")) as response,
    ):
        assert (response.status, await response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("typed", "passed_on"),
    [
        ("/button", "/button"),
        (" /greet ", "/greet"),
        ("/delete_data", "delete_data"),
        ("/button{}", "button{}"),
        (' / /greet{"a": 1}', 'greet{"a": 1}'),
        ("//restart", "restart"),
        ("///", ""),
        ("và/hoặc", "và/hoặc"),
    ],
)
def test_only_two_commands_reach_rasa(typed: str, passed_on: str) -> None:
    assert plain(typed) == passed_on


@pytest.mark.parametrize(
    "credentials", [None, {}, {"secret": ""}, {"secret": "  "}, {"secret": "${ANSINH_RASA_SECRET}"}]
)
def test_without_a_secret_rasa_does_not_start(credentials: dict[str, Any] | None) -> None:
    with pytest.raises(RasaException, match="ANSINH_RASA_SECRET"):
        AnSinhInput.from_credentials(credentials)


def test_the_secret_comes_from_the_credentials_file() -> None:
    assert AnSinhInput.from_credentials({"secret": "s"}).name() == "ansinh"
