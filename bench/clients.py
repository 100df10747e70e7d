"""Clients of both systems, and rounds of questions from many clients at once."""

from __future__ import annotations

import asyncio
import math
import time
import uuid
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import aiohttp

from bench.stats import Measured

TURNS_PER_CONVERSATION = 10
"""After so many a client begins a new conversation, as citizens do."""

BROKEN = frozenset({"unavailable", "error"})


class Conversation(Protocol):
    """One conversation with a system."""

    async def ask(self, text: str) -> bool:
        """Send a message and wait for the reply; whether there was a real one."""


class System(Protocol):
    """A system under test."""

    async def open(self) -> Conversation:
        """Begin a conversation."""


class AnSinh:
    """The web API of An Sinh at `address`."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http = http
        self._address = address

    async def open(self) -> AnSinhConversation:
        """Open a session."""
        async with self._http.post(f"{self._address}/api/web/session") as response:
            response.raise_for_status()
            token = (await response.json())["token"]
        return AnSinhConversation(self._http, f"{self._address}/api/web/messages", token)


class AnSinhConversation:
    """One session of the web API."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def messages(self, text: str) -> list[dict[str, Any]]:
        """The replies to a message; none where it was refused."""
        body = {"id": str(uuid.uuid4()), "text": text}
        async with self._http.post(self._url, json=body, headers=self._headers) as response:
            answer = await response.json()
            return list(answer["messages"]) if response.ok else []

    async def ask(self, text: str) -> bool:
        """Whether it was answered, whatever the answer; an apology for a part that is down is none."""
        replies = await self.messages(text)
        return bool(replies) and all(reply["answer"]["status"] not in BROKEN for reply in replies)


class Stock:
    """The REST channel of Rasa at `address`."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._http = http
        self._url = f"{address}/webhooks/rest/webhook"

    async def open(self) -> StockConversation:
        """A new sender."""
        return StockConversation(self._http, self._url)


class StockConversation:
    """One sender of the REST channel."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._sender = uuid.uuid4().hex

    async def messages(self, text: str) -> list[dict[str, Any]]:
        """The replies to a message; none where it was refused."""
        async with self._http.post(self._url, json={"sender": self._sender, "message": text}) as response:
            return list(await response.json()) if response.ok else []

    async def ask(self, text: str) -> bool:
        """Whether the turn was carried through; to what its example doesn't know the stock bot may say nothing."""
        async with self._http.post(self._url, json={"sender": self._sender, "message": text}) as response:
            await response.read()
            return response.ok


async def measure(system: System, texts: Sequence[str], clients: int) -> Measured:
    """Each of `texts` sent once, by `clients` clients together; conversations are opened before the clock starts."""
    each = math.ceil(len(texts) / clients / TURNS_PER_CONVERSATION) + 1
    opened = [[await system.open() for _ in range(each)] for _ in range(clients)]
    waiting = deque(texts)
    times: list[float] = []
    failures = 0

    async def client(conversations: Sequence[Conversation]) -> None:
        nonlocal failures
        turn = 0
        while waiting:
            # A client that happens to be quick stays in its last conversation.
            conversation = conversations[min(turn // TURNS_PER_CONVERSATION, len(conversations) - 1)]
            text = waiting.popleft()
            begin = time.perf_counter()
            answered = await conversation.ask(text)
            times.append((time.perf_counter() - begin) * 1000)
            failures += not answered
            turn += 1

    begin = time.perf_counter()
    await asyncio.gather(*(client(conversations) for conversations in opened))
    return Measured(tuple(times), time.perf_counter() - begin, failures)


async def long_session(system: System, texts: Sequence[str]) -> list[float]:
    """How long each turn of one conversation over `texts` took, in ms."""
    conversation = await system.open()
    times = []
    for text in texts:
        begin = time.perf_counter()
        await conversation.ask(text)
        times.append((time.perf_counter() - begin) * 1000)
    return times
