"""Alerts: what a person has to mend, said in the log at once and on ``/readyz`` as long as it lasts."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)
_REPEAT = dt.timedelta(minutes=10)


class Alerts:
    """The alerts of one channel in this process."""

    def __init__(self, channel: str, now: Callable[[], dt.datetime]) -> None:
        self._channel = channel
        self._now = now
        self._open: dict[str, tuple[str, dt.datetime]] = {}

    def sound(self, name: str, sentence: str) -> None:
        """Something is wrong; the log repeats it every ten minutes at most."""
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
        return {name: sentence for name, (sentence, _) in self._open.items()}
