"""The Official Account: its webhook verifies, stores and acknowledges; all work comes later."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.push.alerts import Alerts
from bot.channels.push.channel import PushChannel, read_event_body
from bot.channels.push.webhook import WebhookChannel
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.zalo_oa.client import ZaloClient
from bot.channels.zalo_oa.events import Echo, Ignored, OfficerWrote, Received, Revoked, read_event
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.signature import is_signed
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.transport import NAME, OaTransport
from bot.settings import Settings

_log = logging.getLogger(__name__)


class ZaloOaChannel(WebhookChannel):
    """Citizens who write to the province's Official Account; they may be written to for 48 hours after that."""

    name = NAME
    path = "/webhooks/zalo"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._app_id = settings.zalo_app_id
        self._secret = settings.zalo_oa_secret
        self._pause = dt.timedelta(minutes=settings.zalo_pause_minutes)
        self._ignored: set[str] = set()

    def _has_secrets(self) -> bool:
        return bool(self._app_id and self._secret)

    def _transport(self, gateway: Gateway, http: aiohttp.ClientSession, alerts: Alerts) -> OaTransport:
        settings = gateway.settings
        tokens = Tokens(
            store=gateway.store,
            clock=gateway.clock,
            box=gateway.box,
            oauth=OAuth(http, settings.zalo_oauth_url, self._app_id, settings.zalo_app_secret),
            app_id=self._app_id,
        )
        client = ZaloClient(http, settings.zalo_api_url, settings.zalo_buttons_template)
        return OaTransport(client, tokens, alerts)

    async def _take(self, request: web.Request, mail: PushChannel) -> web.Response:
        raw = await read_event_body(request)
        if request.headers.get("X-ZEvent-Server", "").upper() == "ZNS":
            return web.Response()  # Of another product; nothing of it is used.
        if not is_signed(raw, request.headers.get("X-ZEvent-Signature", ""), self._app_id, self._secret):
            mail.alerts.sound(
                "signature",
                "a webhook call with a wrong signature was refused; if messages are missing, compare "
                "ANSINH_ZALO_APP_ID and ANSINH_ZALO_OA_SECRET with the application's settings",
            )
            return web.Response(status=401)
        body = json.loads(raw)
        if str(body.get("app_id", self._app_id)) != self._app_id:
            mail.alerts.sound("application", "a signed event of another application was refused")
            return web.Response(status=401)
        mail.alerts.clear("signature")
        await self._handle(mail, body, request.app[GATEWAY].clock.now())
        return web.Response()

    async def _handle(self, mail: PushChannel, body: dict[str, Any], now: dt.datetime) -> None:
        match read_event(body, now):
            case Received(user, kind, key, sent_at, text):
                await mail.receive(user, kind=kind, key=key, text=text, sent_at=sent_at)
            case OfficerWrote(user):
                await mail.pause(user, now + self._pause)
            case Echo(user, message_id, text):
                await mail.echo(user, message_id, text)
            case Revoked():
                mail.alerts.sound("permission", "the account has withdrawn its permission; link it again")
            case Ignored(name):
                # Once each: it may be a new kind of event that somebody should look at.
                if name not in self._ignored and len(self._ignored) < 100:
                    self._ignored.add(name)
                    _log.info("%s: events of kind %r are not for us", NAME, name)
