"""The Official Account with the three real processes: real answers, and a gateway that is killed."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.knowledge.db import make_engine
from tests.channels.zalo_oa.conftest import KEY, put_tokens, until
from tests.e2e.running import AnSinh
from tests.zalo_double.openapi import APP_ID, APP_SECRET, OA_SECRET, Delivered, ZaloDouble
from tests.zalo_double.webhook import WebhookSender, tell_back

CITIZEN = "246845883529197922"


class Province:
    """An Sinh and Zalo, talking to each other."""

    def __init__(self, an_sinh: AnSinh, double: ZaloDouble, sender: WebhookSender) -> None:
        self.an_sinh, self.double, self.sender = an_sinh, double, sender

    async def say(self, text: str, user: str = CITIZEN) -> Delivered:
        """What is read last in answer to a message."""
        before = len(self.double.delivered)
        self.double.users.add(user)
        assert await self.sender.insist(self.sender.text(user, text)) == 0
        await until(lambda: len(self.double.delivered) > before, 60)
        await until(self.at_rest, 60)
        return self.double.delivered[-1]

    def at_rest(self) -> bool:
        waiting = self.an_sinh.rows("SELECT 1 FROM inbox WHERE state = 'waiting'")
        return not waiting and not self.an_sinh.rows("SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'dropped')")


@pytest.fixture
async def province() -> AsyncIterator[Province]:
    double = ZaloDouble()
    await double.server.start_server()
    settings = {
        "ANSINH_SECRET": KEY,
        "ANSINH_ZALO_APP_ID": APP_ID,
        "ANSINH_ZALO_APP_SECRET": APP_SECRET,
        "ANSINH_ZALO_OA_SECRET": OA_SECRET,
        "ANSINH_ZALO_API_URL": double.url,
        "ANSINH_ZALO_OAUTH_URL": double.url,
        "ANSINH_ZALO_ECHO_SECONDS": "30",
        "ANSINH_MAIL_LEASE_SECONDS": "5",
    }
    with tempfile.TemporaryDirectory(prefix="ansinh-zalo-") as folder:
        an_sinh = await asyncio.to_thread(lambda: AnSinh(Path(folder), **settings).__enter__())
        engine = make_engine(f"sqlite:///{an_sinh.database}")
        put_tokens(engine, double.access, double.refresh, dt.timedelta(hours=20))
        engine.dispose()
        async with aiohttp.ClientSession() as http:
            sender = WebhookSender(http, f"{an_sinh.address}/webhooks/zalo")
            echoes = tell_back(sender, double)
            yield Province(an_sinh, double, sender)
            await asyncio.gather(*echoes)
        await asyncio.to_thread(an_sinh.stop)
    await double.close()


async def test_from_the_first_question_to_a_screening_by_numbers_through_a_killed_gateway(province: Province) -> None:
    first = await province.say("Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?")
    assert "%" in first.text
    assert 'nhắn "đồng ý"' in first.text
    assert province.an_sinh.rows("SELECT 1 FROM message") == []

    asked = await province.say("Nhà tôi cận nghèo, mẹ tôi 76 tuổi, được hưởng gì?")
    for _ in range(8):
        if "ví dụ: 1" in asked.text:
            break
        titles = {button["title"]: button["payload"] for button in asked.buttons}
        asked = await province.say(titles.get("Em không biết") or titles.get("Không") or "không biết")
    assert "ví dụ: 1" in asked.text, province.double.texts(CITIZEN)
    after = await province.say("1 2")
    assert "ví dụ: 1" not in after.text or after.text != asked.text

    users = [f"80{number}" for number in range(6)]
    province.double.users.update(users)
    events = [
        province.sender.text(user, "Hộ nghèo được cấp thẻ bảo hiểm y tế không?") for user in users for _ in range(2)
    ]
    before = len(province.double.delivered)
    for event in events:
        await province.sender.post(event)
    await until(lambda: len(province.double.delivered) > before, 60)
    await asyncio.to_thread(province.an_sinh.kill, "gateway")
    await asyncio.to_thread(province.an_sinh.wait_ready)
    await until(province.at_rest, 120)
    assert {user: len(province.double.texts(user)) for user in users} == dict.fromkeys(users, 2)
    assert province.double.refused == []
