"""Asks a running system every question once, each in a session of its own, and shows how far it is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

import aiohttp

from bench.clients import AnSinh, Stock
from evaluation.outcome import SILENT, Memory, Outcome, of_replies
from evaluation.stock import Entries, of_stock
from tools.say import line

PROGRESS_SECONDS = 10.0


class Asked(Protocol):
    """A system that can be asked."""

    async def ask(self, text: str) -> Outcome:
        """What it makes of `text` as the first message of a conversation."""


class OurSystem:
    """An Sinh over its web API."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self._system = AnSinh(http, address)

    async def ask(self, text: str) -> Outcome:
        """The outcome of the turn; opening the session is not part of its time."""
        conversation = await self._system.open()
        replies, ms = await _timed(conversation, text)
        return of_replies(replies, ms)


class StockSystem:
    """The stock alternative over Rasa's REST channel."""

    def __init__(self, http: aiohttp.ClientSession, address: str, entries: Entries) -> None:
        self._system = Stock(http, address)
        self._entries = entries

    async def ask(self, text: str) -> Outcome:
        """The outcome of the turn."""
        conversation = await self._system.open()
        replies, ms = await _timed(conversation, text)
        return of_stock(replies, ms, self._entries)


class _Conversation(Protocol):
    async def messages(self, text: str) -> list[dict[str, Any]]: ...


async def _timed(conversation: _Conversation, text: str) -> tuple[list[dict[str, Any]], float]:
    """The replies and the milliseconds; no reply for whatever went wrong on the way."""
    begin = time.perf_counter()
    try:
        replies = await conversation.messages(text)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        replies = []
    return replies, (time.perf_counter() - begin) * 1000


async def ask_all(name: str, system: Asked, texts: Sequence[str], memory: Memory) -> None:
    """Asks what `memory` does not know yet and puts it there; one at a time, so that times are those of one citizen."""
    waiting = [text for text in dict.fromkeys(texts) if memory.get(text) is None]
    known = len(dict.fromkeys(texts)) - len(waiting)
    if known:
        line(f"… {name}: {known} câu đã hỏi ở lần chạy trước (asked before)")
    begin = told = time.monotonic()
    silent = 0
    for number, text in enumerate(waiting, start=1):
        outcome = await system.ask(text)
        silent += outcome.status == SILENT
        memory.add(text, outcome)
        now = time.monotonic()
        if now - told >= PROGRESS_SECONDS or number == len(waiting):
            told = now
            left = (now - begin) / number * (len(waiting) - number)
            line(
                f"… {name}: {number}/{len(waiting)} câu (questions), còn khoảng {left:.0f} s, "
                f"không trả lời (silent): {silent}"
            )
