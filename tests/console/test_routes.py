"""Every address asks for a permission, and gives way to nobody without it."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.console.parts import PREFIX
from bot.console.roles import ROLES, Permission, Role
from bot.console.routes import DECLARED
from bot.knowledge.db import Base
from tests.console.conftest import TABLES, Browser, Site

# What leads out is tried last.
LAST = "/logout"


def addresses(site: Site) -> list[tuple[str, str, Permission]]:
    """Method, path and permission of every route of the console."""
    found = []
    for route in site.console.router.routes():
        assert route.resource is not None
        assert route.handler in site.console[DECLARED], f"{route.method} {route.resource.canonical} asks for nothing"
        path = route.resource.canonical.format(login="ai.do", id="1", page="dang-nhap", name="x.png", code="AS-KT4M7X")
        found.append((route.method, path, site.console[DECLARED][route.handler]))
    return sorted(found, key=lambda each: each[1].endswith(LAST))


async def test_a_route_that_declares_nothing_is_found(site: Site) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response()

    bare = web.Application()
    bare.router.add_get("/x", handler)
    bare[DECLARED] = {}
    site.console = bare
    with pytest.raises(AssertionError, match="asks for nothing"):
        addresses(site)


async def test_nobody_gets_only_to_what_is_for_anyone(site: Site, browser: Browser) -> None:
    for method, path, permission in addresses(site):
        answer = await browser.call(method, path)
        if permission is Permission.ANYONE:
            assert not answer.leads_to.startswith(f"{PREFIX}/login"), path
        else:
            assert (answer.status, answer.leads_to.partition("?")[0]) == (303, f"{PREFIX}/login"), (method, path)


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_to_what_it_may_and_no_further(site: Site, browser: Browser, role: Role) -> None:
    site.person("ai.do", role)
    await browser.sign_in("ai.do")
    seen = set()
    for method, path, permission in addresses(site):
        answer = await browser.call(method, path)
        allowed = permission in {Permission.ANYONE, Permission.SIGNED_IN} or role in ROLES[permission]
        if not allowed:
            assert answer.status == 403, (method, path)
            assert method == "HEAD" or "Không được phép" in answer.text, (method, path)
        elif method == "POST":
            # Without the token of a form nothing is done, whoever asks.
            assert (answer.status, "Biểu mẫu đã cũ" in answer.text) == (403, True), (method, path)
        else:
            assert answer.status in {200, 204, 303, 404}, (method, path)
        seen.add((method, permission))
    assert len(seen) > 4


async def test_every_answer_forbids_what_pages_do_not_need(site: Site, browser: Browser) -> None:
    for path in ("/login", "/", "/no-such-page", "/static/x.css"):
        headers = (await browser.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        for part in ("default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"):
            assert part in policy, path
        assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store"), path


async def test_a_page_that_is_not_there_says_so_in_vietnamese(browser: Browser) -> None:
    answer = await browser.get("/no-such-page")
    assert (answer.status, "Không tìm thấy trang" in answer.text) == (404, True)
    answer = await browser.call("PUT", "/login")
    assert (answer.status, "Không dùng được cách này" in answer.text) == (405, True)


async def test_a_database_that_does_not_answer_is_told(site: Site, browser: Browser) -> None:
    site.person("lan")
    await browser.sign_in("lan")
    Base.metadata.drop_all(site.engine, tables=TABLES)
    answer = await browser.get("/")
    assert (answer.status, "Cơ sở dữ liệu chưa trả lời" in answer.text) == (503, True)
