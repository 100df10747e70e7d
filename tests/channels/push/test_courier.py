"""Nothing ends the courier but its process."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.push.courier import Courier
from bot.channels.push.desk import Desk
from bot.channels.push.post import Post
from bot.channels.push.transport import Transport
from bot.channels.work import running
from bot.conversation.clock import Clock
from bot.conversation.mail import inbox, people
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


async def test_no_fault_ends_it(engine: Engine) -> None:
    now = dt.datetime.now(dt.UTC)
    with Session(engine) as db, db.begin():
        people.seen(db, "zalo", "anna", "sealed", now)
        inbox.put(db, "zalo", inbox.Event("k", "anna", "text", "sealed", now), now)
    broken = Broken()
    store = Store(engine, threads=1)
    courier = Courier(
        store=store,
        clock=Clock(),
        transport=cast("Transport", broken),
        desk=cast("Desk", broken),
        post=cast("Post", broken),
        owner="me",
        lease=dt.timedelta(seconds=30),
        forget_after=dt.timedelta(hours=1),
    )
    async with running(courier.run()), asyncio.timeout(20):
        await broken.served_again.wait()
    store.close()
