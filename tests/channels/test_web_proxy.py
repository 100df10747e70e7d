"""What citizens, Zalo and officers reach through the shipped proxy: the real nginx, two gateways, one database."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import ssl
import uuid
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.cli.serve import create_service
from bot.console.errors import _HEADERS
from bot.conversation.models import SessionRow
from bot.conversation.repository import Reply, add_message
from bot.conversation.voice import load_voice
from bot.settings import Settings
from tests.channels.conftest import Api, OpenApi
from tests.channels.proxy import NAME, Here, Proxy, nginx

OFFICERS = "mat-khau-cua-can-bo"


@pytest.fixture
async def gateways(open_api: OpenApi) -> list[Api]:
    given: dict[str, Any] = {
        "trusted_proxies": 1,
        "officers_secret": OFFICERS,
        "rate_address_sessions": "3/minute",
        "zalo_bot_token": "token",
        "zalo_bot_secret": "secret-token",
        "zalo_bot_url": "http://127.0.0.1:9",
    }
    return [await open_api(**given), await open_api(**given)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where nginx's workers, who are not root, may go."""
    place = tmp_path / "nginx"
    place.mkdir()
    if os.getuid() == 0:
        for each in (tmp_path, *tmp_path.parents[:3]):
            with contextlib.suppress(PermissionError):
                each.chmod(each.stat().st_mode | 0o011)
    return place


@pytest.fixture
async def proxy(gateways: list[Api], folder: Path) -> AsyncIterator[Proxy]:
    with nginx(folder, [api.client.port for api in gateways]) as running:
        yield running


@pytest.fixture
async def http(proxy: Proxy) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=proxy.trust, resolver=Here())
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield session


async def _open(http: aiohttp.ClientSession, proxy: Proxy, **headers: str) -> dict[str, str]:
    async with http.post(proxy.url("/api/web/session"), headers=headers) as response:
        assert response.status == 201, await response.text()
        return {"Authorization": f"Bearer {(await response.json())['token']}"}


def _counted(api: Api) -> float:
    labels = {"method": "POST", "route": "/api/web/messages", "status": "200"}
    return api.gateway.meter.registry.get_sample_value("ansinh_requests_total", labels) or 0


async def test_a_conversation_alternates_between_gateways(
    http: aiohttp.ClientSession, proxy: Proxy, gateways: list[Api]
) -> None:
    headers = await _open(http, proxy)
    for number in range(1, 7):
        body = {"id": str(uuid.uuid4()), "text": "hỏi"}
        async with http.post(proxy.url("/api/web/messages"), json=body, headers=headers) as response:
            said = (await response.json())["messages"]
        assert said[0]["text"].startswith(f"Câu {number}:"), "the case went along"
    assert min(map(_counted, gateways)) >= 2


async def test_a_gateway_that_is_gone_costs_no_message(
    http: aiohttp.ClientSession, proxy: Proxy, gateways: list[Api]
) -> None:
    headers = await _open(http, proxy)
    await gateways[0].client.close()
    for number in range(1, 5):
        body = {"id": str(uuid.uuid4()), "text": "hỏi"}
        async with http.post(proxy.url("/api/web/messages"), json=body, headers=headers) as response:
            assert (await response.json())["messages"][0]["text"].startswith(f"Câu {number}:")


async def test_without_any_gateway_there_is_a_sentence(
    http: aiohttp.ClientSession, proxy: Proxy, gateways: list[Api]
) -> None:
    for api in gateways:
        await api.client.close()
    async with http.post(proxy.url("/api/web/session")) as response:
        assert response.status == 503
        assert await response.json() == {
            "error": {"code": "unavailable", "message": load_voice().error("unavailable", field=None)}
        }
        assert "Strict-Transport-Security" in response.headers


async def test_events_arrive_at_once(http: aiohttp.ClientSession, proxy: Proxy, gateways: list[Api]) -> None:
    headers = await _open(http, proxy)
    async with http.get(proxy.url("/api/web/events"), headers=headers) as stream:
        assert stream.status == 200
        assert await stream.content.readline() == b"retry: 3000\n"
        with Session(gateways[0].engine) as db, db.begin():
            session = db.query(SessionRow).one()
            add_message(db, session.id, "officer", Reply("Cán bộ trả lời", {}, []), dt.datetime.now(dt.UTC))
        async with asyncio.timeout(2):
            async for line in stream.content:
                if line.startswith(b"data:") and "Cán bộ trả lời".encode() in line:
                    break


