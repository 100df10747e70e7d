"""More turns at once than there is room for: refused politely, and taken again as soon as one has ended."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest
from aiohttp import web

from bot.channels.web.admission import Admission
from bot.channels.web.errors import ApiError
from bot.conversation.meter import Meter
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fits(admission: Admission) -> int:
    """How many of two hundred find room now."""
    with ExitStack() as inside:
        return sum(_enters(admission, inside) for _ in range(200))


def _enters(admission: Admission, inside: ExitStack) -> bool:
    try:
        inside.enter_context(admission.turn())
    except ApiError as error:
        return error.status != 429
    return True


def test_there_is_room_for_what_was_answered_in_the_last_seconds() -> None:
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    assert fits(admission) == 32, "nothing is known yet"
    # Those who tried have been answered, too.
    assert fits(admission) == 32
    assert fits(admission) == 64
    clock.now += 3.1
    assert fits(admission) == 32, "a quiet time"


def test_slow_answers_make_the_room_small_again() -> None:
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    for _ in range(100):
        clock.now += 0.02
        with admission.turn():
            pass
    assert fits(admission) == 100
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    for _ in range(100):
        clock.now += 0.061
        with admission.turn():
            pass
    assert fits(admission) == 50


async def test_a_full_house_says_when_to_come_again_and_recovers(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(rate_address_sessions="100/second")
    go_on = asyncio.Event()

    async def slow(body: dict[str, Any]) -> web.StreamResponse:
        await go_on.wait()
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    under_way = []
    for _ in range(32):
        await api.open()
        under_way.append(asyncio.create_task(api.say("một câu")))
    while len(rasa.seen) < 32:  # noqa: ASYNC110 - what the fake has seen is no event
        await asyncio.sleep(0.01)

    await api.open()
    message = {"id": "m", "text": "câu nữa"}
    async with api.client.post("/api/web/messages", json=message, headers=api.headers) as response:
        refused = (await response.json())["error"]
    assert (response.status, refused["code"]) == (429, "too_busy")
    assert 2 <= int(response.headers["Retry-After"]) <= 5
    assert f"chờ {response.headers['Retry-After']} giây" in refused["message"]
    assert (await api.call("GET", "/api/web/messages"))[0] == 200, "only turns are refused"
    assert api.gateway.meter.registry.get_sample_value("ansinh_rate_limited_total", {"kind": "turns"}) == 1

    go_on.set()
    await asyncio.gather(*under_way)
    again = await api.say("câu nữa", message_id="m")
    assert again[0]["text"] == "Câu 1: câu nữa", "the same message, as if it had come for the first time"


async def test_a_turn_that_fails_makes_room_too(api: Api) -> None:
    assert (await api.call("DELETE", "/api/web/session"))[0] == 204
    for _ in range(40):
        with pytest.raises(ApiError), api.gateway.admission.turn():
            raise ApiError(401, "session_expired")
    await api.open()
    await api.say("hai")
