"""What channels that are told of messages by webhook share: addresses, set-up, and the way into and out of the mail."""

from __future__ import annotations

import abc
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.push.alerts import Alerts
from bot.channels.push.channel import Pace, PushChannel, desk_parts
from bot.channels.push.transport import Transport
from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import Gateway, prompt
from bot.conversation.messages import Message

# Shorter than any server keeps an idle connection: one that closes under our feet leaves a message in doubt.
_KEEP_ALIVE_SECONDS = 4.0


class WebhookChannel(abc.ABC):
    """A channel that verifies, stores and acknowledges; all work comes later. It answers 503 while not set up."""

    name: str
    path: str

    def __init__(self) -> None:
        self._mail: PushChannel | None = None

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The webhook; a GET is answered too, as consoles probe with it."""
        return [web.get(self.path, self._probe), web.post(self.path, prompt(self._receive))]

    @contextlib.asynccontextmanager
    async def at_work(self, gateway: Gateway) -> AsyncIterator[None]:
        """Deal with what people wrote, once the secrets are set."""
        if not self._has_secrets():
            yield
            return
        connector = aiohttp.TCPConnector(keepalive_timeout=_KEEP_ALIVE_SECONDS)
        async with aiohttp.ClientSession(connector=connector) as http:
            alerts = Alerts(self.name, gateway.clock.now)
            transport = self._transport(gateway, http, alerts)
            self._mail = PushChannel(desk_parts(gateway), transport, alerts, Pace.of(gateway.settings))
            async with self._mail.at_work():
                yield

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as texts that the channel takes."""
        return self._set_up().render(message)

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Send at once within the channel's window after the citizen's last message, else when they write again."""
        if self._mail is not None:
            await self._mail.deliver(session_id, messages)

    async def problems(self) -> Mapping[str, str] | None:
        """What a person has to mend."""
        return None if self._mail is None else await self._mail.problems()

    @abc.abstractmethod
    def _has_secrets(self) -> bool:
        """Whether the channel is set up."""

    @abc.abstractmethod
    def _transport(self, gateway: Gateway, http: aiohttp.ClientSession, alerts: Alerts) -> Transport:
        """The sending half."""

    @abc.abstractmethod
    async def _take(self, request: web.Request, mail: PushChannel) -> web.Response:
        """Verify a call of the webhook and store what it tells."""

    def _set_up(self) -> PushChannel:
        if self._mail is None:
            raise ApiError(503, "channel_not_set_up")
        return self._mail

    async def _probe(self, _request: web.Request) -> web.Response:
        return web.json_response({"channel": self._set_up().name})

    async def _receive(self, request: web.Request) -> web.Response:
        return await self._take(request, self._set_up())
