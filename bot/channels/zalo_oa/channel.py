"""The Official Account: its webhook verifies, stores and acknowledges; all work comes later."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.push.alerts import Alerts
from bot.channels.push.channel import Pace, PushChannel, desk_parts, read_event_body
from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.zalo_oa.client import ZaloClient
from bot.channels.zalo_oa.events import Echo, Ignored, OfficerWrote, Received, Revoked, read_event
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.signature import is_signed
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.transport import NAME, OaTransport
from bot.conversation.messages import Message
from bot.settings import Settings

PATH = "/webhooks/zalo"
# Shorter than any server keeps an idle connection: one that closes under our feet leaves a message in doubt.
KEEP_ALIVE_SECONDS = 4.0
_log = logging.getLogger(__name__)


class ZaloOaChannel:
    """Citizens who write to the province's Official Account."""

    name = NAME

    def __init__(self, settings: Settings) -> None:
        self._app_id = settings.zalo_app_id
        self._secret = settings.zalo_oa_secret
        self._pause = dt.timedelta(minutes=settings.zalo_pause_minutes)
        self._mail: PushChannel | None = None
        self._ignored: set[str] = set()

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The webhook; a GET is answered too, as consoles probe with it."""
        return [web.get(PATH, self._probe), web.post(PATH, self._receive)]

    @contextlib.asynccontextmanager
    async def at_work(self, gateway: Gateway) -> AsyncIterator[None]:
        """Deal with what citizens wrote, once the account's secret is set."""
        if not (self._app_id and self._secret):
            yield
            return
        settings = gateway.settings
        connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_SECONDS)
        async with aiohttp.ClientSession(connector=connector) as http:
            alerts = Alerts(NAME, gateway.clock.now)
            tokens = Tokens(
                store=gateway.store,
                clock=gateway.clock,
                box=gateway.box,
                oauth=OAuth(http, settings.zalo_oauth_url, self._app_id, settings.zalo_app_secret),
                app_id=self._app_id,
            )
            client = ZaloClient(http, settings.zalo_api_url, settings.zalo_buttons_template)
            transport = OaTransport(client, tokens, alerts)
            self._mail = PushChannel(desk_parts(gateway), transport, alerts, Pace.of(settings))
            async with self._mail.at_work():
                yield

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as texts that Zalo takes, the last with the buttons."""
        return self._set_up().render(message)

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Send at once within 48 hours of the citizen's last message, else when they write again."""
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
