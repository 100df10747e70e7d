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


def answer(admission: Admission, clock: Time, turns: int, seconds: float) -> None:
    """So many turns, one after the other, of so many seconds each."""
    for _ in range(turns):
        with admission.turn():
            clock.now += seconds


def test_at_first_there_is_room_for_a_few() -> None:
    assert fits(Admission(3.0, Meter(), Time())) == 16


def test_there_is_room_for_as_many_as_are_answered_in_so_many_seconds() -> None:
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    answer(admission, clock, turns=200, seconds=0.031)
    assert fits(admission) == 97


def test_on_a_machine_that_grows_slow_the_room_grows_small() -> None:
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    answer(admission, clock, turns=200, seconds=0.031)
    answer(admission, clock, turns=50, seconds=0.11)
    assert fits(admission) == 28


def test_a_quiet_hour_takes_nothing_away() -> None:
    clock = Time()
    admission = Admission(3.0, Meter(), clock)
    for _ in range(100):
        answer(admission, clock, turns=1, seconds=0.061)
        clock.now += 60
    assert fits(admission) == 50


async def test_a_full_house_says_when_to_come_again_and_recovers(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api()
    go_on = asyncio.Event()

    async def slow(body: dict[str, Any]) -> web.StreamResponse:
        await go_on.wait()
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    under_way = []
    for _ in range(16):
        await api.open()
        under_way.append(asyncio.create_task(api.say("một câu")))
    while len(rasa.seen) < 16:  # noqa: ASYNC110 - what the fake has seen is no event
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
