"""Events of the Bot Platform, wrapped in ``result`` or not."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, NamedTuple

from bot.channels.push.fields import dict_of, text_of

_ATTACHMENTS = frozenset({"image", "sticker", "voice"})
_MAX_TEXT = 8000


class Received(NamedTuple):
    """A private message; ``kind`` is ``text`` or ``attachment``."""

    chat: str
    kind: str
    key: str
    sent_at: dt.datetime
    text: str


def read_event(body: dict[str, Any], now: dt.datetime) -> Received | None:
    """The message in an event; ``None`` for groups, other bots and what is not supported."""
    event = dict_of(body["result"]) if "result" in body else body
    message, name = dict_of(event.get("message")), str(event.get("event_name", ""))
    chat = dict_of(message.get("chat"))
    kind = name.removeprefix("message.").removesuffix(".received")
    chat_id, message_id = text_of(chat.get("id")), text_of(message.get("message_id"))
    private = str(chat.get("chat_type", "PRIVATE")).upper() == "PRIVATE"
    from_bot = dict_of(message.get("from")).get("is_bot") is True
    if not (private and chat_id and message_id) or from_bot:
        return None
    if kind != "text" and kind not in _ATTACHMENTS:
        return None
    return Received(
        chat=chat_id,
        kind="text" if kind == "text" else "attachment",
        key=hashlib.sha256(message_id.encode()).hexdigest()[:40],
        sent_at=_time(message.get("date"), now),
        text=text_of(message.get("text"))[:_MAX_TEXT] if kind == "text" else "",
    )


def _time(date: Any, now: dt.datetime) -> dt.datetime:
    try:
        moment = dt.datetime.fromtimestamp(int(date) / 1000, dt.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return moment if abs(moment - now) < dt.timedelta(days=2) else now
