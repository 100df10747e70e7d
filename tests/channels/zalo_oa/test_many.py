"""Many messages, disorder, and gateways that are killed: each message is answered once, in order for each person."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import Engine

from tests.channels.zalo_oa.conftest import OpenZalo, put_tokens, until
from tests.channels.zalo_oa.gateways import Gateway, running
from tests.conversation.fake_rasa import FakeRasa
from tests.zalo_double.openapi import Delivered, ZaloDouble
from tests.zalo_double.webhook import WebhookSender, tell_back

# Generous, so that a busy machine does not decide: disorder must fit into the first, a stalled process into the others.
PACE = {"mail_settle_seconds": 3.0, "mail_lease_seconds": 10.0, "zalo_echo_seconds": 10.0}
_SAID = re.compile(r"Câu \d+: câu số (\d+)")


def stream(sender: WebhookSender, *, messages: int, users: int, chance: random.Random) -> list[dict[str, Any]]:
    """Events of several people, 20 % of them twice and 5 % in the wrong place."""
    counts: dict[str, int] = defaultdict(int)
    events: list[dict[str, Any]] = []
    for number in range(messages):
        user = f"70{chance.randrange(users):03d}"
        counts[user] += 1
        events.append(sender.text(user, f"câu số {counts[user]}", at=number * 10))
    for place in chance.sample(range(messages - 1), messages // 20):
        events[place], events[place + 1] = events[place + 1], events[place]
    for event in chance.sample(events, messages // 5):
        events.insert(min(events.index(event) + chance.randrange(1, 30), len(events)), event)
    return events


def expected(events: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """What each person is to read: the numbers of their messages in order."""
    asked: dict[str, set[int]] = defaultdict(set)
    for event in events:
        asked[event["sender"]["id"]].add(int(event["message"]["text"].removeprefix("câu số ")))
    return {user: sorted(numbers) for user, numbers in asked.items()}


def answered(delivered: Sequence[Delivered]) -> dict[str, list[int]]:
    """What each person has read, in the order in which it came."""
    read: dict[str, list[int]] = defaultdict(list)
    for message in delivered:
        found = _SAID.match(message.text)
        assert found is not None, message.text
        read[message.user].append(int(found[1]))
    return read


async def send_all(senders: Sequence[WebhookSender], events: Sequence[dict[str, Any]]) -> None:
    """Four at a time, spread over the gateways, each until it is taken."""
    queue = list(reversed(events))

    async def work(number: int) -> None:
        while queue:
            event = queue.pop()
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    if await senders[number % len(senders)].post(event) == 200:
                        break
                await asyncio.sleep(0.05)

    await asyncio.gather(*(work(number) for number in range(4)))


def no_mail(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')"
            " + (SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dropped'))"
        ).scalar_one()
    return waiting == 0


async def test_five_hundred_messages_with_duplicates_and_disorder(open_zalo: OpenZalo) -> None:
    zalo = await open_zalo(**PACE)
    events = stream(zalo.sender, messages=500, users=25, chance=random.Random(5))
    zalo.double.users.update(event["sender"]["id"] for event in events)
    middle = len(events) // 2
    await send_all([zalo.sender], events[:middle])
    zalo.double.expire()  # The token ends in the middle.
    await send_all([zalo.sender], events[middle:])
    await until(lambda: no_mail(zalo.api.engine), 400)
    assert len(events) == 600
    assert answered(zalo.double.delivered) == expected(events)
    assert zalo.double.refreshes == 1


async def test_a_gateway_killed_in_mid_flight_loses_and_doubles_nothing(
    rasa: FakeRasa, double: ZaloDouble, engine: Engine, tmp_path: Path
) -> None:
    put_tokens(engine, double.access, double.refresh, dt.timedelta(hours=20))
    chance = random.Random(7)

    async def slow(body: dict[str, Any]) -> web.Response:
        await asyncio.sleep(0.02)
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    gateway = Gateway(tmp_path, rasa, double, **PACE)
    async with running(gateway), aiohttp.ClientSession() as http:
        sender = WebhookSender(http, f"{gateway.url}/webhooks/zalo")
        echoes = tell_back(sender, double)
        events = stream(sender, messages=120, users=10, chance=chance)
        double.users.update(event["sender"]["id"] for event in events)
        sending = asyncio.create_task(send_all([sender], events))
        for killed_after in (15, 45, 80):
            await until(lambda killed_after=killed_after: len(double.delivered) >= killed_after, 240)  # type: ignore[misc]
            await gateway.kill()
            await gateway.start()
        await sending
        await until(lambda: no_mail(engine), 240)
        await asyncio.gather(*echoes, return_exceptions=True)
    assert answered(double.delivered) == expected(events), gateway.said()[-3000:]


async def test_two_gateways_share_the_work_and_one_is_killed(
    rasa: FakeRasa, double: ZaloDouble, engine: Engine, tmp_path: Path
) -> None:
    put_tokens(engine, double.access, double.refresh, dt.timedelta(hours=20))
    one, two = (Gateway(tmp_path, rasa, double, **PACE) for _ in range(2))
    async with running(one, two), aiohttp.ClientSession() as http:
        senders = [WebhookSender(http, f"{gateway.url}/webhooks/zalo") for gateway in (one, two)]
        echoes = tell_back(senders[1], double)
        events = stream(senders[0], messages=120, users=10, chance=random.Random(11))
        double.users.update(event["sender"]["id"] for event in events)
        middle = len(events) // 2
        await send_all(senders, events[:middle])
        double.expire()
        await one.kill()
        await send_all(senders[1:], events[middle:])
        await until(lambda: no_mail(engine), 240)
        await asyncio.gather(*echoes, return_exceptions=True)
    assert answered(double.delivered) == expected(events), two.said()[-3000:]
    assert double.refreshes == 1
