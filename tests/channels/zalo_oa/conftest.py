"""A gateway with the Official Account set up, between the fake Rasa and the double of Zalo."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.zalo_oa.models import ZaloToken
from bot.conversation.sealing import Box
from tests.channels.conftest import Api, OpenApi
from tests.zalo_double.openapi import APP_ID, APP_SECRET, OA_SECRET, Delivered, ZaloDouble
from tests.zalo_double.webhook import WebhookSender

KEY = "signing-key-of-the-tests"
ANNA = "246845883529197922"


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.02)


def put_tokens(engine: Engine, access: str, refresh: str, left: dt.timedelta) -> None:
    """What the set-up command has stored; ``left`` until the access token ends."""
    box, now = Box(KEY), dt.datetime.now(dt.UTC)
    with Session(engine) as db, db.begin():
        db.merge(
            ZaloToken(
                app_id=APP_ID,
                access=box.seal(access),
                refresh=box.seal(refresh),
                expires_at=now + left,
                renewed_at=now,
                problem=None,
                lease_owner=None,
                lease_until=None,
            )
        )


class Zalo:
    """Both sides of Zalo, and the gateway between them."""

    def __init__(self, api: Api, double: ZaloDouble, sender: WebhookSender) -> None:
        self.api = api
        self.double = double
        self.sender = sender
        self.echoes = True
        double.on_delivered = self._echo

    async def _echo(self, message: Delivered) -> None:
        if self.echoes:
            assert await self.sender.post(self.sender.echo(message)) == 200

    async def say(self, text: str, user: str = ANNA) -> list[Delivered]:
        """What the citizen reads in answer to a message."""
        return await self.tell(self.sender.text(user, text), user)

    async def tell(self, event: dict[str, Any], user: str = ANNA) -> list[Delivered]:
        """What the citizen reads after an event."""
        self.double.users.add(user)
        before = len(self.double.delivered)
        assert await self.sender.post(event) == 200
        await until(lambda: len(self.double.delivered) > before)
        await self.settled()
        return [message for message in self.double.delivered[before:] if message.user == user]

    async def settled(self) -> None:
        """Until nothing waits in either box."""
        await until(lambda: not self.waiting())

    def waiting(self) -> int:
        """How much mail is not dealt with."""
        with self.api.engine.connect() as connection:
            inbox = connection.exec_driver_sql("SELECT count(*) FROM inbox WHERE state = 'waiting'").scalar_one()
            outbox = connection.exec_driver_sql(
                "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dropped')"
            ).scalar_one()
        return int(inbox) + int(outbox)

    def states(self) -> list[tuple[str, str | None]]:
        """What became of each message sent, in order."""
        with self.api.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT state, reason FROM outbox ORDER BY id").all()
        return [(row[0], row[1]) for row in rows]

    async def readyz(self) -> str:
        """What is told of this channel."""
        _, body = await self.api.call("GET", "/readyz")
        state: str = body["channels"]["zalo_oa"]
        return state


@pytest.fixture
async def double() -> AsyncIterator[ZaloDouble]:
    zalo = ZaloDouble()
    await zalo.server.start_server()
    yield zalo
    await zalo.close()


OpenZalo = Callable[..., Awaitable[Zalo]]


@pytest.fixture
async def open_zalo(open_api: OpenApi, double: ZaloDouble, engine: Engine) -> AsyncIterator[OpenZalo]:
    """Start a gateway with Zalo set up; several share one database."""
    sessions: list[aiohttp.ClientSession] = []

    async def start(*, left: dt.timedelta = dt.timedelta(hours=20), **changes: Any) -> Zalo:
        if not sessions:
            put_tokens(engine, double.access, double.refresh, left)
        api = await open_api(**{**zalo_settings(double), **changes})
        http = aiohttp.ClientSession()
        sessions.append(http)
        return Zalo(api, double, WebhookSender(http, str(api.client.make_url("/webhooks/zalo"))))

    yield start
    for http in sessions:
        await http.close()


def zalo_settings(double: ZaloDouble) -> dict[str, Any]:
    """Settings of a gateway in front of the double."""
    return {
        "zalo_app_id": APP_ID,
        "zalo_app_secret": APP_SECRET,
        "zalo_oa_secret": OA_SECRET,
        "zalo_api_url": double.url,
        "zalo_oauth_url": double.url,
        "zalo_echo_seconds": 1.0,
        "mail_settle_seconds": 0.02,
        "mail_lease_seconds": 2.0,
    }


@pytest.fixture
async def zalo(open_zalo: OpenZalo) -> Zalo:
    return await open_zalo()
