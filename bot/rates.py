"""How often something may be called: counted in memory, or in Redis when several processes share the work."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

_log = logging.getLogger(__name__)
# A request must not wait for Redis, and not each must find out that it is gone.
_REDIS_SECONDS = 0.5
_REDIS_PAUSE_SECONDS = 5.0
_SET_BACK_SECONDS = 5.0


class TooOftenError(Exception):
    """One call too many; the next is taken after ``seconds``, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Rates:
    """``rates`` names each kind of call with its rate, such as ``20/minute;5/3second``.

    Without a ``redis_url`` they are counted in memory.

    While Redis is gone each process counts for itself: limits get looser, nobody is turned away. So it is, too, until a
    clock that was set back has caught up: what was counted before seems to be of the future, and would not run out.
    """

    def __init__(self, redis_url: str, rates: Mapping[str, str]) -> None:
        self._rates = {kind: parse_many(rate) for kind, rate in rates.items()}
        self._memory = MemoryStorage()
        self._own = MovingWindowRateLimiter(self._memory)
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = None if self._redis is None else MovingWindowRateLimiter(self._redis)
        self._shared_again = 0.0
        self._ahead = _ahead()

    async def count(self, kind: str, key: str) -> None:
        """Count one call of ``key``; raises ``TooOftenError``."""
        await self._heed_clock()
        for rate in self._rates[kind]:
            await self._hit(rate, kind, key)

    async def close(self) -> None:
        """Let go of the connections to Redis."""
        if self._redis is not None:
            # limits itself never closes its client, and has no type for it.
            bridge: Any = self._redis.bridge
            await bridge.get_connection().aclose()

    async def _heed_clock(self) -> None:
        ahead = _ahead()
        back, self._ahead = self._ahead - ahead, ahead
        if back > _SET_BACK_SECONDS:
            await self._memory.reset()
            self._shared_again = time.monotonic() + back

    async def _hit(self, rate: RateLimitItem, kind: str, key: str) -> None:
        if self._shared is not None and time.monotonic() >= self._shared_again:
            try:
                await _hit(self._shared, rate, kind, key)
            except StorageError as error:
                _log.error("rates are counted by each process: Redis fails (%s)", type(error.storage_error).__name__)
                self._shared_again = time.monotonic() + _REDIS_PAUSE_SECONDS
            else:
                return
        await _hit(self._own, rate, kind, key)


def _ahead() -> float:
    """How far the clock is ahead of one that nobody sets, in seconds from any beginning."""
    return time.time() - time.monotonic()


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        f"async+{url}",
        implementation="redispy",
        wrap_exceptions=True,
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
    )


async def _hit(window: MovingWindowRateLimiter, rate: RateLimitItem, kind: str, key: str) -> None:
    if not await window.hit(rate, kind, key):
        stats = await window.get_window_stats(rate, kind, key)
        raise TooOftenError(max(1, math.ceil(stats.reset_time - time.time())))


def caller(request: web.BaseRequest, proxies: int) -> str:
    """The caller's network address, seen through as many proxies as are ours."""
    if proxies:
        # Several lines of one header are one list: a proxy may add its entry as a line of its own.
        lines = request.headers.getall("X-Forwarded-For", [])
        hops = [hop.strip() for hop in ",".join(lines).split(",")]
        if len(hops) >= proxies and hops[-proxies]:
            return hops[-proxies]
    return request.remote or "unknown"
