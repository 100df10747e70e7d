"""What every channel has in common, so that a new one is one package more and nothing else changes.

A channel reads its own requests (verify, then ``Incoming``), gives them to ``Conversation.take`` and renders the
messages it gets back. Whether it answers within the request (web) or acknowledges first and pushes afterwards (Zalo:
200 within two seconds; ``bot/channels/push`` has what that takes) is its own affair. ``docs/channels.md`` says more.

What an officer says comes the other way: it is stored in the citizen's conversation first, then handed to
the ``deliver`` of the channel that the conversation belongs to, which ``CHANNELS`` finds by name.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from aiohttp import web

from bot.channels.web.gateway import Gateway
from bot.conversation.messages import Message

_log = logging.getLogger(__name__)


class Channel(Protocol):
    """One way to reach citizens."""

    name: str

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The addresses it listens on; they answer 503 while the channel is not set up."""

    def at_work(self, gateway: Gateway) -> AbstractAsyncContextManager[None]:
        """What it does besides answering requests, as long as the block runs."""

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as the bodies that this channel sends: several, where one would be too long."""

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Bring the citizen what was said outside a request of theirs; never raises.

        The messages are stored already, so a citizen who can't be reached now finds them on their next visit. The same
        message may be handed over again, as an officer's client sends again what it has no answer to: a
        channel that pushes tells by ``Message.id`` what it has sent.
        """

    async def problems(self) -> Mapping[str, str] | None:
        """What a person has to mend, for ``/readyz``: a word and a sentence each; ``None`` while not set up."""


CHANNELS = web.AppKey("channels", dict[str, Channel])
"""The channels of an application, each under its name."""


async def deliver(app: web.Application, channel: str, session_id: str, messages: Sequence[Message]) -> None:
    """Hand messages of a session to its channel; never raises, as they are stored already."""
    found = app[CHANNELS].get(channel)
    if found is None:
        _log.error("an officer's message waits for its citizen: no channel %s here", channel)
    else:
        await found.deliver(session_id, messages)
