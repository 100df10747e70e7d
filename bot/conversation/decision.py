"""A turn under way, and what is decided in it: what the steps of a turn share."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.conversation.handover.draft import Change
from bot.conversation.messages import Draft, Incoming
from bot.conversation.rasa_client import RasaReply
from bot.conversation.reading import Reading


@dataclass
class Turn:
    """A turn under way."""

    incoming: Incoming
    reading: Reading
    today: dt.date
    deadline: float
    durations: dict[str, float] = field(default_factory=dict)

    def remaining(self) -> float:
        """Seconds left until the citizen must have a reply."""
        return self.deadline - time.monotonic()


@dataclass(frozen=True)
class Decision:
    """What to say, and what that changes.

    ``heard`` is what Rasa understood; her case is kept unless ``keep_case``. ``erase`` clears what was. ``handover``
    is what becomes of a hand-over. ``expected`` are kinds of personal numbers that the citizen was right to send.
    """

    drafts: list[Draft]
    heard: RasaReply | None = None
    keep_case: bool = False
    erase: bool = False
    handover: Change | None = None
    expected: Collection[str] = ()
