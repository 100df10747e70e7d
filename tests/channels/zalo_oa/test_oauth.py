"""PKCE and the shapes of Zalo's OAuth answers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.channels.zalo_oa.oauth import (
    OAuth,
    OAuthRefusedError,
    OAuthUnclearError,
    OAuthUnreachableError,
    challenge_of,
    new_verifier,
)
from tests.zalo_double.openapi import APP_ID, APP_SECRET, Trouble, ZaloDouble


def test_challenge_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(new_verifier()) == 43
    assert new_verifier() != new_verifier()


async def test_code_and_refresh_token_each_work_once(double: ZaloDouble) -> None:
    async with aiohttp.ClientSession() as http:
        oauth = OAuth(http, double.url, APP_ID, APP_SECRET)
        verifier = new_verifier()
        query = parse_qs(urlsplit(oauth.permission_url("https://a.vn/x", challenge_of(verifier), "s")).query)
        double.codes["code"] = query["code_challenge"][0]
        pair = await oauth.exchange("code", verifier)
        assert (pair.access, pair.refresh, pair.seconds) == (double.access, double.refresh, 90000)
        with pytest.raises(OAuthRefusedError):
            await oauth.exchange("code", verifier)
        await oauth.refresh(pair.refresh)
        with pytest.raises(OAuthRefusedError, match="-14014"):
            await oauth.refresh(pair.refresh)


@pytest.mark.parametrize("kind", ["html", "truncated", "reset"])
async def test_half_an_answer_is_none(double: ZaloDouble, kind: str) -> None:
    double.oauth_troubles.append(Trouble(kind))
    async with aiohttp.ClientSession() as http:
        with pytest.raises(OAuthUnclearError):
            await OAuth(http, double.url, APP_ID, APP_SECRET).refresh("refresh-0")


@pytest.mark.parametrize("status", [429, 503])
async def test_a_fault_of_theirs_is_no_refusal(double: ZaloDouble, status: int) -> None:
    double.oauth_troubles.append(Trouble("busy", status))
    async with aiohttp.ClientSession() as http:
        with pytest.raises(OAuthUnclearError, match=str(status)):
            await OAuth(http, double.url, APP_ID, APP_SECRET).refresh("refresh-0")


async def test_nobody_there_spends_nothing() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(OAuthUnreachableError):
            await OAuth(http, "http://127.0.0.1:9", APP_ID, APP_SECRET).refresh("refresh-0")
