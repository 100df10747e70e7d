"""Rate limits: strict for one conversation, generous for an address that many people share."""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.errors import ApiError
from bot.conversation.meter import Meter
from bot.rates import Rates, TooOftenError, caller
from bot.settings import Settings


class RateLimits:
    """The rates of the web API."""

    def __init__(self, settings: Settings, meter: Meter) -> None:
        self._meter = meter
        self._proxies = settings.trusted_proxies
        self._rates = Rates(
            settings.redis_url,
            {
                "session_messages": settings.rate_session_messages,
                "session_other": settings.rate_session_other,
                "address_sessions": settings.rate_address_sessions,
                "address_requests": settings.rate_address_requests,
                "address_exports": settings.rate_address_exports,
            },
        )

    async def count(self, kind: str, key: str) -> None:
        """Count one call; ``ApiError`` 429 with ``Retry-After`` when it is one too many."""
        try:
            await self._rates.count(kind, key)
        except TooOftenError as error:
            self._meter.refused(kind)
            headers = {"Retry-After": str(error.seconds)}
            raise ApiError(429, "too_many_requests", headers=headers, seconds=error.seconds) from None

    async def close(self) -> None:
        """Let go of what counting holds open."""
        await self._rates.close()

    def address(self, request: web.Request) -> str:
        """The caller's network address, seen through as many proxies as are ours."""
        return caller(request, self._proxies)
