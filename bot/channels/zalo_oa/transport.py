"""Sending through the Official Account: the client with tokens that are refreshed once when refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.push.alerts import Alerts
from bot.channels.push.packing import Parcel, Shape
from bot.channels.push.transport import Outcome, Result
from bot.channels.zalo_oa.client import TokenRefusedError, ZaloClient
from bot.channels.zalo_oa.tokens import NoTokenError, Tokens

NAME = "zalo_oa"
# Zalo rejects what is longer than 2,000; whether it counts as we do is not certain.
SHAPE = Shape(units=1900, buttons=5)


class OaTransport:
    """The sending half of the Official Account."""

    name = NAME
    shape = SHAPE
    # Later replies cost money, up to seven days; after that they are refused.
    window: dt.timedelta | None = dt.timedelta(hours=48)

    def __init__(self, client: ZaloClient, tokens: Tokens, alerts: Alerts) -> None:
        self._client = client
        self._tokens = tokens
        self._alerts = alerts

    async def send(self, address: str, parcel: Parcel) -> Outcome:
        """Give one message to Zalo; never raises."""
        try:
            token = await self._tokens.access()
            try:
                return await self._client.send(token, address, parcel)
            except TokenRefusedError:
                token = await self._tokens.refreshed(token)
                return await self._client.send(token, address, parcel)
        except TokenRefusedError:
            return Outcome(Result.CLOSED, "a fresh token refused")
        except NoTokenError as error:
            self._alerts.sound("token", str(error))
            return Outcome(Result.CLOSED, "no token")
        except (SQLAlchemyError, TimeoutError) as error:
            return Outcome(Result.LATER, type(error).__name__)

    async def replies_left(self, address: str) -> int | None:
        """What Zalo says of a person's cap; never raises."""
        try:
            return await self._client.replies_left(await self._tokens.access(), address)
        except (NoTokenError, SQLAlchemyError, TimeoutError):
            return None

    async def tend(self) -> None:
        """Refresh the token ahead of its end; never raises."""
        await self._tokens.tend()

    async def problems(self) -> Mapping[str, str]:
        """What is wrong with the tokens and everything else; never raises."""
        problems = await self._tokens.problems()
        if not problems:
            self._alerts.clear("token")
        return {**self._alerts.open(), **problems}
