"""A strict double of Zalo's Bot Platform, and its webhook sender."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "1234:bot-token-of-the-tests"
SECRET = "bot-secret-of-the-tests"


@dataclass
class BotDouble:
    """``delivered`` holds pairs of chat and text; ``errors`` are given, in order, before anything is delivered."""

    chats: set[str] = field(default_factory=set)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of HTTP status and ``error_code``: the two need not agree (src)."""

    def __post_init__(self) -> None:
        """Ready to be started."""
        self._numbers = itertools.count(1)
        app = web.Application()
        app.add_routes([web.post("/bot{token}/{method}", self._call)])
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def _call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return _error(401, 401)
        if request.match_info["method"] != "sendMessage":
            return _error(404, 404)
        if self.errors:
            return _error(*self.errors.pop(0))
        body = await request.json()
        # No buttons, no markup: whatever else stands in a message is a fault of ours.
        if set(body) != {"chat_id", "text"} or body["chat_id"] not in self.chats or not 1 <= len(body["text"]) <= 2000:
            return _error(200, 400)
        self.delivered.append((body["chat_id"], body["text"]))
        result = {"message_id": f"b{next(self._numbers)}", "date": int(time.time() * 1000)}
        return web.json_response({"ok": True, "result": result})

    def event(
        self, chat: str, text: str, *, name: str = "message.text.received", group: bool = False
    ) -> dict[str, Any]:
        """A message as the platform tells of it."""
        number = next(self._numbers)
        return {
            "event_name": name,
            "message": {
                "from": {"id": chat, "display_name": "Ted", "is_bot": False},
                "chat": {"id": chat, "chat_type": "GROUP" if group else "PRIVATE"},
                "text": text,
                "message_id": f"in{number}",
                "date": int(time.time() * 1000) + number,
                "message_type": "CHAT_MESSAGE",
            },
        }

    @staticmethod
    async def post(
        http: aiohttp.ClientSession, url: str, event: dict[str, Any], *, secret: str = SECRET, wrapped: bool = True
    ) -> int:
        """Send an event, wrapped in ``result`` or not (src: both are seen)."""
        body = {"ok": True, "result": event} if wrapped else event
        async with http.post(url, json=body, headers={"X-Bot-Api-Secret-Token": secret}) as response:
            await response.read()
        return response.status


def _error(status: int, code: int) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": "scripted"}, status=status)
