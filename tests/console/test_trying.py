"""Trying out a draft: the real bot is asked twice, and nobody else can name a draft."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Engine

from bot.console.roles import Role
from tests.console.conftest import Site
from tests.console.test_changes import database_url, drafted, engine, someone
from tests.conversation.fake_rasa import SECRET, FakeRasa, answer, turn

__all__ = ["database_url", "engine"]


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()

    async def says(body: dict[str, Any]) -> web.Response:
        draft = body["metadata"].get("draft")
        button = {"title": "Giấy tờ", "act": {"act": "ask", "program": "loan", "aspect": "documents"}}
        return web.json_response(turn(answer("<b>bản nháp</b>" if draft else "bản hôm nay", buttons=[button])))

    fake.behaviour = says
    await fake.server.start_server()
    yield fake
    await fake.server.close()


async def test_both_answers_stand_side_by_side(
    open_site: Callable[..., Awaitable[Site]], rasa: FakeRasa, engine: Engine
) -> None:
    site = await open_site(rasa_url=rasa.url, rasa_secret=SECRET)
    lan, number = await someone(site, "lan", Role.EDITOR), drafted(engine)
    page = await lan.get(f"/changes/{number}/try")
    assert "Hộ nghèo vay được bao nhiêu?" in page.text
    asked = {"question": "/button số của tôi 079123456789", "day": "2027-01-01"}
    page = await lan.post(f"/changes/{number}/try", **asked)
    assert "&lt;b&gt;bản nháp&lt;/b&gt;" in page.text
    assert "bản hôm nay" in page.text
    assert "Nút bấm: Giấy tờ" in page.text
    assert {body["metadata"].get("draft") for body in rasa.seen} == {None, number}
    assert {body["metadata"]["today"] for body in rasa.seen} == {"2027-01-01"}
    for message in rasa.messages:
        assert not message.startswith("/")
        assert "079123456789" not in message
    assert (await lan.post(f"/changes/{number}/try", question="", day="mai")).status == 422
    assert (await lan.get("/changes/99/try")).status == 404


async def test_a_bot_that_is_down_is_told(open_site: Callable[..., Awaitable[Site]], engine: Engine) -> None:
    site = await open_site(rasa_url="http://127.0.0.1:9", rasa_secret=SECRET)
    lan, number = await someone(site, "lan", Role.EDITOR), drafted(engine)
    page = await lan.post(f"/changes/{number}/try", question="vay", day="2026-11-30")
    assert (page.status, "Trợ lý đang không hoạt động" in page.text) == (200, True)
