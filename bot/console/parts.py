"""What the console needs from whoever mounts it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.conversation.clock import Clock
from bot.conversation.handover.desk import Desk
from bot.conversation.handover.standing import Standing
from bot.conversation.messages import Message
from bot.conversation.payloads import Payloads
from bot.conversation.published import Published
from bot.conversation.rasa_client import RasaClient
from bot.conversation.sealing import Box
from bot.conversation.store import Store
from bot.settings import Settings

PREFIX = "/console"
"""Where the console stands, mounted or alone: links, cookies and redirects count on it."""

Deliver = Callable[[str, str, Sequence[Message]], Awaitable[None]]
"""Brings messages to the citizen of a session: channel, session id, messages. Never raises."""


@dataclass(frozen=True)
class Console:
    """The parts of the running service that pages use."""

    settings: Settings
    clock: Clock
    store: Store
    box: Box
    payloads: Payloads
    published: Published
    rasa: RasaClient
    desk: Desk
    standing: Standing
    deliver: Deliver
    key: str

    def address_hash(self, address: str) -> str:
        """The keyed hash of a network address, as the audit log keeps it (16 hex digits)."""
        return hmac.new(self.key.encode(), f"address:{address}".encode(), hashlib.sha256).hexdigest()[:16]


CONSOLE = web.AppKey("console", Console)
