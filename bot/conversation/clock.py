"""Time as the gateway sees it. It is handed to what needs it, so tests fix it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.knowledge.clock import VIETNAM, today


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


@dataclass(frozen=True)
class Clock:
    """``now()`` is aware, in UTC; ``today()`` is the day policy is read for.

    ``fixed_today`` (``ANSINH_TODAY``) moves the day only: messages keep their real times.
    """

    fixed_today: dt.date | None = None
    now: Callable[[], dt.datetime] = _utc_now

    def today(self) -> dt.date:
        """The fixed day, else the present one in Việt Nam."""
        return today(self.fixed_today)


def shown(moment: dt.datetime) -> str:
    """``moment`` in ISO 8601 with Việt Nam's offset, to the second."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
