"""Zalo's OAuth: a code, or the refresh token, for a pair of tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

_ACCESS = "/v4/oa/access_token"
_PERMISSION = "/v4/oa/permission"
REQUEST_SECONDS = 20.0
_LONGEST_SECONDS = 90 * 24 * 3600


@dataclass(frozen=True)
class Pair:
    """An access token that holds for ``seconds``, and the refresh token for the next pair, good for one use."""

    access: str
    refresh: str
    seconds: int


class OAuthRefusedError(Exception):
    """Zalo has said no: the message is its error number."""


class OAuthUnclearError(Exception):
    """No answer: the refresh token may have been spent."""


class OAuthUnreachableError(Exception):
    """Zalo was not reached: nothing was spent."""


class OAuth:
    """Zalo's authorisation server."""

    def __init__(self, http: aiohttp.ClientSession, url: str, app_id: str, app_secret: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._app_id = app_id
        self._app_secret = app_secret

    def permission_url(self, redirect: str, challenge: str, state: str) -> str:
        """Where an administrator of the account grants the permission."""
        query = {"app_id": self._app_id, "redirect_uri": redirect, "code_challenge": challenge, "state": state}
        return f"{self._url}{_PERMISSION}?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Pair:
        """The first pair, for a code. Raises the three errors above."""
        return await self._ask({"grant_type": "authorization_code", "code": code, "code_verifier": verifier})

    async def refresh(self, refresh_token: str) -> Pair:
        """The next pair. Raises the three errors above."""
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _ask(self, form: dict[str, str]) -> Pair:
        try:
            async with self._http.post(
                self._url + _ACCESS,
                data={**form, "app_id": self._app_id},
                headers={"secret_key": self._app_secret},
                timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
                allow_redirects=False,
            ) as response:
                status, raw = response.status, await response.read()
        except aiohttp.ClientConnectorError:
            raise OAuthUnreachableError("no connection") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise OAuthUnclearError(type(error).__name__) from None
        if status == 429 or status >= 500:
            # A fault of theirs, whatever the body says; a refusal would wait for a person to link the account anew.
            raise OAuthUnclearError(f"HTTP {status}")
        return _pair(raw)


def _pair(raw: bytes) -> Pair:
    """Only a whole pair counts as one: an error comes with status 200 too, and must not overwrite good tokens."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise OAuthUnclearError("not JSON") from None
    if not isinstance(value, dict):
        raise OAuthUnclearError("not an object")
    access, refresh = value.get("access_token"), value.get("refresh_token")
    if isinstance(access, str) and access and isinstance(refresh, str) and refresh:
        try:
            seconds = int(value.get("expires_in", ""))
        except (TypeError, ValueError, OverflowError):
            seconds = 3600  # It holds for a while, or it would not have been given.
        return Pair(access, refresh, min(seconds, _LONGEST_SECONDS))
    raise OAuthRefusedError(str(value.get("error", "an answer without tokens"))[:20])


def new_verifier() -> str:
    """A PKCE verifier: 43 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def challenge_of(verifier: str) -> str:
    """Its S256 challenge, without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
