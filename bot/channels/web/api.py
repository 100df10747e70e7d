"""The web channel: sessions, messages, events, feedback and hand-over under ``/api/web``."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.channels.web.bodies import FeedbackBody, HandoverBody, HistoryQuery, MessageBody, SessionBody, check, read_body
from bot.channels.web.errors import ApiError
from bot.channels.web.events import Stream
from bot.channels.web.gateway import GATEWAY, Gateway, prompt
from bot.channels.work import running
from bot.conversation import exports, repository
from bot.conversation.clock import shown
from bot.conversation.messages import Incoming, Message
from bot.conversation.payloads import BadPayloadError, ExpiredPayloadError
from bot.conversation.tokens import BadTokenError
from bot.text.mask import mask
from bot.text.normalize import normalize

_HISTORY_LIMIT = 100


class WebChannel:
    """Citizens in a browser, or a program that speaks the same API."""

    name = "web"

    def __init__(self, app: web.Application) -> None:
        self._app = app

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """See design §6; each handler says what it does."""
        return [
            web.post("/api/web/session", prompt(self.open_session)),
            web.delete("/api/web/session", prompt(self.close_session)),
            web.post("/api/web/messages", self.post_message),
            web.get("/api/web/messages", prompt(self.get_messages)),
            web.get("/api/web/events", self.get_events),
            web.get("/api/web/export", prompt(self.get_export)),
            web.post("/api/web/feedback", prompt(self.post_feedback)),
            web.post("/api/web/handover", self.post_handover),
        ]

    @contextlib.asynccontextmanager
    async def at_work(self, gateway: Gateway) -> AsyncIterator[None]:
        """Look for what other processes said to citizens who are listening."""
        async with running(gateway.hub.run()):
            yield

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message is one JSON object."""
        return [message.as_json()]

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:  # noqa: ARG002 - they are stored
        """Wake the streams of a conversation, which read what is new; who holds none finds it in the history."""
        self._app[GATEWAY].hub.wake([session_id])

    async def problems(self) -> Mapping[str, str]:
        """Nothing of its own that could be wrong."""
        return {}

    async def open_session(self, request: web.Request) -> web.Response:
        """Begin a conversation: its token and the greeting. What was accepted before it is recorded with it."""
        gateway = request.app[GATEWAY]
        await gateway.limits.count("address_sessions", gateway.limits.address(request))
        body = await read_body(request, SessionBody, gateway.voice, optional=True)
        session_id = gateway.tokens.new_session_id()
        now = gateway.clock.now()
        expires = now + dt.timedelta(hours=gateway.settings.session_hours)
        greeting = await gateway.store.run(
            repository.create_session,
            session_id=session_id,
            channel=self.name,
            sender=gateway.tokens.hashed_sender(self.name, session_id),
            now=now,
            expires=expires,
            greeting=gateway.conversation.greeting(session_id),
            notice=body.notice,
        )
        return web.json_response(
            {
                "token": gateway.tokens.sign(session_id),
                "expires_at": shown(expires),
                "messages": self.render(greeting),
            },
            status=201,
        )

    async def close_session(self, request: web.Request) -> web.Response:
        """Erase the citizen's data and end the conversation."""
        gateway, session_id = await _caller(request, "session_other")
        await gateway.conversation.close_session(session_id)
        gateway.hub.wake([session_id])
        return web.Response(status=204)

    async def post_message(self, request: web.Request) -> web.Response:
        """One turn. The same ``id`` again gets the same messages."""
        gateway, session_id = await _caller(request, "session_messages")
        body = await read_body(request, MessageBody, gateway.voice)
        return await self._take(gateway, _incoming(gateway, session_id, body, self.name))

    async def get_messages(self, request: web.Request) -> web.Response:
        """History: what follows the message ``after``, else the last messages."""
        gateway, session_id = await _caller(request, "session_other")
        messages = await gateway.store.run(
            repository.history, session_id, _after(request), gateway.clock.now(), limit=_HISTORY_LIMIT
        )
        return self._messages(messages)

    async def get_events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, from message ``after`` (or ``Last-Event-ID``) on."""
        gateway, session_id = await _caller(request, "session_other")
        position = await gateway.store.run(repository.position, session_id, _after(request), gateway.clock.now())
        stream = Stream(
            gateway.store,
            gateway.clock,
            gateway.hub,
            session_id=session_id,
            heartbeat_seconds=gateway.settings.events_heartbeat_seconds,
        )
        return await stream.serve(request, position)

    async def get_export(self, request: web.Request) -> web.Response:
        """Everything that is kept of the citizen, to look at or to take away."""
        gateway, session_id = await _caller(request, "session_other")
        kept = await gateway.store.run(exports.of_session, session_id, gateway.clock.now())
        headers = {"Content-Disposition": 'attachment; filename="du-lieu-cua-toi.json"'}
        return web.json_response(kept, headers=headers)

    async def post_feedback(self, request: web.Request) -> web.Response:
        """A thumb for a message of the bot, with a reason if there is one."""
        gateway, session_id = await _caller(request, "session_other")
        body = await read_body(request, FeedbackBody, gateway.voice)
        await gateway.store.run(
            repository.give_feedback,
            session_id=session_id,
            message_id=body.message,
            value=body.value,
            reason=mask(normalize(body.reason)).text if body.reason else None,
            now=gateway.clock.now(),
        )
        return web.Response(status=204)

    async def post_handover(self, request: web.Request) -> web.Response:
        """Ask for a person: a turn like any other, so it is logged and safe to send again."""
        gateway, session_id = await _caller(request, "session_messages")
        body = await read_body(request, HandoverBody, gateway.voice, optional=True)
        incoming = Incoming(
            session_id=session_id,
            channel=self.name,
            id=body.id or str(uuid.uuid4()),
            act={"act": "human"},
            title=gateway.voice.phrases["handover_title"],
        )
        return await self._take(gateway, incoming)

    async def _take(self, gateway: Gateway, incoming: Incoming) -> web.Response:
        with gateway.admission.turn():
            messages = await gateway.conversation.take(incoming)
        # Other tabs of this conversation, and a tab that lost this connection, hear it too.
        gateway.hub.wake([incoming.session_id])
        return self._messages(messages)

    def _messages(self, messages: Sequence[Message]) -> web.Response:
        return web.json_response({"messages": [body for message in messages for body in self.render(message)]})


async def _caller(request: web.Request, kind: str) -> tuple[Gateway, str]:
    """The session of the bearer token, after counting the call."""
    gateway = request.app[GATEWAY]
    await gateway.limits.count("address_requests", gateway.limits.address(request))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError(401, "token_missing", headers={"WWW-Authenticate": "Bearer"})
    try:
        session_id = gateway.tokens.read(token.strip())
    except BadTokenError:
        raise ApiError(401, "token_invalid", headers={"WWW-Authenticate": "Bearer"}) from None
    await gateway.limits.count(kind, session_id)
    return gateway, session_id


def _incoming(gateway: Gateway, session_id: str, body: MessageBody, channel: str) -> Incoming:
    if (body.text is None) == (body.payload is None):
        raise ApiError(400, "text_or_payload", field="text")
    if body.payload is None:
        return Incoming(session_id, channel, body.id, text=body.text or "")
    try:
        title, act = gateway.payloads.read(session_id, body.payload)
    except ExpiredPayloadError:
        raise ApiError(400, "expired_button", field="payload") from None
    except BadPayloadError:
        raise ApiError(400, "bad_button", field="payload") from None
    return Incoming(session_id, channel, body.id, act=act, title=title)


def _after(request: web.Request) -> str | None:
    # A browser that has heard nothing yet may send an empty header.
    given = request.query.get("after", request.headers.get("Last-Event-ID") or None)
    return check(HistoryQuery, {"after": given}, request.app[GATEWAY].voice).after
