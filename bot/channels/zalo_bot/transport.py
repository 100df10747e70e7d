"""Sending through the Bot Platform. The token stands in the address, so addresses are never logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import aiohttp

from bot.channels.push.alerts import Alerts
from bot.channels.push.packing import Parcel, Shape
from bot.channels.push.transport import Outcome, Result, json_object

NAME = "zalo_bot"
_SECONDS = 10.0
_FEW_TRIES = 3
_RESULTS = {
    400: Outcome(Result.MALFORMED, "400"),
    401: Outcome(Result.CLOSED, "401"),
    403: Outcome(Result.UNREACHABLE, "403"),
    404: Outcome(Result.CLOSED, "404"),
    429: Outcome(Result.LATER, "429"),
}


class BotTransport:
    """The sending half of the Bot Platform."""

    name = NAME
    shape = Shape(units=1900, buttons=0)
    window: dt.timedelta | None = None

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, alerts: Alerts) -> None:
        self._http = http
        self._send = f"{url.rstrip('/')}/bot{token}/sendMessage"
        self._alerts = alerts
        self._timeout = aiohttp.ClientTimeout(total=_SECONDS, sock_connect=5.0)

    async def send(self, address: str, parcel: Parcel) -> Outcome:
        """Give one message to the platform; never raises."""
        body = {"chat_id": address, "text": parcel.text}
        try:
            async with self._http.post(self._send, json=body, timeout=self._timeout, allow_redirects=False) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Outcome(Result.LATER, type(error).__name__)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Outcome(Result.UNCLEAR, type(error).__name__)
        return _outcome(status, raw)

    async def replies_left(self, address: str) -> int | None:  # noqa: ARG002 - the platform has no such cap
        """No cap is known."""
        return None

    async def tend(self) -> None:
        """Nothing to tend: the token does not change."""

    async def problems(self) -> Mapping[str, str]:
        """What is wrong; never raises."""
        return self._alerts.open()


def _outcome(status: int, raw: bytes) -> Outcome:
    """An error may come with any status: the JSON decides, where there is one."""
    answer = json_object(raw)
    if answer is None:
        return Outcome(Result.LATER, f"HTTP {status}") if status >= 500 else Outcome(Result.UNCLEAR, f"HTTP {status}")
    if answer.get("ok") is True:
        result = answer.get("result")
        remote = result.get("message_id") if isinstance(result, dict) else None
        return Outcome(Result.SENT, remote_id=None if remote is None else str(remote)[:64])
    code = answer.get("error_code", status)
    known = _RESULTS.get(code) if isinstance(code, int) else None
    return known or Outcome(Result.LATER, str(code)[:20], tries=_FEW_TRIES)
