"""What a channel that pushes has to bring along; everything else is shared."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from bot.channels.push.packing import Parcel, Shape


class Result(Enum):
    """What became of a message that was given to the channel."""

    SENT = "sent"
    LATER = "later"
    """Not taken, try again after a while: rate limit, fault on their side, no connection."""
    UNCLEAR = "unclear"
    """No answer came: it may have been taken."""
    UNREACHABLE = "unreachable"
    """This person can't be written to."""
    MALFORMED = "malformed"
    """They don't like the shape of the message; a plain short text may do."""
    SPENT = "spent"
    """No replies left for this person."""
    CLOSED = "closed"
    """Nothing can be sent to anybody until a human has mended it."""


@dataclass(frozen=True)
class Outcome:
    """``code`` is the channel's own, for the log; ``replies_left`` where the channel says so."""

    result: Result
    code: str = ""
    remote_id: str | None = None
    replies_left: int | None = None
    tries: int | None = None
    """How often ``LATER`` is worth trying; ``None``: for an hour."""


class Transport(Protocol):
    """The sending half of a channel."""

    name: str
    shape: Shape
    window: dt.timedelta | None
    """How long after a person's last sign of life they may be written to; ``None``: always."""

    async def send(self, address: str, parcel: Parcel) -> Outcome:
        """Give one message to the channel. Never raises."""

    async def replies_left(self, address: str) -> int | None:
        """How many replies this person may still get; ``None`` when there is no cap, or none is told. Never raises."""

    async def tend(self) -> None:
        """Called about once a minute. Never raises."""

    async def problems(self) -> Mapping[str, str]:
        """What is wrong or soon will be, for ``/readyz``: a word and a sentence each. Never raises."""


def json_object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object that an answer is; ``None`` for anything else."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
