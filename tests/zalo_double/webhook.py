"""Zalo's sending side: events with exact-bytes signatures, the retry ladder, duplicates, disorder."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.zalo_double.openapi import APP_ID, OA_ID, OA_SECRET, Delivered, ZaloDouble

LADDER = (30, 300, 900, 1800, 3600)
"""Seconds between one try and the next (doc); after the last the application is unsubscribed."""
DEADLINE = 2.0
_IDS = itertools.count(1)  # Of all senders of a test: they are one Zalo.


def mac(raw: bytes, timestamp: str, *, app_id: str = APP_ID, secret: str = OA_SECRET) -> str:
    """The signature, reckoned from the bytes alone."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


class UnsubscribedError(Exception):
    """Zalo has given up on the webhook."""


@dataclass
class WebhookSender:
    """Sends events to ``url``. ``slow`` are calls that took longer than Zalo waits, ``slept`` the fake clock."""

    http: aiohttp.ClientSession
    url: str
    slow: list[float] = field(default_factory=list)
    slept: float = 0.0

    def __post_init__(self) -> None:
        self._ids = _IDS
        self._begin = int(time.time() * 1000)

    def event(self, name: str, user: str, *, at: int | None = None, **message: Any) -> dict[str, Any]:
        """An event of a person; ``at`` counts milliseconds from now on and orders them."""
        number = next(self._ids)
        timestamp = str(self._begin + (number if at is None else at))
        body: dict[str, Any] = {
            "app_id": APP_ID,
            "sender": {"id": user},
            "user_id_by_app": f"9{user}",
            "recipient": {"id": OA_ID},
            "event_name": name,
            "message": {"msg_id": f"{number:020x}", **message},
            "timestamp": timestamp,
        }
        return body

    def text(self, user: str, text: str, *, at: int | None = None) -> dict[str, Any]:
        """Somebody has typed, or pressed a button."""
        return self.event("user_send_text", user, at=at, text=text)

    def follow(self, user: str) -> dict[str, Any]:
        """Somebody follows the account: no sender, no message."""
        return {
            "app_id": APP_ID,
            "oa_id": OA_ID,
            "follower": {"id": user},
            "user_id_by_app": f"9{user}",
            "event_name": "follow",
            "source": "oa_profile",
            "timestamp": str(self._begin + next(self._ids)),
        }

    def of_user(self, name: str, user: str) -> dict[str, Any]:
        """``user_click_chatnow``, ``user_withdraw``: the person at the top level."""
        return {
            "oa_id": OA_ID,
            "user_id": user,
            "user_id_by_app": f"9{user}",
            "event_name": name,
            "app_id": APP_ID,
            "timestamp": self._begin + next(self._ids),  # Some are numbers (?)
        }

    def echo(self, message: Delivered, *, admin: str | None = None) -> dict[str, Any]:
        """The account's own message, told back; with ``admin`` an officer typed it."""
        sender = {"id": OA_ID} if admin is None else {"id": OA_ID, "admin_id": admin}
        return {
            "app_id": APP_ID,
            "sender": sender,
            "recipient": {"id": message.user},
            "event_name": "oa_send_text",
            "message": {"msg_id": message.message_id, "text": message.text},
            "timestamp": str(self._begin + next(self._ids)),
        }

    async def post(self, body: dict[str, Any], **headers: str) -> int:
        """Send an event once; its status."""
        return await self.post_raw(json.dumps(body, ensure_ascii=False).encode(), str(body["timestamp"]), **headers)

    async def post_raw(self, raw: bytes, timestamp: str, **headers: str) -> int:
        """Send these very bytes."""
        signed = {"X-ZEvent-Signature": f"mac={mac(raw, timestamp)}", "Content-Type": "application/json", **headers}
        begun = time.monotonic()
        async with self.http.post(self.url, data=raw, headers=signed) as response:
            await response.read()
        taken = time.monotonic() - begun
        if taken > DEADLINE:
            self.slow.append(taken)
        return response.status

    async def insist(self, body: dict[str, Any]) -> int:
        """Send an event until it is taken, up the ladder; how often it was sent again. The clock is a fake."""
        for number, pause in enumerate((0, *LADDER)):
            self.slept += pause
            try:
                status = await self.post(body, **({"num_retry": str(number)} if number else {}))
            except aiohttp.ClientError:
                continue
            if status == 200:
                return number
        raise UnsubscribedError


def tell_back(sender: WebhookSender, double: ZaloDouble) -> list[asyncio.Task[None]]:
    """Echo what is delivered until it is taken, on a ladder of tenths of a second; the tasks that do it."""
    tasks: list[asyncio.Task[None]] = []

    async def insist(message: Delivered) -> None:
        event = sender.echo(message)
        for _ in range(1200):
            with contextlib.suppress(aiohttp.ClientError):
                if await sender.post(event) == 200:
                    return
            await asyncio.sleep(0.1)
        raise UnsubscribedError

    async def echo(message: Delivered) -> None:
        tasks.append(asyncio.create_task(insist(message)))

    double.on_delivered = echo
    return tasks
