"""Zalo's OpenAPI over HTTP. An error comes with status 200: the JSON decides."""

from __future__ import annotations

import unicodedata
from typing import Any

import aiohttp

from bot.channels.push.packing import Parcel
from bot.channels.push.transport import Outcome, Result, json_object
from bot.channels.zalo_oa.errors import TOKEN, outcome_of

_SEND = "/v3.0/oa/message/cs"
_QUOTA = "/v3.0/oa/quota/message"
_ACCOUNT = "/v2.0/oa/getoa"
_SECONDS = 10.0
_CONNECT_SECONDS = 5.0


class TokenRefusedError(Exception):
    """Zalo no longer takes the access token."""


class AccountError(Exception):
    """The account can't be read; the message says why, without any token."""


class ZaloClient:
    """The calls that we make; ``template_type`` is what Zalo wants beside buttons, if anything."""

    def __init__(self, http: aiohttp.ClientSession, url: str, template_type: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._template_type = template_type
        self._timeout = aiohttp.ClientTimeout(total=_SECONDS, sock_connect=_CONNECT_SECONDS)

    async def send(self, token: str, user: str, parcel: Parcel) -> Outcome:
        """Send a reply. Raises ``TokenRefusedError``; every other failure is an outcome."""
        body = {"recipient": {"user_id": user}, "message": self.message(parcel)}
        try:
            status, answer = await self._post(_SEND, token, body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Outcome(Result.LATER, type(error).__name__)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            # It was on its way, and there is nothing to know it by: to send it again could double it.
            return Outcome(Result.UNCLEAR, type(error).__name__)
        if status == 401:
            raise TokenRefusedError
        if status == 429 or status >= 500:
            return Outcome(Result.LATER, f"HTTP {status}")
        error_number = _number(answer.get("error")) if answer is not None else None
        if answer is None or error_number is None:
            return Outcome(Result.UNCLEAR, f"HTTP {status} without an answer")
        if error_number in TOKEN:
            raise TokenRefusedError
        if error_number != 0:
            return outcome_of(error_number)
        data = answer.get("data") if isinstance(answer.get("data"), dict) else {}
        assert isinstance(data, dict)
        remote = str(data.get("message_id") or "")[:64]
        return Outcome(Result.SENT, remote_id=remote or None, replies_left=_replies_left(data.get("quota")))

    def message(self, parcel: Parcel) -> dict[str, Any]:
        """A parcel as Zalo takes it. A press comes back as the payload, unseen in the chat (``oa.query.hide``)."""
        message: dict[str, Any] = {"text": unicodedata.normalize("NFC", parcel.text)}
        if parcel.buttons:
            buttons = [
                {"title": title, "type": "oa.query.hide", "payload": payload} for title, payload in parcel.buttons
            ]
            kind = {"template_type": self._template_type} if self._template_type else {}
            message["attachment"] = {"type": "template", "payload": {**kind, "buttons": buttons}}
        return message

    async def replies_left(self, token: str, user: str) -> int | None:
        """What ``cs_reply`` says of a person; ``None`` without a cap or an answer."""
        try:
            _, answer = await self._post(_QUOTA, token, {"user_id": user})
        except (TimeoutError, aiohttp.ClientError, OSError):
            return None
        data = (answer or {}).get("data")
        reply = data.get("cs_reply") if isinstance(data, dict) else None
        if not isinstance(reply, dict) or not _number(reply.get("total")):
            return None
        return _number(reply.get("remain"))

    async def account(self, token: str) -> dict[str, Any]:
        """Name and kind of the account that a token opens; ``AccountError`` otherwise."""
        try:
            async with self._http.get(
                self._url + _ACCOUNT,
                headers={"access_token": token},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                answer = json_object(await response.read())
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise AccountError(f"no answer from {self._url}: {type(error).__name__}") from None
        data = (answer or {}).get("data")
        if answer is None or _number(answer.get("error")) != 0 or not isinstance(data, dict):
            raise AccountError(f"error {(answer or {}).get('error')}")
        return data

    async def _post(self, path: str, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        """Status and JSON object of an answer; ``None`` for anything but a whole object."""
        headers = {"access_token": token}
        async with self._http.post(
            self._url + path, json=body, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as response:
            return response.status, json_object(await response.read())


def _number(value: Any) -> int | None:
    """A whole number, also one written as a string."""
    try:
        return int(str(value))
    except ValueError:
        return None


def _replies_left(quota: Any) -> int | None:
    if not isinstance(quota, dict) or quota.get("quota_type") != "reply":
        return None
    return _number(quota.get("remain"))
