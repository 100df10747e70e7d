"""The OpenAPI descriptions of the citizens' and the officers' API, made of the models that bodies are checked by."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from bot.channels.web.bodies import (
    ConversationQuery,
    FeedbackBody,
    HandoverBody,
    HistoryQuery,
    MessageBody,
    ReplyBody,
    RequestsQuery,
    SessionBody,
)
from bot.channels.web.gateway import GATEWAY
from bot.conversation.handover.officers import Request
from bot.conversation.messages import full_answer

CITIZENS = "/api/web"
OFFICERS = "/api/officers"
_REF = "#/components/schemas/"
_BODIES = (SessionBody, MessageBody, FeedbackBody, HandoverBody, ReplyBody)
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_TEXT: dict[str, Any] = {"type": "string"}

# What each status means wherever it comes.
_STATUSES = {
    400: "What was sent cannot be read or does not fit; `field` names what is at fault.",
    401: "No token, a wrong one, or of a conversation that has ended.",
    404: "There is no such thing.",
    409: "The id is taken by another message, or another officer was faster.",
    410: "The citizen's conversation has ended.",
    413: "The body is too large.",
    429: "Too many calls; Retry-After says how many seconds to wait.",
    503: "Not at present; Retry-After says when to try again.",
}
_ALWAYS = (413, 429, 503)


def description_routes() -> list[web.AbstractRouteDef]:
    """Where programs read the descriptions; neither holds anything secret."""
    return [
        web.get(f"{CITIZENS}/openapi.json", _serving(citizens)),
        web.get(f"{OFFICERS}/openapi.json", _serving(officers)),
    ]


def citizens(server: str) -> dict[str, Any]:
    """The API of conversations; ``server`` is where the gateway is reached from outside, if that is set."""
    replies = _object({"messages": _list("Message")})
    opened = _object({"token": _TEXT, "expires_at": _MOMENT, "messages": _list("Message")})
    after = _query(HistoryQuery)
    events = "Server-sent events: each `message` is a Message, `end` says that the conversation has ended."
    paths = {
        f"{CITIZENS}/session": {
            "post": _operation("Begin a conversation", _json(201, opened), body=SessionBody, optional=True, open_=True),
            "delete": _operation("End the conversation and erase it", _nothing(), 401),
        },
        f"{CITIZENS}/messages": {
            "post": _operation("Say something, or press a button", _json(200, replies), 401, 409, body=MessageBody),
            "get": _operation("What was said", _json(200, replies), 400, 401, 404, parameters=after),
        },
        f"{CITIZENS}/events": {
            "get": _operation(
                "Hear what is said",
                {"200": {"description": events, "content": {"text/event-stream": {"schema": _TEXT}}}},
                400,
                401,
                404,
                parameters=[*after, _parameter("Last-Event-ID", "header", after[0]["schema"])],
            )
        },
        f"{CITIZENS}/export": {"get": _operation("Everything that is kept of the citizen", _json(200, _EXPORT), 401)},
        f"{CITIZENS}/feedback": {
            "post": _operation("A thumb for a reply", _nothing(), 401, 404, body=FeedbackBody),
        },
        f"{CITIZENS}/handover": {
            "post": _operation("Ask for a person", _json(200, replies), 401, 409, body=HandoverBody, optional=True)
        },
    }
    return _document("An Sinh: conversations", server, paths)


def officers(server: str) -> dict[str, Any]:
    """The API of those who answer citizens; ``server`` as in ``citizens``."""
    shown = _object({"id": _TEXT, "role": _TEXT, "text": _TEXT, "sent_at": _MOMENT})
    following = {"type": ["integer", "null"], "description": "The `after` to go on with."}
    requests = _object({"requests": _list("Request"), "next": following})
    conversation = _object({"messages": {"type": "array", "items": shown}, "next": following})
    request = _json(200, {"$ref": f"{_REF}Request"})
    code = _parameter("code", "path", _TEXT) | {"required": True}
    login = _parameter("X-Ansinh-Officer", "header", {"type": "string", "pattern": "^[A-Za-z0-9._@-]{1,64}$"})
    login["required"] = True

    def operation(summary: str, good: dict[str, Any], *statuses: int, **more: Any) -> dict[str, Any]:
        parameters = [login, *more.pop("parameters", ())]
        return _operation(summary, good, 400, 401, *statuses, parameters=parameters, **more)

    def of_one(summary: str, good: dict[str, Any], *statuses: int, **more: Any) -> dict[str, Any]:
        parameters = [code, *more.pop("parameters", ())]
        return operation(summary, good, 404, *statuses, parameters=parameters, **more)

    one = f"{OFFICERS}/requests/{{code}}"
    said = _json(200, _object({"message": shown}))
    paths = {
        f"{OFFICERS}/requests": {
            "get": operation("Requests in a state", _json(200, requests), parameters=_query(RequestsQuery))
        },
        one: {"get": of_one("One request", request)},
        f"{one}/messages": {
            "get": of_one("Its conversation", _json(200, conversation), parameters=_query(ConversationQuery))
        },
        f"{one}/export": {"get": of_one("Everything that is kept of its citizen", _json(200, _EXPORT))},
        f"{one}/claim": {"post": of_one("Take it", request, 409)},
        f"{one}/reply": {"post": of_one("Write to its citizen", said, 409, 410, body=ReplyBody)},
        f"{one}/phone": {"get": of_one("Its telephone number", _json(200, _object({"phone": _TEXT})), 409)},
        f"{one}/close": {"post": of_one("End it", request, 409)},
    }
    return _document("An Sinh: citizens' requests", server, paths)


def _serving(describe: Callable[[str], dict[str, Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        gateway = request.app[GATEWAY]
        await gateway.limits.count("address_requests", gateway.limits.address(request))
        return web.json_response(describe(gateway.settings.public_url))

    return serve


def _document(title: str, server: str, paths: dict[str, Any]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": server or "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _schemas() -> dict[str, Any]:
    bodies = {model.__name__: model.model_json_schema(ref_template=f"{_REF}{{model}}") for model in _BODIES}
    # One of the two, which the gateway looks at itself.
    bodies["MessageBody"]["oneOf"] = [
        {"required": [name], "properties": {name: _TEXT, other: {"type": "null"}}}
        for name, other in (("text", "payload"), ("payload", "text"))
    ]
    optional = {"type": ["object", "null"]}
    button = _object({"title": _TEXT, "payload": _TEXT})
    return bodies | {
        "Error": _object(
            {"error": _object({"code": _TEXT, "message": _TEXT, "field": _TEXT}, required=("code", "message"))}
        ),
        "Message": _object(
            {
                "id": _TEXT,
                "role": {"type": "string", "enum": ["citizen", "bot", "officer"]},
                "text": _TEXT,
                "sent_at": _MOMENT,
                "buttons": {"type": "array", "items": button},
                "answer": {"anyOf": [{"$ref": f"{_REF}Answer"}, {"type": "null"}]},
            }
        ),
        "Answer": {"type": "object", "properties": {name: {} for name in full_answer({})}},
        "Request": _object({field.name: _column(str(field.type)) for field in dataclasses.fields(Request)}),
        "Export": _object(
            {"exported_at": _MOMENT, "channel": _TEXT, "conversations": {"type": "array", "items": optional}}
            | {"consents": {"type": "array", "items": optional}}
        ),
    }


_EXPORT = {"$ref": f"{_REF}Export"}
_COLUMNS: Mapping[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "str": _TEXT,
    "str | None": {"type": ["string", "null"]},
    "dt.datetime": _MOMENT,
    "dt.datetime | None": {"type": ["string", "null"], "format": "date-time"},
}


def _column(annotation: str) -> dict[str, Any]:
    return _COLUMNS[annotation]


def _object(properties: dict[str, Any], *, required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required or properties)}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"{_REF}{of}"}}


def _json(status: int, schema: dict[str, Any]) -> dict[str, Any]:
    return {str(status): {"description": "As asked for.", "content": {"application/json": {"schema": schema}}}}


def _nothing() -> dict[str, Any]:
    return {"204": {"description": "Done."}}


def _operation(
    summary: str,
    good: dict[str, Any],
    *statuses: int,
    body: type[BaseModel] | None = None,
    optional: bool = False,
    open_: bool = False,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """One call: what comes when all is well, and what may come instead; ``open_`` needs no token."""
    error = {"application/json": {"schema": {"$ref": f"{_REF}Error"}}}
    told = sorted({*statuses, *_ALWAYS, *((400,) if body else ())})
    responses = good | {str(status): {"description": _STATUSES[status], "content": error} for status in told}
    made: dict[str, Any] = {"summary": summary, "parameters": parameters or [], "responses": responses}
    if body is not None:
        schema = {"$ref": f"{_REF}{body.__name__}"}
        made["requestBody"] = {"required": not optional, "content": {"application/json": {"schema": schema}}}
    if open_:
        made["security"] = []
    return made


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    properties = model.model_json_schema()["properties"]
    return [_parameter(name, "query", _given(schema)) for name, schema in properties.items()]


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """In an address what is not given is left out, never null."""
    return next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema}
