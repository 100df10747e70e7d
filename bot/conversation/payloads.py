"""Buttons as opaque signed tokens: one scheme for the web and for Zalo.

Zalo sends a pressed button back as if its payload had been typed, and cuts nothing: a payload may
have 1,000 characters at most. So a token holds only title and act, and is bound to its session by
the key it is signed with, not by naming it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, NamedTuple

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from bot.conversation.messages import Act

PREFIX = "#b:"
MAX_LENGTH = 1000
_MAX_TITLE = 100


class BadPayloadError(Exception):
    """The payload is none of ours, or of another session."""


class ExpiredPayloadError(BadPayloadError):
    """The payload was ours, but too long ago."""


class PayloadTooLongError(ValueError):
    """The act does not fit into a payload."""


class Pressed(NamedTuple):
    """What a button said and stands for."""

    title: str
    act: Act


class Payloads:
    """Signs acts into payloads and reads them back; ``lifetime`` from the moment of signing."""

    def __init__(self, key: str, lifetime: dt.timedelta) -> None:
        self._key = key
        self._lifetime = lifetime

    def sign(self, session_id: str, title: str, act: Act) -> str:
        """A payload for a button of this session; ``PayloadTooLongError`` past 1,000 characters."""
        payload = PREFIX + str(self._serializer(session_id).dumps([title[:_MAX_TITLE], act]))
        if len(payload) > MAX_LENGTH:
            raise PayloadTooLongError(f"a button's act makes {len(payload)} characters, {MAX_LENGTH} fit")
        return payload

    def read(self, session_id: str, payload: str) -> Pressed:
        """Title and act of a payload made for this session.

        Raises ``ExpiredPayloadError`` or ``BadPayloadError``, with no part of the payload in it.
        """
        if not payload.startswith(PREFIX) or len(payload) > MAX_LENGTH or not payload.isascii():
            raise BadPayloadError("not a payload")
        try:
            value: Any = self._serializer(session_id).loads(
                payload.removeprefix(PREFIX), max_age=int(self._lifetime.total_seconds())
            )
        except SignatureExpired:
            raise ExpiredPayloadError("an old payload") from None
        except BadData:
            raise BadPayloadError("no valid signature") from None
        title, act = value
        return Pressed(title, act)

    def _serializer(self, session_id: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._key, salt=f"button:{session_id}", signer_kwargs={"digest_method": hashlib.sha256}
        )
