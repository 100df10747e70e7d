"""Messages: what a channel hands in, what the gateway drafts, what a citizen is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.conversation.clock import shown
from bot.knowledge.status import Status

Role = Literal["citizen", "bot", "officer"]
Act = dict[str, Any]


@dataclass(frozen=True)
class Incoming:
    """One verified message of a citizen, from any channel.

    ``id`` is the channel's own, unique in the session: the same ``id`` again is the same
    message. Either ``text`` holds what was typed, or ``act`` what a button of ours stands for
    and ``title`` what it said.
    """

    session_id: str
    channel: str
    id: str
    text: str = ""
    act: Act | None = None
    title: str = ""


@dataclass(frozen=True)
class Draft:
    """A reply before it is stored; ``buttons`` are pairs of title and act."""

    text: str
    answer: dict[str, Any]
    buttons: tuple[tuple[str, Act], ...] = ()


@dataclass(frozen=True)
class Message:
    """A stored message. ``buttons`` are ``{"title", "payload"}`` with a signed payload."""

    id: str
    role: Role
    text: str
    sent_at: dt.datetime
    buttons: list[dict[str, str]] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    seq: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form that the web channel sends."""
        return {
            "id": self.id,
            "role": self.role,
            "text": self.text,
            "sent_at": shown(self.sent_at),
            "buttons": self.buttons,
            "answer": self.answer,
        }


def system_answer(status: Status, as_of: dt.date) -> dict[str, Any]:
    """The answer object of a reply that the gateway gives by itself: nothing but a status."""
    return full_answer({"status": status, "source": "system", "as_of": as_of.isoformat()})


def full_answer(given: dict[str, Any]) -> dict[str, Any]:
    """``given`` with every field that an answer object has; fields that don't apply are empty."""
    return {
        "status": "answered",
        "topic": None,
        "program": None,
        "aspect": None,
        "source": "policy",
        "faq": None,
        "member": None,
        "verdict": None,
        "criteria": [],
        "results": [],
        "asks": None,
        "readings": [],
        "benefits": [],
        "documents": [],
        "steps": [],
        "office": None,
        "checklist_url": None,
        "citations": [],
        "as_of": None,
        "verified": True,
        **given,
    }
