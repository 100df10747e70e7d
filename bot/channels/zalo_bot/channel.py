"""The Bot Platform: its webhook verifies, stores and acknowledges; all work comes later."""

from __future__ import annotations

import contextlib
import hmac
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.push.alerts import Alerts
from bot.channels.push.channel import Pace, PushChannel, desk_parts, read_event_body
from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.zalo_bot.events import read_event
from bot.channels.zalo_bot.transport import NAME, BotTransport
from bot.conversation.messages import Message
from bot.settings import Settings

PATH = "/webhooks/zalo-bot"
_KEEP_ALIVE_SECONDS = 4.0


class ZaloBotChannel:
    """People who write to a bot of the platform, which proves itself with the secret given to ``setWebhook``."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self._token = settings.zalo_bot_token
        self._secret = settings.zalo_bot_secret
        self._mail: PushChannel | None = None

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The webhook, and a GET for probes."""
        return [web.get(PATH, self._probe), web.post(PATH, self._receive)]

    @contextlib.asynccontextmanager
    async def at_work(self, gateway: Gateway) -> AsyncIterator[None]:
        """Deal with what people wrote, once token and secret are set."""
        if not (self._token and self._secret):
            yield
            return
        connector = aiohttp.TCPConnector(keepalive_timeout=_KEEP_ALIVE_SECONDS)
        async with aiohttp.ClientSession(connector=connector) as http:
            alerts = Alerts(NAME, gateway.clock.now)
            transport = BotTransport(http, gateway.settings.zalo_bot_url, self._token, alerts)
            self._mail = PushChannel(desk_parts(gateway), transport, alerts, Pace.of(gateway.settings))
            async with self._mail.at_work():
                yield

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as texts; what would be buttons is a numbered list."""
        return self._set_up().render(message)

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Send at once: the platform knows no window."""
        if self._mail is not None:
            await self._mail.deliver(session_id, messages)

    async def problems(self) -> Mapping[str, str] | None:
        """What a person has to mend."""
        return None if self._mail is None else await self._mail.problems()

    def _set_up(self) -> PushChannel:
        if self._mail is None:
            raise ApiError(503, "channel_not_set_up")
        return self._mail

    async def _probe(self, _request: web.Request) -> web.Response:
        return web.json_response({"channel": self._set_up().name})

    async def _receive(self, request: web.Request) -> web.Response:
        mail = self._set_up()
        given = request.headers.get("X-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            mail.alerts.sound(
                "secret",
                "a webhook call with a wrong secret was refused; compare ANSINH_ZALO_BOT_SECRET with setWebhook",
            )
            return web.Response(status=401)
        try:
            body = json.loads(await read_event_body(request))
        except (ValueError, RecursionError):
            return web.Response(status=400)
        mail.alerts.clear("secret")
        received = read_event(body, request.app[GATEWAY].clock.now()) if isinstance(body, dict) else None
        if received is not None:
            await mail.receive(
                received.chat, kind=received.kind, key=received.key, text=received.text, sent_at=received.sent_at
            )
        return web.Response()
