"""The pages and files of the widget: who may show them, how long they are kept, what is served at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.channels.conftest import Api, OpenApi

LISTED = "https://xa.example, https://*.tinh.example"


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("/", "text/html", "no-cache"),
        ("/embed", "text/html", "no-cache"),
        ("/widget.js", "text/javascript", "public, max-age=300"),
        ("/widget/chat-1.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/widget/chat-2.css", "text/css", "public, max-age=31536000, immutable"),
        ("/static/icon.svg", "image/svg+xml", "no-cache"),
    ],
)
async def test_each_is_served_under_a_strict_policy(api: Api, path: str, kind: str, caching: str) -> None:
    async with api.client.get(path) as response:
        assert (response.status, response.content_type) == (200, kind)
        assert response.headers["Cache-Control"] == caching
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/embed"])
async def test_a_page_has_nothing_inline_and_names_the_built_files(api: Api, path: str) -> None:
    async with api.client.get(path) as response:
        text = await response.text()
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in text
    assert '<script src="/widget/chat-1.js" defer></script>' in text
    assert '<link rel="stylesheet" href="/widget/chat-2.css">' in text
    assert '<html lang="vi"' in text
    assert "<noscript><p>Trang trò chuyện cần bật JavaScript" in text
    assert ("data-embedded" in text) == (path == "/embed")


@pytest.mark.parametrize(
    ("path", "listed", "ancestors"),
    [
        ("/", LISTED, "frame-ancestors 'none'"),
        ("/embed", "", "frame-ancestors 'self'"),
        ("/embed", LISTED, "frame-ancestors 'self' https://xa.example https://*.tinh.example"),
    ],
)
async def test_only_listed_sites_may_show_the_page_for_frames(
    open_api: OpenApi, path: str, listed: str, ancestors: str
) -> None:
    api = await open_api(embed_origins=listed)
    async with api.client.get(path) as response:
        assert ancestors in response.headers["Content-Security-Policy"].split("; ")


async def test_the_page_knows_the_settings_that_the_notice_tells(open_api: OpenApi) -> None:
    api = await open_api(session_hours=12.5, message_max_characters=500)
    async with api.client.get("/") as response:
        text = await response.text()
    assert 'data-session-hours="12.5" data-text-days="90"' in text
    assert 'data-longest="500"' in text


@pytest.mark.parametrize(
    "path", ["/widget/manifest.json", "/widget/chat-3.js", "/widget/..%2Fansinh.db", "/static/chat.js", "/widget/"]
)
async def test_nothing_else_is_served(api: Api, path: str) -> None:
    async with api.client.get(path) as response:
        assert response.status == 404


async def test_the_compressed_file_goes_to_browsers_that_take_it(api: Api, widget: Path) -> None:
    (widget / "widget.js.gz").write_bytes(gzip.compress(b"/* small */"))
    async with api.client.get("/widget.js", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert await response.text() == "/* small */"
    async with api.client.get("/widget.js", headers={"Accept-Encoding": "identity"}) as response:
        assert await response.text() == "/* widget.js */"


@pytest.mark.parametrize("path", ["/", "/embed", "/widget.js", "/widget/chat-1.js"])
async def test_without_a_build_each_says_what_to_do(
    open_api: OpenApi, widget: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    (widget / "manifest.json").unlink()
    api = await open_api()
    assert "make widget" in caplog.text
    async with api.client.get(path) as response:
        assert response.status == 503
        assert "make widget" in (await response.json())["error"]["message"]
