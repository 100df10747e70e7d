"""How many turns are under way: who comes to a full house is told when to come again, and waits for nothing."""

from __future__ import annotations

import contextlib
import random
import time
from collections import deque
from collections.abc import Callable, Iterator

from bot.channels.web.errors import ApiError
from bot.conversation.meter import Meter

_AT_LEAST = 16
"""So many find room whatever is known: at first nothing is known. Even a slow machine answers them in time."""

_AGAIN_SECONDS = range(2, 6)
"""Not the same for all: who is turned away together should not come again together."""


class Admission:
    """Lets in as many turns as were answered in the last ``seconds``: so long, about, waits the last of them.

    Time counts while somebody is inside, so that a quiet hour takes nothing away from what is known of the machine.
    Channels that push their answers need none: their couriers take as much as they can, and mail waits in the database.
    """

    def __init__(self, seconds: float, meter: Meter, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._meter = meter
        self._now = now
        self._inside = 0
        self._quiet_since = now()
        self._quiet_seconds = 0.0
        self._ended: deque[float] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Be one of those inside; ``ApiError`` 429 with ``Retry-After`` when there is no room."""
        if not self._inside:
            self._quiet_seconds += self._now() - self._quiet_since
        if self._inside >= self._room():
            self._meter.refused("turns")
            seconds = random.choice(_AGAIN_SECONDS)  # noqa: S311 - chance need not be secret here
            raise ApiError(429, "too_busy", headers={"Retry-After": str(seconds)}, seconds=seconds)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            self._quiet_since = self._now()
            self._ended.append(self._busy_seconds())

    def _busy_seconds(self) -> float:
        return self._now() - self._quiet_seconds

    def _room(self) -> int:
        since = self._busy_seconds() - self._seconds
        while self._ended and self._ended[0] < since:
            self._ended.popleft()
        return max(_AT_LEAST, len(self._ended))
