"""A strict double of Zalo's OpenAPI and OAuth on a real socket: it rejects what Zalo rejects.

How sure we are of each behaviour stands beside it: (off) read in Zalo's own SDKs, (src) in other people's working code,
(doc) in retyped documents, (?) uncertain. When a real account exists, the uncertain ones are the first to compare.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import itertools
import unicodedata
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

APP_ID = "360846524940903967"
APP_SECRET = "app-secret-of-the-tests"
OA_SECRET = "TEST_OA_SECRET"
OA_ID = "388613280878808645"

_BUTTON_TYPES = {
    "oa.query.hide": str,
    "oa.query.show": str,
    "oa.open.url": dict,
    "oa.open.phone": dict,
    "oa.open.sms": dict,
}


@dataclass(frozen=True)
class Trouble:
    """What happens to the next call instead of a proper answer.

    ``kind``: ``error`` (a number with HTTP 200), ``http`` (a status), ``busy`` (a status with a JSON error), ``hang``,
    ``reset``, ``truncated``, ``html``.
    ``after``: whether the message is delivered all the same before the answer gets lost.
    """

    kind: str
    number: int = 0
    after: bool = False


@dataclass(frozen=True)
class Delivered:
    """A message that reached a citizen."""

    user: str
    text: str
    buttons: list[dict[str, Any]]
    message_id: str

    def payload(self, title: str) -> str:
        """What a press on this button sends back."""
        return next(button["payload"] for button in self.buttons if button["title"] == title)


@dataclass
class ZaloDouble:
    """Zalo's servers. ``delivered`` is what citizens see, ``refused`` the errors given, ``calls`` paths called."""

    users: set[str] = field(default_factory=set)
    delivered: list[Delivered] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    refreshes: int = 0
    token_seconds: int = 90000
    quota: dict[str, int] = field(default_factory=dict)
    quota_in_answers: bool = True
    send_troubles: deque[Trouble] = field(default_factory=deque)
    oauth_troubles: deque[Trouble] = field(default_factory=deque)
    on_delivered: Callable[[Delivered], Awaitable[None]] | None = None
    codes: dict[str, str] = field(default_factory=dict)
    """One-time codes with the PKCE challenge that each was asked for."""

    def __post_init__(self) -> None:
        """Begins with a valid pair."""
        self._numbers = itertools.count(1)
        self.access = "access-0"
        self.refresh = "refresh-0"
        self._spent: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        app = web.Application()
        app.add_routes(
            [
                web.post("/v4/oa/access_token", self._oauth),
                web.post("/v3.0/oa/message/cs", self._send),
                web.post("/v3.0/oa/quota/message", self._quota),
                web.get("/v2.0/oa/getoa", self._account),
                web.post("/v2.0/oa/message", self._shut),
            ]
        )
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    def texts(self, user: str) -> list[str]:
        """What one citizen has read."""
        return [message.text for message in self.delivered if message.user == user]

    def expire(self) -> None:
        """The access token is refused from now on, as after 25 hours (src)."""
        self.access = f"expired-{next(self._numbers)}"

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.server.close()

    # OAuth

    async def _oauth(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/x-www-form-urlencoded":  # (off)
            return self._oauth_error(-14001, "form")
        if request.headers.get("secret_key") != APP_SECRET:  # (off) a header, and the application's secret
            return self._oauth_error(-14002, "secret_key")
        form = await request.post()
        if form.get("app_id") != APP_ID:
            return self._oauth_error(-14002, "app_id")
        trouble = self.oauth_troubles.popleft() if self.oauth_troubles else None
        if trouble is not None and not trouble.after:
            return await self._troubled(request, trouble)
        match form.get("grant_type"):
            case "refresh_token":
                if form.get("refresh_token") != self.refresh or self.refresh in self._spent:
                    return self._oauth_error(-14014, "refresh token")  # (?) -14014 or -14020
            case "authorization_code":
                challenge = self.codes.pop(str(form.get("code")), None)
                if challenge is None or not _pkce(str(form.get("code_verifier", "")), challenge):
                    return self._oauth_error(-14003, "code")
            case _:
                return self._oauth_error(-14001, "grant_type")
        self._spent.add(self.refresh)
        number = next(self._numbers)
        self.refreshes += 1
        # (?) The old access token dies at once.
        self.access, self.refresh = f"access-{number}", f"refresh-{number}"
        if trouble is not None:
            return await self._troubled(request, trouble)
        # (src) expires_in is a string
        pair = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": str(self.token_seconds)}
        return web.json_response(pair)

    def _oauth_error(self, number: int, what: str) -> web.Response:
        """HTTP 200, and no ``message`` (src)."""
        self.refused.append((number, what))
        error = {"error": number, "error_name": what, "error_reason": what, "error_description": what}
        return web.json_response(error)

    # OpenAPI

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("access_token") != self.access:  # (off) a header of its own; Bearer is nothing
            return self._error(-216, "access token")
        if request.content_type != "application/json":
            return self._error(-201, "content type")
        trouble = self.send_troubles.popleft() if self.send_troubles else None
        if trouble is not None and not trouble.after:
            return await self._troubled(request, trouble)
        body = await request.json()
        fault = self._fault(body)
        if fault is not None:
            return self._error(*fault)
        user = body["recipient"]["user_id"]
        message = body["message"]
        payload = message.get("attachment", {}).get("payload", {})
        delivered = Delivered(user, message["text"], payload.get("buttons", []), f"m{next(self._numbers):019x}")
        self.delivered.append(delivered)
        if self.on_delivered is not None:
            self._later(self.on_delivered(delivered))
        if trouble is not None:
            return await self._troubled(request, trouble)
        data: dict[str, Any] = {"message_id": delivered.message_id, "user_id": user, "sent_time": "1728000000000"}
        if user in self.quota:
            self.quota[user] = max(self.quota[user] - 1, 0)
            if self.quota_in_answers:  # (doc) may be missing; values are strings
                data["quota"] = {
                    "quota_type": "reply",
                    "remain": str(self.quota[user]),
                    "total": "8",
                    "owner_type": "OA",
                }
        return web.json_response({"data": data, "error": 0, "message": "Success"})

    def _fault(self, body: Any) -> tuple[int, str] | None:
        """What Zalo rejects about a message."""
        if set(body) != {"recipient", "message"} or set(body["recipient"]) != {"user_id"}:
            return -201, "fields"
        if body["recipient"]["user_id"] not in self.users:
            return -201, "user_id is invalid!"  # (src)
        message = body["message"]
        if set(message) - {"text", "attachment", "quote_message_id"} or not isinstance(message.get("text"), str):
            return -201, "message"
        text = unicodedata.normalize("NFC", message["text"])
        if not text.strip():
            return -201, "text is empty"
        if len(text.encode("utf-16-le")) // 2 > 2000:  # (src) rejected, not cut; (?) what is counted
            return -210, "text is too long"
        if self.quota.get(body["recipient"]["user_id"]) == 0:
            return -211, "out of quota"  # (?) whether there is a cap at all
        return _button_fault(message["attachment"]) if "attachment" in message else None

    async def _quota(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("access_token") != self.access:
            return self._error(-216, "access token")
        user = (await request.json()).get("user_id")
        remain = self.quota.get(user)
        reply = {"remain": 0, "total": 0} if remain is None else {"remain": remain, "total": 8}
        return web.json_response({"data": {"cs_reply": reply}, "error": 0, "message": "Success"})  # (src)

    async def _account(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("access_token") != self.access:
            return self._error(-216, "access token")
        data = {"oa_id": OA_ID, "name": "An Sinh Quảng Ngãi", "oa_type": 4, "is_verified": True}
        return web.json_response({"data": data, "error": 0, "message": "Success"})

    async def _shut(self, _request: web.Request) -> web.StreamResponse:
        return self._error(-240, "v2 is shut down")

    def _error(self, number: int, message: str) -> web.Response:
        """Errors come with HTTP 200 (src)."""
        self.refused.append((number, message))
        return web.json_response({"error": number, "message": message})

    async def _troubled(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        match trouble.kind:
            case "error":
                return self._error(trouble.number, "scripted")
            case "http":
                return web.Response(status=trouble.number, text="<html>Bad gateway</html>", content_type="text/html")
            case "busy":
                return web.json_response({"error": -32, "error_name": "busy"}, status=trouble.number)
            case "html":
                return web.Response(text="<html>Welcome</html>", content_type="text/html")
            case "truncated":
                return web.Response(text='{"data":{"message_id":"m', content_type="application/json")
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "hang":
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(3600)
                return web.Response()
        raise AssertionError(trouble)

    def _later(self, work: Awaitable[None]) -> None:
        async def do() -> None:
            await work

        task = asyncio.create_task(do())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _button_fault(attachment: dict[str, Any]) -> tuple[int, str] | None:
    payload = attachment.get("payload", {})
    if attachment.get("type") != "template" or set(payload) != {"buttons"}:
        return -201, "attachment"  # (?) whether template_type is wanted
    buttons = payload["buttons"]
    if not 1 <= len(buttons) <= 5:  # (off, doc)
        return -210, "buttons"
    for button in buttons:
        if set(button) != {"title", "type", "payload"} or button["type"] not in _BUTTON_TYPES:
            return -201, "button"
        if not isinstance(button["payload"], _BUTTON_TYPES[button["type"]]):  # (off)
            return -201, "button payload"
        if not 1 <= len(button["title"]) <= 100 or (
            isinstance(button["payload"], str) and not 1 <= len(button["payload"]) <= 1000
        ):
            return -210, "button length"  # (doc)
    return None


def _pkce(verifier: str, challenge: str) -> bool:
    """(off) S256, base64url without padding; its own reckoning, so that ours is checked."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    return digest.rstrip("=") == challenge