async def test_the_headers_of_the_gateway_stay_and_hsts_comes(
    http: aiohttp.ClientSession, proxy: Proxy, gateways: list[Api]
) -> None:
    for path in ("/", "/widget.js", "/healthz", "/api/web/messages", "/webhooks/zalo-bot", "/console"):
        direct = await gateways[0].client.get(path)
        async with http.get(proxy.url(path)) as response:
            assert response.status == direct.status, path
            for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control"):
                assert response.headers.getall(name) == direct.headers.getall(name), (path, name)
            assert response.headers.getall("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
            assert response.headers["Server"] == "nginx"


async def test_plain_http_leads_to_https_of_our_own_name(http: aiohttp.ClientSession, proxy: Proxy) -> None:
    address = f"http://{NAME}:{proxy.http}/api/web/messages?after=1"
    async with http.get(address, allow_redirects=False, headers={"Host": "evil.example"}) as response:
        assert response.status == 301
        assert response.headers["Location"] == f"https://{NAME}/api/web/messages?after=1"


async def test_another_name_gets_no_certificate(proxy: Proxy) -> None:
    with pytest.raises(OSError, match=r"(?i)unrecognized|alert|reset"):
        await asyncio.open_connection("127.0.0.1", proxy.https, ssl=proxy.trust, server_hostname="evil.example")


@pytest.mark.parametrize("path", ["/api/web/messages", "/api/web/session", "/nowhere"])
async def test_an_oversized_body_gets_our_words(http: aiohttp.ClientSession, proxy: Proxy, path: str) -> None:
    async with http.post(proxy.url(path), data=b"x" * 40_000) as response:
        assert response.status == 413
        assert response.content_type == "application/json"
        message = load_voice().error("body_too_large", field=None, limit=32)
        assert await response.json() == {"error": {"code": "body_too_large", "message": message}}


async def test_zalo_gets_through_with_a_long_event(http: aiohttp.ClientSession, proxy: Proxy) -> None:
    event = {"event_name": "message.text.received", "message": {"text": "a" * 100_000}}
    wrong = {"X-Bot-Api-Secret-Token": "wrong"}
    async with http.post(proxy.url("/webhooks/zalo-bot"), data=json.dumps(event), headers=wrong) as response:
        assert response.status in {401, 403}, "read by the gateway, and refused for its secret alone"


async def test_officers_get_through_from_the_allowed_addresses(http: aiohttp.ClientSession, proxy: Proxy) -> None:
    headers = {"Authorization": f"Bearer {OFFICERS}", "X-Ansinh-Officer": "an"}
    async with http.get(proxy.url("/api/officers/requests"), headers=headers) as response:
        assert response.status == 200


async def test_from_elsewhere_the_console_is_closed_and_the_chat_is_open(gateways: list[Api], folder: Path) -> None:
    closed = {"allow 127.0.0.0/8;": "allow 198.51.100.0/24;"}
    with nginx(folder, [api.client.port for api in gateways], **closed) as proxy:
        connector = aiohttp.TCPConnector(ssl=proxy.trust, resolver=Here())
        async with aiohttp.ClientSession(connector=connector) as http:
            for path in ("/console", "/console/login", "/api/officers/requests", "/readyz"):
                async with http.get(proxy.url(path)) as response:
                    assert response.status == 403, path
            async with http.get(proxy.url("/")) as response:
                assert response.status == 200


async def test_an_address_made_up_by_the_caller_counts_for_nothing(http: aiohttp.ClientSession, proxy: Proxy) -> None:
    """Three sessions a minute for an address, per gateway: whoever claims another each time is stopped all the same."""
    statuses = []
    for number in range(8):
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        async with http.post(proxy.url("/api/web/session"), headers=forged) as response:
            statuses.append(response.status)
    assert statuses.count(201) == 6
    assert statuses.count(429) == 2


async def test_too_much_for_the_proxy_is_told_with_the_time_to_come_again(gateways: list[Api], folder: Path) -> None:
    strict = {"rate=200r/s": "rate=1r/m", "burst=400 nodelay": "burst=1 nodelay"}
    with nginx(folder, [api.client.port for api in gateways], **strict) as proxy:
        connector = aiohttp.TCPConnector(ssl=proxy.trust, resolver=Here())
        async with aiohttp.ClientSession(connector=connector) as http:
            for _ in range(3):
                async with http.get(proxy.url("/healthz")) as response:
                    body = await response.json()
    assert response.status == 429
    assert (response.headers["Retry-After"], body["error"]["code"]) == ("1", "too_many_requests")
    assert response.headers.getall("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]


async def test_nothing_of_who_asked_is_logged(http: aiohttp.ClientSession, proxy: Proxy, folder: Path) -> None:
    await _open(http, proxy)
    async with http.get(proxy.url("/checklist/geheim")):
        pass
    assert _logged(folder, "geheim") == []


def _logged(folder: Path, word: str) -> list[Path]:
    logs = [file for file in folder.rglob("*.log") if file.is_file()]
    assert logs
    return [file for file in logs if word in file.read_text(encoding="utf-8")]


CLOSED = {"allow 127.0.0.0/8;": "allow 198.51.100.0/24;"}


@pytest.mark.parametrize(
    "target",
    [
        "/%63onsole/login",
        "/console%2flogin",
        "//console/login",
        "/./console/login",
        "/x/../console/login",
        "/x%2f..%2fconsole/login",
        "/console;x/login",
        "/api//officers/requests",
        "/api/officers%2frequests",
        "/readyz?x",
        "/%72eadyz",
        "//readyz",
        f"https://{NAME}/console/login",
    ],
)
async def test_no_spelling_leads_past_what_is_closed(gateways: list[Api], folder: Path, target: str) -> None:
    with nginx(folder, [api.client.port for api in gateways], **CLOSED) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.https, ssl=proxy.trust, server_hostname=NAME)
        headers = f"Host: {NAME}\r\nAuthorization: Bearer {OFFICERS}\r\nX-Ansinh-Officer: an\r\nConnection: close\r\n"
        writer.write(f"GET {target} HTTP/1.1\r\n{headers}\r\n".encode())
        status = (await reader.readline()).split()[1]
        writer.close()
    assert status in {b"403", b"404", b"400"}


async def test_pages_of_others_read_what_is_published_and_nothing_else(
    http: aiohttp.ClientSession, proxy: Proxy
) -> None:
    stranger = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method, path in (
        ("POST", "/api/web/session"),
        ("OPTIONS", "/api/web/session"),
        ("OPTIONS", "/api/web/messages"),
    ):
        async with http.request(method, proxy.url(path), headers=stranger) as response:
            assert not [name for name in response.headers if name.startswith("Access-Control")], (method, path)
    async with http.options(proxy.url("/api/policy/v1"), headers=stranger) as response:
        assert response.headers.getall("Access-Control-Allow-Origin") == ["*"]
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    ("version", "good"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
async def test_old_tls_is_refused(proxy: Proxy, version: ssl.TLSVersion, good: bool) -> None:
    proxy.trust.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        proxy.trust.minimum_version = proxy.trust.maximum_version = version
    expected: Any = contextlib.nullcontext() if good else pytest.raises(ssl.SSLError)
    with expected:
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.https, ssl=proxy.trust, server_hostname=NAME)
        writer.close()


async def test_the_cookie_of_officers_stays_in_the_console_and_under_tls(
    folder: Path, database_url: str, engine: Engine
) -> None:
    settings = Settings(
        database_url=database_url,
        secret="signing-key-of-the-tests",
        public_url=f"https://{NAME}",
        trusted_proxies=1,
        review_seconds=0,
        retention_hour=24,
    )
    async with TestServer(create_service(settings)) as service:
        with nginx(folder, [service.port, service.port]) as proxy:
            connector = aiohttp.TCPConnector(ssl=proxy.trust, resolver=Here())
            async with (
                aiohttp.ClientSession(connector=connector) as http,
                http.get(proxy.url("/console/login")) as response,
            ):
                assert response.status == 200
                [cookie] = response.cookies.values()
                assert response.headers.getall("Content-Security-Policy") == [_HEADERS["Content-Security-Policy"]]
    assert (cookie.key, cookie["path"], cookie["samesite"]) == ("ansinh_console", "/console", "Lax")
    assert (cookie["secure"], cookie["httponly"], cookie["domain"]) == (True, True, "")
