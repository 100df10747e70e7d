"""Tokens that end in the middle, are shared by two gateways, or cannot be refreshed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from bot.channels.zalo_oa.models import ZaloToken
from bot.channels.zalo_oa.oauth import OAuth, Pair
from bot.channels.zalo_oa.tokens import Tokens
from bot.conversation.clock import Clock
from bot.conversation.sealing import Box
from bot.conversation.store import Store
from tests.channels.zalo_oa.conftest import ANNA, KEY, OpenZalo, Zalo, put_tokens, until
from tests.postgres import BOTH, address_of
from tests.zalo_double.openapi import APP_ID, Trouble


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


async def test_an_expired_token_is_refreshed_once_and_nothing_is_lost(zalo: Zalo) -> None:
    await zalo.say("một")
    zalo.double.expire()
    users = [f"5{n}" for n in range(6)]
    zalo.double.users.update(users)
    for user in users:
        assert await zalo.sender.post(zalo.sender.text(user, f"của {user}")) == 200
    await until(lambda: len(zalo.double.delivered) == 7)
    assert zalo.double.refreshes == 1
    assert all(len(zalo.double.texts(user)) == 1 for user in users)


async def test_two_gateways_share_one_token(open_zalo: OpenZalo) -> None:
    one, two = await open_zalo(), await open_zalo()
    for turn in range(3):
        one.double.expire()
        users = [f"{turn}{n}" for n in range(8)]
        one.double.users.update(users)
        for number, user in enumerate(users):
            gateway = (one, two)[number % 2]
            assert await gateway.sender.post(gateway.sender.text(user, "chào")) == 200
        await until(lambda turn=turn: len(one.double.delivered) == 8 * (turn + 1))  # type: ignore[misc]
    assert one.double.refreshes == 3
    assert [number for number, _ in one.double.refused if number == -14014] == []


async def test_it_is_refreshed_ahead_of_time(open_zalo: OpenZalo) -> None:
    zalo = await open_zalo(left=dt.timedelta(hours=4))
    await until(lambda: zalo.double.refreshes == 1)
    await zalo.say("một")
    assert [number for number, _ in zalo.double.refused if number == -216] == []


async def test_both_tokens_are_stored_sealed_before_use(zalo: Zalo) -> None:
    zalo.double.expire()
    await zalo.say("một")
    (row,) = zalo.api.rows(ZaloToken)
    assert zalo.api.gateway.box.open(row.access) == zalo.double.access
    assert zalo.api.gateway.box.open(row.refresh) == zalo.double.refresh
    assert zalo.api.gateway.box.open(row.previous) == "refresh-0"
    assert "access" not in row.access
    assert row.lease_owner is None


async def test_a_refresh_without_an_answer_is_tried_once_more(zalo: Zalo) -> None:
    zalo.double.expire()
    zalo.double.oauth_troubles.append(Trouble("reset"))
    await zalo.say("một")
    assert zalo.double.refreshes == 1


@pytest.mark.parametrize("trouble", [Trouble("reset", after=True), Trouble("truncated", after=True)])
async def test_a_refresh_token_lost_on_the_way_calls_for_a_person(zalo: Zalo, trouble: Trouble) -> None:
    zalo.double.users.add(ANNA)
    zalo.double.expire()
    zalo.double.oauth_troubles.append(trouble)
    await zalo.sender.post(zalo.sender.text(ANNA, "một"))
    await until(lambda: zalo.api.rows(ZaloToken)[0].problem is not None)
    state = await zalo.readyz()
    assert "refused: error -14014" in state
    assert "bot.cli.zalo" in state


async def test_an_error_never_overwrites_good_tokens(zalo: Zalo) -> None:
    zalo.double.expire()
    zalo.double.oauth_troubles.append(Trouble("error", -14002))
    zalo.double.users.add(ANNA)
    await zalo.sender.post(zalo.sender.text(ANNA, "một"))
    await until(lambda: zalo.api.rows(ZaloToken)[0].problem is not None)
    (row,) = zalo.api.rows(ZaloToken)
    assert zalo.api.gateway.box.open(row.refresh) == "refresh-0"
    assert "-14002" in await zalo.readyz()


@pytest.mark.parametrize(("left", "said"), [(dt.timedelta(hours=1), "ends in 1.0 h"), (dt.timedelta(hours=20), "ok")])
async def test_readyz_tells_when_the_end_is_near(open_zalo: OpenZalo, left: dt.timedelta, said: str) -> None:
    zalo = await open_zalo()
    put_tokens(zalo.api.engine, "a", "r", left)
    assert said in await zalo.readyz()


async def test_without_tokens_it_says_what_to_do(zalo: Zalo) -> None:
    with zalo.api.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM zalo_token")
    assert "no token yet" in await zalo.readyz()
    status, body = await zalo.api.call("GET", "/readyz")
    assert (status, body["ready"]) == (200, True)  # The other channels go on.


class SlowOAuth(OAuth):
    """Answers when told to; the refresh token is spent as soon as it was asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()

    async def refresh(self, refresh_token: str) -> Pair:
        assert refresh_token == "r0"
        self.asked.set()
        await self.answers.wait()
        return Pair("a1", "r1", 90000)


class StumblingStore(Store):
    """A database that is locked just when the new pair is to be written."""

    stumbles = 1

    async def run(self, work: Any, /, *args: Any, **kwargs: Any) -> Any:
        if work.__name__ == "_replace" and self.stumbles:
            self.stumbles -= 1
            raise OperationalError("UPDATE", {}, Exception("locked"))
        return await super().run(work, *args, **kwargs)


@pytest.fixture
def parts(engine: Engine) -> Iterator[tuple[Tokens, SlowOAuth]]:
    put_tokens(engine, "a0", "r0", dt.timedelta(hours=1))
    oauth = SlowOAuth()
    store = StumblingStore(engine, threads=1)
    yield Tokens(store=store, clock=Clock(), box=Box(KEY), oauth=oauth, app_id=APP_ID), oauth
    store.close()


async def test_a_process_told_to_stop_stores_the_pair_it_has_asked_for(parts: tuple[Tokens, SlowOAuth]) -> None:
    tokens, oauth = parts
    asking = asyncio.create_task(tokens.refreshed("a0"))
    await oauth.asked.wait()
    asking.cancel()
    await asyncio.sleep(0)
    oauth.answers.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await tokens.access() == "a1"


async def test_a_pair_that_the_database_doesnt_take_at_once_is_not_lost(parts: tuple[Tokens, SlowOAuth]) -> None:
    tokens, oauth = parts
    oauth.answers.set()
    assert await tokens.refreshed("a0") == "a1"
    assert await tokens.access() == "a1"


async def test_no_token_is_ever_logged(zalo: Zalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    zalo.double.expire()
    await zalo.say("một")
    await asyncio.sleep(0.05)
    assert zalo.double.access not in caplog.text
    assert zalo.double.refresh not in caplog.text
