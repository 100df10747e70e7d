"""Rate limits: strict for one conversation, generous for an address that many people share."""

from __future__ import annotations

import math
import time

from aiohttp import web
from limits import RateLimitItem, parse_many
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string

from bot.channels.web.errors import ApiError
from bot.settings import Settings


class RateLimits:
    """Counts calls in memory, or in Redis when several gateways share the work."""

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(f"async+{settings.rate_limits_url}")
        self._window = MovingWindowRateLimiter(storage)
        self._proxies = settings.trusted_proxies
        self._rates = {
            "session_messages": parse_many(settings.rate_session_messages),
            "session_other": parse_many(settings.rate_session_other),
            "address_sessions": parse_many(settings.rate_address_sessions),
            "address_requests": parse_many(settings.rate_address_requests),
        }

    async def count(self, kind: str, key: str) -> None:
        """Count one call; ``ApiError`` 429 with ``Retry-After`` when it is one too many."""
        for rate in self._rates[kind]:
            if not await self._window.hit(rate, kind, key):
                seconds = await self._wait(rate, kind, key)
                raise ApiError(429, "too_many_requests", headers={"Retry-After": str(seconds)}, seconds=seconds)

    def address(self, request: web.Request) -> str:
        """The caller's network address, seen through as many proxies as are ours."""
        if self._proxies:
            # Several lines of one header are one list: a proxy may add its entry as a line of its own.
            lines = request.headers.getall("X-Forwarded-For", [])
            hops = [hop.strip() for hop in ",".join(lines).split(",")]
            if len(hops) >= self._proxies and hops[-self._proxies]:
                return hops[-self._proxies]
        return request.remote or "unknown"

    async def _wait(self, rate: RateLimitItem, kind: str, key: str) -> int:
        stats = await self._window.get_window_stats(rate, kind, key)
        return max(1, math.ceil(stats.reset_time - time.time()))
