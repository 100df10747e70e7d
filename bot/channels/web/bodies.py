"""Request bodies: read, decoded and checked, with an error that names the field and the mend."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.channels.web.errors import ApiError
from bot.conversation.voice import Voice
from bot.text.storable import storable

# As a schema knows patterns; pydantic takes "$" for the very end alone.
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_LARGEST = 2**53
"""A number that JSON, and each database, can still hold."""


class _Body(BaseModel):
    # Fields we don't know are let pass, for clients newer than this server.
    model_config = ConfigDict(strict=True, extra="ignore")


class _Query(_Body):
    # In an address a number is written as text.
    model_config = ConfigDict(strict=False, extra="ignore")


def _as_held(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


_Words = Annotated[str, BeforeValidator(_as_held)]
"""What a person typed."""


class SessionBody(_Body):
    """A new conversation; ``notice`` is the version of the notice on privacy that was accepted before it."""

    notice: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,16}$")] | None = None


class MessageBody(_Body):
    """A message: ``text``, or the ``payload`` of a button."""

    id: MessageId
    text: _Words | None = None
    payload: _Words | None = None


def _one_way_or_the_other(value: int) -> int:
    # Not a Literal: that would take true for 1.
    if value not in {1, -1}:
        raise ValueError(value)
    return value


class FeedbackBody(_Body):
    """A thumb up or down for a message of the bot."""

    message: MessageId
    value: Annotated[int, AfterValidator(_one_way_or_the_other), Field(json_schema_extra={"enum": [1, -1]})]
    reason: Annotated[_Words, Field(max_length=1000)] | None = None


class HandoverBody(_Body):
    """A wish to speak with a person; ``id`` makes it safe to send again."""

    id: MessageId | None = None


class ReplyBody(_Body):
    """An officer's message; ``id`` makes it safe to send again."""

    id: MessageId
    text: _Words


class HistoryQuery(_Body):
    """The query of history and events."""

    after: MessageId | None = None


class RequestsQuery(_Query):
    """Which requests to list: those behind the one numbered ``after``."""

    state: Literal["waiting", "claimed", "closed"] = "waiting"
    after: Annotated[int, Field(ge=0, le=_LARGEST)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ConversationQuery(_Query):
    """Which messages of a conversation to read: those behind position ``after``."""

    after: Annotated[int, Field(ge=0, le=_LARGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class ChangesQuery(_Query):
    """Which changes of the published tables: those of versions above ``since``, behind the one with id ``after``."""

    since: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    after: Annotated[int, Field(ge=0, le=_LARGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 500


_B = TypeVar("_B", bound=_Body)


async def read_body(request: web.Request, model: type[_B], voice: Voice, *, optional: bool = False) -> _B:
    """The checked body; an empty one counts as ``{}`` when ``optional``. Raises ``ApiError``."""
    try:
        raw = await request.read()
    except ConnectionError:
        # The caller hung up in the middle. Nobody hears this any more, but it is counted as their fault, not as ours.
        raise ApiError(400, "bad_request") from None
    if optional and not raw:
        return check(model, {}, voice)
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiError(400, "invalid_json") from None
    if not isinstance(value, dict):
        raise ApiError(400, "invalid_body", example='{"id": "…", "text": "…"}')
    return check(model, value, voice)


def check(model: type[_B], value: dict[str, Any], voice: Voice) -> _B:
    """``value`` as a ``model``; ``ApiError`` for the first field that doesn't fit."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        field = str(error.errors(include_input=False)[0]["loc"][0])
        raise ApiError(400, "invalid_field", field=field, expected=voice.fields[field]) from None
