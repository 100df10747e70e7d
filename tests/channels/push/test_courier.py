"""Nothing ends the courier but its process."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import cast

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bot.channels.push.courier import Courier
from bot.channels.push.desk import Desk
from bot.channels.push.post import Post
from bot.channels.push.transport import Transport
from bot.channels.work import running
from bot.conversation.clock import Clock
from bot.conversation.mail import inbox, people
from bot.conversation.mail.models import Correspondent
from bot.conversation.store import Store


class Broken:
    """A transport, desk and post that fail in ways nobody thought of."""

    name = "zalo"
    settle = dt.timedelta(0)

    def __init__(self) -> None:
        self.served: list[str] = []
        self.served_again = asyncio.Event()

    async def tend(self) -> None:
        raise RuntimeError("tend")

    async def ask_quota(self, sender: str) -> None:
        self.served.append(sender)
        if len(self.served) > 1:
            self.served_again.set()
        raise RuntimeError("quota")


class Slow:
    """Parts that take until ``released`` to deal with somebody."""

    name = "zalo"
    settle = dt.timedelta(0)

    def __init__(self) -> None:
        self.served: asyncio.Queue[str] = asyncio.Queue()
        self.released = asyncio.Event()

    async def tend(self) -> None:
        """Nothing to tend."""

    async def ask_quota(self, sender: str) -> None:
        self.served.put_nowait(sender)
        await self.released.wait()

    async def send_due(self, sender: str) -> None:
        """Nothing to send."""

    async def take_next(self, sender: str) -> bool:
        return False


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    store = Store(engine, threads=1)
    yield store
    store.close()


def courier_with(parts: Broken | Slow, store: Store) -> Courier:
    return Courier(
        store=store,
        clock=Clock(),
        transport=cast("Transport", parts),
        desk=cast("Desk", parts),
        post=cast("Post", parts),
        owner="me",
        lease=dt.timedelta(seconds=30),
        forget_after=dt.timedelta(hours=1),
    )


def write(engine: Engine, sender: str) -> None:
    now = dt.datetime.now(dt.UTC)
    with Session(engine) as db, db.begin():
        people.seen(db, "zalo", sender, "sealed", now)
        inbox.put(db, "zalo", inbox.Event(f"from {sender}", sender, "text", "sealed", now), now)


async def test_no_fault_ends_it(engine: Engine, store: Store) -> None:
    write(engine, "anna")
    broken = Broken()
    async with running(courier_with(broken, store).run()), asyncio.timeout(20):
        await broken.served_again.wait()


async def test_a_lease_that_runs_out_does_not_make_it_deal_with_somebody_twice(engine: Engine, store: Store) -> None:
    """As when the clock jumps, or the database was away for too long to renew it."""
    slow = Slow()
    write(engine, "anna")
    async with running(courier_with(slow, store).run()), asyncio.timeout(20):
        assert await slow.served.get() == "anna"
        with Session(engine) as db, db.begin():
            db.execute(update(Correspondent).values(lease_until=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)))
        write(engine, "berta")
        assert await slow.served.get() == "berta"
        assert slow.served.empty()
        slow.released.set()
