"""How often something may be called: counted in memory, or in Redis when several processes share the work."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from aiohttp import web
from limits import RateLimitItem, parse_many
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string


class TooOftenError(Exception):
    """One call too many; the next is taken after ``seconds``, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Rates:
    """``rates`` names each kind of call with its rate, such as ``20/minute;5/3second``."""

    def __init__(self, storage_url: str, rates: Mapping[str, str]) -> None:
        self._window = MovingWindowRateLimiter(storage_from_string(f"async+{storage_url}"))
        self._rates = {kind: parse_many(rate) for kind, rate in rates.items()}

    async def count(self, kind: str, key: str) -> None:
        """Count one call of ``key``; raises ``TooOftenError``."""
        for rate in self._rates[kind]:
            if not await self._window.hit(rate, kind, key):
                raise TooOftenError(await self._wait(rate, kind, key))

    async def _wait(self, rate: RateLimitItem, kind: str, key: str) -> int:
        stats = await self._window.get_window_stats(rate, kind, key)
        return max(1, math.ceil(stats.reset_time - time.time()))


def caller(request: web.BaseRequest, proxies: int) -> str:
    """The caller's network address, seen through as many proxies as are ours."""
    if proxies:
        # Several lines of one header are one list: a proxy may add its entry as a line of its own.
        lines = request.headers.getall("X-Forwarded-For", [])
        hops = [hop.strip() for hop in ",".join(lines).split(",")]
        if len(hops) >= proxies and hops[-proxies]:
            return hops[-proxies]
    return request.remote or "unknown"
