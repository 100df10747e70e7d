"""The officers' API under ``/api/officers``: what citizens ask a person, and the answers.

A shared secret lets in; ``X-Ansinh-Officer`` names who calls, by login, for the record. The console, or whoever else
holds the secret, vouches for the name.
"""

from __future__ import annotations

import dataclasses
import hmac
import re
from typing import Any

from aiohttp import web

from bot.channels.base import deliver
from bot.channels.web.bodies import ConversationQuery, ReplyBody, RequestsQuery, check, read_body
from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.conversation.clock import shown
from bot.conversation.handover import officers
from bot.conversation.handover.codes import code_in
from bot.conversation.handover.officers import Request
from bot.conversation.messages import Message
from bot.conversation.sealing import SealBrokenError
from bot.text.normalize import normalize

_LOGIN = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_TIMES = ("requested_at", "claimed_at", "answered_at", "closed_at")


def officer_routes() -> list[web.AbstractRouteDef]:
    """Each handler says what it does."""
    one = "/api/officers/requests/{code}"
    return [
        web.get("/api/officers/requests", list_requests),
        web.get(one, read_request),
        web.get(f"{one}/messages", read_messages),
        web.get(f"{one}/export", export),
        web.post(f"{one}/claim", claim),
        web.post(f"{one}/reply", reply),
        web.get(f"{one}/phone", read_phone),
        web.post(f"{one}/close", close),
    ]


async def list_requests(request: web.Request) -> web.Response:
    """Requests in a ``state``, open ones oldest first, closed ones newest first; ``next`` is the ``after`` to go on."""
    gateway, _ = await _officer(request)
    query = check(RequestsQuery, dict(request.query), gateway.voice)
    rows = await gateway.store.run(officers.listed, query.state, query.after, limit=query.limit)
    following = rows[-1].id if len(rows) == query.limit else None
    return web.json_response({"requests": [_request(row) for row in rows], "next": following})


async def read_request(request: web.Request) -> web.Response:
    """One request."""
    gateway, _ = await _officer(request)
    return web.json_response(_request(await gateway.store.run(officers.read, _code(request))))


async def read_messages(request: web.Request) -> web.Response:
    """The conversation that a request comes from, masked, oldest first; ``next`` is the ``after`` to go on.

    Who began to read one is written down.
    """
    gateway, officer = await _officer(request)
    query = check(ConversationQuery, dict(request.query), gateway.voice)
    messages = await gateway.store.run(
        officers.messages, _code(request), officer, query.after, gateway.clock.now(), limit=query.limit
    )
    following = messages[-1].seq if len(messages) == query.limit else None
    return web.json_response({"messages": [_message(message) for message in messages], "next": following})


async def export(request: web.Request) -> web.Response:
    """Everything that is kept of the citizen who has this receipt, for one who asks for it at the office.

    Each look is written down.
    """
    gateway, officer = await _officer(request)
    return web.json_response(await gateway.store.run(officers.export, _code(request), officer, gateway.clock.now()))


async def claim(request: web.Request) -> web.Response:
    """Take a request: from then on only this officer answers it."""
    gateway, officer = await _officer(request)
    row = await gateway.store.run(officers.claim, _code(request), officer, gateway.clock.now())
    return web.json_response(_request(row))


async def reply(request: web.Request) -> web.Response:
    """Write to the citizen, in the channel they asked in. The same ``id`` again writes nothing twice."""
    gateway, officer = await _officer(request)
    body = await read_body(request, ReplyBody, gateway.voice)
    text = normalize(body.text)
    if not 0 < len(text) <= gateway.settings.message_max_characters:
        raise ApiError(400, "reply_length", field="text", limit=gateway.settings.message_max_characters)
    sent = await gateway.store.run(
        officers.reply,
        _code(request),
        officer,
        message_id=body.id,
        text=text,
        now=gateway.clock.now(),
        until=gateway.standing.open_until(),
    )
    await deliver(request.app, sent.channel, sent.session_id, [sent.message])
    return web.json_response({"message": _message(sent.message)})


async def read_phone(request: web.Request) -> web.Response:
    """The citizen's number, for the officer who claimed the request. Each look is written down."""
    gateway, officer = await _officer(request)
    sealed = await gateway.store.run(officers.sealed_phone, _code(request), officer, gateway.clock.now())
    try:
        return web.json_response({"phone": gateway.box.open(sealed)})
    except SealBrokenError:
        raise ApiError(409, "phone_unreadable") from None


async def close(request: web.Request) -> web.Response:
    """End a request; its telephone number is erased."""
    gateway, officer = await _officer(request)
    row = await gateway.store.run(officers.close, _code(request), officer, gateway.clock.now())
    return web.json_response(_request(row))


async def _officer(request: web.Request) -> tuple[Gateway, str]:
    """Who calls, after checking that they may."""
    gateway = request.app[GATEWAY]
    secret = gateway.settings.officers_secret
    if not secret:
        raise ApiError(503, "officers_not_set_up")
    await gateway.limits.count("address_requests", gateway.limits.address(request))
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), secret.encode())
    if scheme.lower() != "bearer" or not right:
        raise ApiError(401, "officers_secret", headers={"WWW-Authenticate": "Bearer"})
    login = request.headers.get("X-Ansinh-Officer", "")
    if not _LOGIN.fullmatch(login):
        raise ApiError(400, "officer_missing")
    return gateway, login


def _code(request: web.Request) -> str:
    given = request.match_info["code"]
    # Wishes from before there were receipts have numbers of another form.
    return code_in(given) or given


def _request(row: Request) -> dict[str, Any]:
    body = dataclasses.asdict(row)
    for name in _TIMES:
        body[name] = shown(body[name]) if body[name] is not None else None
    return body


def _message(message: Message) -> dict[str, Any]:
    """What an officer needs of a message: no buttons, no answer object."""
    return {"id": message.id, "role": message.role, "text": message.text, "sent_at": shown(message.sent_at)}
