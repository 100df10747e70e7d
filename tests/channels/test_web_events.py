"""Server-sent events: what reaches a citizen outside their own request."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, web
from sqlalchemy.orm import Session

from bot.conversation.models import SessionRow
from bot.conversation.repository import Reply, add_message
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa


@asynccontextmanager
async def stream(api: Api, query: str = "") -> AsyncIterator[ClientResponse]:
    async with api.client.get(f"/api/web/events{query}", headers=api.headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        yield response


async def next_event(response: ClientResponse, kind: str = "message") -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            lines = (await response.content.readuntil(b"\n\n")).decode().splitlines()
            if f"event: {kind}" in lines:
                data: dict[str, Any] = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
                return data


def officer_says(api: Api, text: str) -> None:
    """As another process does: through the database alone."""
    with Session(api.engine) as db, db.begin():
        session = db.query(SessionRow).one()
        add_message(db, session.id, "officer", Reply(text, {}, []), dt.datetime.now(dt.timezone.utc))


async def test_officer_in_another_process_is_heard(api: Api) -> None:
    async with stream(api) as response:
        await response.content.readuntil(b"\n\n")
        officer_says(api, "Chào anh, tôi là cán bộ.")
        message = await next_event(response)
    assert (message["role"], message["text"]) == ("officer", "Chào anh, tôi là cán bộ.")


async def test_answer_to_a_lost_connection_comes_late(api: Api, rasa: FakeRasa) -> None:
    async def slow(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    async with stream(api) as response:
        lost = asyncio.create_task(api.say("hỏi", "m-1"))
        await asyncio.sleep(0.1)
        lost.cancel()
        message = await next_event(response)
    assert message["text"] == "Câu 1: hỏi"
    assert [message] == await api.say("hỏi", "m-1")


async def test_stream_starts_where_the_client_was(api: Api) -> None:
    await api.say("một", "m-1")
    await api.say("hai", "m-2")
    async with stream(api, "?after=m-1") as response:
        assert [(await next_event(response))["text"] for _ in range(2)] == ["Câu 1: một", "Câu 2: hai"]


async def test_idle_stream_gives_a_sign_of_life(api: Api) -> None:
    async with stream(api) as response, asyncio.timeout(5):
        while await response.content.readuntil(b"\n\n") != b": heartbeat\n\n":
            pass


async def test_stream_of_an_erased_session_ends(api: Api) -> None:
    async with stream(api) as response:
        await api.call("DELETE", "/api/web/session")
        await next_event(response, "end")


async def test_stream_of_another_session_hears_nothing(api: Api, open_api: OpenApi) -> None:
    other = await open_api()
    await other.open()
    async with stream(other) as response:
        await api.say("chuyện riêng")
        received = b""
        while b": heartbeat" not in received:
            received += await response.content.readuntil(b"\n\n")
    assert b"event: message" not in received


async def test_one_stream_too_many_ends_the_oldest(open_api: OpenApi) -> None:
    api = await open_api(events_per_session=1)
    await api.open()
    async with stream(api) as left_behind:
        await left_behind.content.readuntil(b"\n\n")
        async with stream(api) as newest:
            async with asyncio.timeout(5):
                await left_behind.content.read()
            officer_says(api, "Chào anh.")
            assert (await next_event(newest))["text"] == "Chào anh."


async def test_stop_of_the_gateway_ends_streams(api: Api) -> None:
    async with stream(api) as response:
        api.gateway.hub.close()
        async with asyncio.timeout(5):
            await response.content.read()
