"""Events of the webhook: what each means to us. Pure; anything odd is ignored, never an error."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from bot.channels.push.fields import dict_of, text_of

_ATTACHMENTS = frozenset({"image", "gif", "link", "audio", "video", "sticker", "file", "business_card"})
_GREETINGS = frozenset({"follow", "user_click_chatnow"})
# As a text may be, and a little more: what is longer is refused politely by the turn.
_MAX_TEXT = 8000


@dataclass(frozen=True)
class Received:
    """A person's event for the inbox. ``kind``: text, location, attachment, greet, leave, withdraw."""

    user: str
    kind: str
    key: str
    sent_at: dt.datetime
    text: str = ""


@dataclass(frozen=True)
class Echo:
    """A message of ours, told back to us."""

    user: str
    message_id: str
    text: str


@dataclass(frozen=True)
class OfficerWrote:
    """A person has written from the account's own inbox."""

    user: str


@dataclass(frozen=True)
class Revoked:
    """The account has taken its permission back from the application."""


@dataclass(frozen=True)
class Ignored:
    """Nothing for us: a group, a receipt, something new."""

    name: str


Event = Received | Echo | OfficerWrote | Revoked | Ignored


def read_event(body: dict[str, Any], now: dt.datetime) -> Event:
    """What an event means. Unknown ones, groups and receipts are ``Ignored``."""
    name = text_of(body.get("event_name"))
    if not name or "group" in name or "anonymous" in name:
        return Ignored(name[:40])
    if name == "permission_revoked":
        return Revoked()
    if name.startswith("oa_send_"):
        return _of_the_account(name, body)
    kind = _kind(name)
    user = _id(body, "sender") or _id(body, "follower") or text_of(body.get("user_id"))
    # An event whose sender is the account itself must never be answered: it would answer itself for ever.
    if kind is None or not user or user == text_of(body.get("oa_id")):
        return Ignored(name[:40])
    message = dict_of(body.get("message"))
    return Received(
        user=user,
        kind=kind,
        key=_key(name, user, body, message),
        sent_at=_time(body.get("timestamp"), now),
        text=text_of(message.get("text"))[:_MAX_TEXT] if kind == "text" else "",
    )


def _kind(name: str) -> str | None:
    if name in _GREETINGS:
        return "greet"
    match name.removeprefix("user_send_") if name.startswith("user_send_") else name:
        case "text":
            return "text"
        case "location":
            return "location"
        case kind if kind in _ATTACHMENTS:
            return "attachment"
        case "unfollow":
            return "leave"
        case "user_withdraw":
            return "withdraw"
    return None


def _of_the_account(name: str, body: dict[str, Any]) -> Event:
    user = _id(body, "recipient")
    if not user:
        return Ignored(name[:40])
    if dict_of(body.get("sender")).get("admin_id"):
        return OfficerWrote(user)
    message = dict_of(body.get("message"))
    return Echo(user, text_of(message.get("msg_id"))[:64], text_of(message.get("text")))


def _key(name: str, user: str, body: dict[str, Any], message: dict[str, Any]) -> str:
    """A hash of what names the event: the message's id, else name, time and person."""
    identity = text_of(message.get("msg_id")) or f"{name}:{text_of(body.get('timestamp'))}:{user}"
    return hashlib.sha256(identity.encode()).hexdigest()[:40]


def _time(timestamp: Any, now: dt.datetime) -> dt.datetime:
    """Zalo's milliseconds; ``now`` where they make no sense (a doc sample has twelve digits)."""
    try:
        moment = dt.datetime.fromtimestamp(int(str(timestamp)) / 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return moment if abs(moment - now) < dt.timedelta(days=2) else now


def _id(body: dict[str, Any], role: str) -> str:
    return text_of(dict_of(body.get(role)).get("id"))
