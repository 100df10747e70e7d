"""The world around a stack while one fault is injected: load, double of Zalo, and the look at the end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from bot.knowledge.db import make_engine
from tests.e2e.running import wait_for
from tests.faults import audit
from tests.faults.audit import Tally
from tests.faults.citizens import PAGE_PATIENCE, WebCitizen, Zalo, ZaloPerson, session
from tests.faults.faults import Fault, Length
from tests.faults.stack import Stack, stack
from tests.zalo_double.webhook import WebhookSender

QUESTIONS = (
    "Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?",
    "Làm sao để được xét hộ nghèo?",
    "Chuẩn nghèo ở nông thôn là bao nhiêu?",
    "Hộ nghèo được hỗ trợ tiền điện thế nào?",
)
"""Each has one answer in one message, whatever was asked before."""
_WEB, _ZALO = 4, 3
_ZALO_PATIENCE = 3.0
_SETTLE_SECONDS = 120.0
_BACK_SECONDS = 300.0
_PATIENCE = 16.0
"""Seconds: a turn has 10, with the wait for the one before it 13, and an apology 2 to be stored."""
_TURN_TAKES = 0.3
_USERS = itertools.count(70_000)


@dataclass(frozen=True)
class Result:
    """What a fault did to the two channels; ``back`` is how long after its end everything worked again, in seconds."""

    fault: str
    web: Tally
    zalo: Tally
    back: float

    def faults(self) -> list[str]:
        """What must not be, a sentence each."""
        return [
            *(f"{name}: {count} {what}" for name, tally in self._channels() for what, count in _bad(tally) if count),
            *(f"{name}: {wrong}" for name, tally in self._channels() for wrong in tally.wrong),
            *(f"{name}: nothing was answered" for name, tally in self._channels() if not tally.answered),
        ]

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)

    def _channels(self) -> list[tuple[str, Tally]]:
        return [("web", self.web), ("zalo", self.zalo)]


def _bad(tally: Tally) -> list[tuple[str, int]]:
    return [("lost", tally.lost), ("doubled", tally.doubled)]


class World:
    """Runs clients and Zalo in a thread of their own, so that a fault can be injected meanwhile."""

    def __init__(self, running: Stack, length: Length, loop: asyncio.AbstractEventLoop, zalo: _Zalo) -> None:
        self.stack = running
        self._length = length
        self._loop = loop
        self._zalo = zalo
        self._answers: dict[str, str] = {}

    def suffer(self, fault: Fault) -> Result:
        """Load, the fault in the middle of it, more load, and the audit."""
        engine = make_engine(self.stack.sqlite_url if fault.over else self.stack.database_url)
        # Turns take a moment, so that there is always one under way.
        self.stack.wires["actions"].slow(_TURN_TAKES / 2)
        stop = asyncio.Event()
        begun = threading.Event()
        load = asyncio.run_coroutine_threadsafe(self._everybody(fault, engine, begun, stop), self._loop)
        try:
            wait_for(lambda: begun.is_set() or load.done(), _BACK_SECONDS)
            time.sleep(self._length.before)
            fault.happens(self.stack, self._length)
            ended = time.monotonic()
            wait_for(self.stack.ready, _BACK_SECONDS)
            back = time.monotonic() - ended
            time.sleep(self._length.after)
            self._loop.call_soon_threadsafe(stop.set)
            citizens, people, zalo = load.result(2 * _SETTLE_SECONDS)
            return Result(
                fault.name,
                audit.web(citizens, self._answers, engine, _PATIENCE),
                audit.zalo(people, self._answers, zalo, engine),
                round(back, 1),
            )
        finally:
            load.cancel()
            engine.dispose()

    async def _everybody(
        self, fault: Fault, engine: Engine, begun: threading.Event, stop: asyncio.Event
    ) -> tuple[list[WebCitizen], list[ZaloPerson], Zalo]:
        """Everybody talks until told to stop; then all that is under way comes to its end."""
        proxy, zalo = self.stack.proxy, Zalo()
        url = self.stack.address(fault.over) if fault.over else proxy.url("")
        await zalo.double.server.start_server()
        self._zalo.port = zalo.double.server.port or 0
        try:
            async with session(proxy.trust, PAGE_PATIENCE) as http, session(proxy.trust, _ZALO_PATIENCE) as hooks:
                sender = WebhookSender(hooks, f"{url}/webhooks/zalo")
                echoes = zalo.told_back_by(sender)
                citizens = [WebCitizen(http, url, QUESTIONS, number) for number in range(_WEB)]
                people = [ZaloPerson(sender, zalo.double, QUESTIONS, str(next(_USERS)), n) for n in range(_ZALO)]
                for citizen in citizens:
                    await citizen.open()
                await self._learn(citizens[0])
                begun.set()
                await asyncio.gather(*(each.talk(stop) for each in (*citizens, *people)))
                await asyncio.gather(*(citizen.repeat() for citizen in citizens))
                await asyncio.to_thread(_come_to_rest, engine)
                await asyncio.gather(*echoes)
                return citizens, people, zalo
        finally:
            await zalo.double.close()

    async def _learn(self, citizen: WebCitizen) -> None:
        """What each question is answered while nothing is wrong."""
        for question in QUESTIONS if not self._answers else ():
            sent = await citizen.say(question)
            assert sent.status == "answered", sent
            assert len(sent.replies) == 1, sent
            self._answers[question] = sent.replies[0]["text"]


def _come_to_rest(engine: Engine) -> None:
    """Wait until nothing waits in either box; the audit finds what still does after a while."""

    def nothing_waits() -> bool:
        with engine.connect() as connection:
            return not any(connection.execute(text(query)).scalar_one() for query in _UNDER_WAY)

    with contextlib.suppress(AssertionError):
        wait_for(nothing_waits, _SETTLE_SECONDS)


_UNDER_WAY = (
    "SELECT count(*) FROM inbox WHERE state = 'waiting'",
    "SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dropped')",
)


@dataclass
class _Zalo:
    """Where Zalo listens: elsewhere for each fault."""

    port: int = 0


@contextlib.contextmanager
def world(folder: Path, length: Length) -> Iterator[World]:
    """A world whose stack lives in ``folder``."""
    zalo, loop = _Zalo(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="citizens", daemon=True)
    thread.start()
    try:
        with stack(folder, zalo=lambda: zalo.port, turn_seconds=length.turn_seconds) as running:
            yield World(running, length, loop, zalo)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
