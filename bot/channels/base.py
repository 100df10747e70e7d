"""What every channel has in common, so that a new one is one file more and nothing else changes.

A channel reads its own requests (verify, then ``Incoming``), gives them to
``Conversation.take`` and renders the messages it gets back. Whether it answers within the request (web) or
acknowledges first and pushes afterwards (Zalo: 200 within two seconds) is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from aiohttp import web

from bot.conversation.messages import Message


class Channel(Protocol):
    """One way to reach citizens."""

    name: str

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The addresses it listens on."""

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as the bodies that this channel sends: several, where one would be too long."""

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Bring the citizen what was said outside a request of theirs; never raises."""
