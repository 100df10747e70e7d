"""Alerts: what a person has to mend, said in the log at once and on ``/readyz`` as long as it lasts.

What happened once rather than lasts – a message dropped – stands there for a day.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)
_REPEAT = dt.timedelta(minutes=10)
_DAY = dt.timedelta(days=1)


class Alerts:
    """The alerts of one channel in this process."""

    def __init__(self, channel: str, now: Callable[[], dt.datetime]) -> None:
        self._channel = channel
        self._now = now
        self._open: dict[str, tuple[str, dt.datetime]] = {}
        self._passing: set[str] = set()

    def sound(self, name: str, sentence: str, *, passing: bool = False) -> None:
        """Something is wrong; the log repeats it every ten minutes at most. ``passing``: nobody will ``clear`` it."""
        if passing:
            self._passing.add(name)
        known = self._open.get(name)
        now = self._now()
        if known is None or known[0] != sentence or now - known[1] >= _REPEAT:
            _log.error("%s: %s", self._channel, sentence)
            self._open[name] = sentence, now

    def clear(self, name: str) -> None:
        """It is well again."""
        if self._open.pop(name, None) is not None:
            _log.warning("%s: %s is well again", self._channel, name)

    def open(self) -> dict[str, str]:
        """What is wrong at present."""
        day_ago = self._now() - _DAY
        return {
            name: sentence
            for name, (sentence, sounded) in self._open.items()
            if name not in self._passing or sounded > day_ago
        }
