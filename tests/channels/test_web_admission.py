"""More turns at once than there is room for: refused politely, and taken again as soon as one has ended."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.channels.conftest import OpenApi
from tests.conversation.fake_rasa import FakeRasa


async def test_a_full_house_says_when_to_come_again_and_recovers(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(turns_at_once=2)
    go_on = asyncio.Event()

    async def slow(body: dict[str, Any]) -> web.StreamResponse:
        await go_on.wait()
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    under_way = []
    for _ in range(2):
        await api.open()
        under_way.append(asyncio.create_task(api.say("một câu")))
    while len(rasa.seen) < 2:  # noqa: ASYNC110 - what the fake has seen is no event
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


async def test_a_turn_that_fails_makes_room_too(open_api: OpenApi) -> None:
    api = await open_api(turns_at_once=1)
    await api.open()
    assert (await api.call("DELETE", "/api/web/session"))[0] == 204
    assert (await api.call("POST", "/api/web/messages", json={"id": "m", "text": "một"}))[0] == 401
    await api.open()
    await api.say("hai")
