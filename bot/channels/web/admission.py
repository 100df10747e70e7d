"""How many turns are under way at once: who comes to a full house is told when to come again, and waits for nothing."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator

from bot.channels.web.errors import ApiError
from bot.conversation.meter import Meter

_AGAIN_SECONDS = range(2, 6)
"""Not the same for all: who is turned away together should not come again together."""


class Admission:
    """Lets ``most`` turns of citizens in at once.

    Turns that are in queue up for threads and for Rasa; with a bound, the last of them is answered well before its
    time is up. Channels that push their answers need none: their couriers take as much as they can.
    """

    def __init__(self, most: int, meter: Meter) -> None:
        self._most = most
        self._meter = meter
        self._inside = 0

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Be one of those inside; ``ApiError`` 429 with ``Retry-After`` when there is no room."""
        if self._inside >= self._most:
            self._meter.refused("turns")
            seconds = random.choice(_AGAIN_SECONDS)  # noqa: S311 - chance need not be secret here
            raise ApiError(429, "too_busy", headers={"Retry-After": str(seconds)}, seconds=seconds)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
