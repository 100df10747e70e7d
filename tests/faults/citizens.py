"""A light, steady load: citizens on the web who send again as the page does, and people on Zalo.

Each keeps what they sent and what they got, for ``tests/faults/audit.py`` to compare with the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import ssl
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.channels.proxy import Here
from tests.zalo_double.openapi import Delivered, ZaloDouble
from tests.zalo_double.webhook import WebhookSender

PAGE_PATIENCE = 25.0
"""Seconds after which the page counts a connection as lost (``bot/widget/src/chat/api.ts``)."""
_RETRY_SECONDS = (0.5, 1.0, 2.0)  # The page waits a little longer, a test has less time.
_GIVES_UP = 90.0
_PAUSE = 0.3
_ZALO_PAUSE = 0.6
_ZALO_AGAIN = 0.5


def session(trust: ssl.SSLContext, seconds: float) -> aiohttp.ClientSession:
    """A session that reaches the proxy by its name; a call without an answer ends after ``seconds``."""
    connector = aiohttp.TCPConnector(ssl=trust, resolver=Here())
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=seconds))


@dataclass
class Sent:
    """One message of a citizen: the final reply, and each answer that was none, with how long it took."""

    id: str
    question: str
    replies: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    longest: float = 0.0

    @property
    def status(self) -> str:
        """The status of the reply, or ``lost``."""
        return str(self.replies[0]["answer"]["status"]) if self.replies else "lost"


@dataclass
class WebCitizen:
    """Sends one message after the other until told to stop, each until it is answered."""

    http: aiohttp.ClientSession
    url: str
    questions: Sequence[str]
    number: int
    token: str = ""
    sent: list[Sent] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def open(self) -> None:
        """Begin a conversation."""
        status, body = await self._call("/api/web/session", {})
        assert status == 201, (status, body)
        self.token = body["token"]

    async def talk(self, stop: asyncio.Event) -> None:
        """Ask the questions in turn."""
        for number in itertools.count(self.number):
            if stop.is_set():
                return
            await self.say(self.questions[number % len(self.questions)])
            await _pause(stop, _PAUSE)

    async def say(self, question: str) -> Sent:
        """Send a message, again under its id until there is an answer."""
        sent = Sent(str(uuid.uuid4()), question)
        self.sent.append(sent)
        await self._insist(sent)
        return sent

    async def repeat(self) -> None:
        """Send again what was answered last: the very same reply must come."""
        answered = [sent for sent in self.sent if sent.status == "answered"]
        if answered:
            again = Sent(answered[-1].id, answered[-1].question)
            await self._insist(again)
            if again.replies != answered[-1].replies:
                self.faults.append(f"{again.id} sent again was answered otherwise")

    async def _insist(self, sent: Sent) -> None:
        end = time.monotonic() + _GIVES_UP
        for attempt in itertools.count():
            begun = time.monotonic()
            try:
                status, body = await self._call("/api/web/messages", {"id": sent.id, "text": sent.question})
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                sent.refusals.append(type(error).__name__)
            else:
                if status == 200:
                    sent.replies = body["messages"]
                else:
                    self._check_refusal(status, body)
                    sent.refusals.append(str(status))
            sent.longest = max(sent.longest, time.monotonic() - begun)
            if sent.replies or time.monotonic() > end:
                return
            await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])

    def _check_refusal(self, status: int, body: Mapping[str, Any]) -> None:
        """What is no answer must be one that the page asks again for, with a sentence in Vietnamese."""
        message = str(body.get("error", {}).get("message", ""))
        if status not in {502, 503, 504} or not message or message.isascii():
            self.faults.append(f"status {status}: {message or body}")

    async def _call(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.http.post(self.url + path, json=body, headers=headers) as response:
            try:
                return response.status, await response.json(content_type="application/json")
            except (aiohttp.ContentTypeError, ValueError):
                return response.status, {"no JSON": (await response.text())[:80]}


@dataclass
class ZaloPerson:
    """Writes on while one answer is still to come, but not two; Zalo sends each event until it is taken."""

    sender: WebhookSender
    double: ZaloDouble
    questions: Sequence[str]
    user: str
    number: int
    asked: list[str] = field(default_factory=list)
    taken_at: list[float] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    async def talk(self, stop: asyncio.Event) -> None:
        """Ask the questions in turn."""
        self.double.users.add(self.user)
        for number in itertools.count(self.number):
            while len(self.asked) > len(self.double.texts(self.user)) + 1 and not stop.is_set():
                await _pause(stop, _ZALO_PAUSE / 3)
            if stop.is_set():
                return
            await self.say(self.questions[number % len(self.questions)])
            await _pause(stop, _ZALO_PAUSE)

    async def say(self, question: str) -> None:
        """Write, and have Zalo insist until the webhook has taken it."""
        event = self.sender.text(self.user, question)
        end = time.monotonic() + _GIVES_UP
        while time.monotonic() < end:
            try:
                status = await self.sender.post(event)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self.refusals.append(type(error).__name__)
            else:
                if status == 200:
                    self.asked.append(question)
                    self.taken_at.append(time.monotonic())
                    return
                self.refusals.append(str(status))
            await asyncio.sleep(_ZALO_AGAIN)
        self.refusals.append("given up")


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


class Zalo:
    """Zalo's servers with a note of when each message reached somebody."""

    def __init__(self) -> None:
        self.double = ZaloDouble()
        self.delivered_at: dict[str, float] = {}

    def told_back_by(self, sender: WebhookSender) -> list[asyncio.Task[None]]:
        """Echo what is delivered until the webhook takes it; the tasks that do it."""
        tasks: list[asyncio.Task[None]] = []

        async def insist(message: Delivered) -> None:
            event = sender.echo(message)
            for _ in range(1200):
                with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
                    if await sender.post(event) == 200:
                        return
                await asyncio.sleep(0.2)

        async def delivered(message: Delivered) -> None:
            self.delivered_at[message.message_id] = time.monotonic()
            tasks.append(asyncio.create_task(insist(message)))

        self.double.on_delivered = delivered
        return tasks
