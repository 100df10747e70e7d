"""The Bot Platform: its webhook verifies, stores and acknowledges; all work comes later."""

from __future__ import annotations

import hmac
import json

import aiohttp
from aiohttp import web

from bot.channels.push.alerts import Alerts
from bot.channels.push.channel import PushChannel, read_event_body
from bot.channels.push.webhook import WebhookChannel
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.zalo_bot.events import read_event
from bot.channels.zalo_bot.transport import NAME, BotTransport
from bot.settings import Settings


class ZaloBotChannel(WebhookChannel):
    """People who write to a bot of the platform, which proves itself with the secret given to ``setWebhook``.

    What would be buttons is a numbered list, and the platform knows no window.
    """

    name = NAME
    path = "/webhooks/zalo-bot"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._token = settings.zalo_bot_token
        self._secret = settings.zalo_bot_secret

    def _has_secrets(self) -> bool:
        return bool(self._token and self._secret)

    def _transport(self, gateway: Gateway, http: aiohttp.ClientSession, alerts: Alerts) -> BotTransport:
        return BotTransport(http, gateway.settings.zalo_bot_url, self._token, alerts)

    async def _take(self, request: web.Request, mail: PushChannel) -> web.Response:
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
