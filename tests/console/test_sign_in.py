"""Signing in and out, the lock, sessions that end, and where one comes back to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyotp
import pytest

from bot.console import passwords
from bot.console.parts import PREFIX
from bot.console.roles import Role
from tests.console.conftest import PASSWORD, Browser, Site
from tests.postgres import BOTH, address_of
from tests.redis_server import Redis

REFUSED = "Tên đăng nhập hoặc mật khẩu không đúng"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


async def test_the_right_password_leads_in(site: Site, browser: Browser) -> None:
    site.person("lan", Role.EDITOR)
    answer = await browser.sign_in("lan")
    assert (answer.status, answer.leads_to) == (303, f"{PREFIX}/")
    assert "Chào Cán bộ lan" in (await browser.get("/")).text
    assert site.acts() == [("lan", "sign_in", "lan")]
    assert site.row("lan").signed_in_at == site.time.now


@pytest.mark.parametrize(("login", "password"), [("lan", "sai"), ("ai", PASSWORD), ("LAN ", PASSWORD + " ")])
async def test_a_wrong_one_does_not_and_says_nothing_of_which(
    site: Site, browser: Browser, login: str, password: str
) -> None:
    site.person("lan")
    answer = await browser.sign_in(login, password)
    assert (answer.status, REFUSED in answer.text) == (422, True)
    assert password not in answer.text
    assert (await browser.get("/")).status == 303


async def test_the_hash_is_checked_for_unknown_logins_too(
    site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    real = passwords.matches

    def noting(stored: str | None, password: str) -> bool:
        checked.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "matches", noting)
    await browser.sign_in("khong.ai")
    assert checked == [None]


class TestLock:
    async def fail(self, browser: Browser, times: int) -> None:
        for _ in range(times):
            assert (await browser.sign_in("lan", "sai mật khẩu")).status == 422

    async def test_comes_after_so_many_failures_and_grows(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await self.fail(browser, 5)
        assert (await browser.sign_in("lan")).status == 422
        site.time.pass_by(seconds=61)
        await self.fail(browser, 1)
        site.time.pass_by(seconds=61)
        assert (await browser.sign_in("lan")).status == 422
        site.time.pass_by(seconds=61)
        assert (await browser.sign_in("lan")).status == 303
        assert (site.row("lan").failures, site.row("lan").locked_until) == (0, None)

    async def test_is_no_looser_for_attempts_at_once(self, site: Site) -> None:
        site.person("lan")
        browsers = [site.browser() for _ in range(12)]
        await asyncio.gather(*(browser.sign_in("lan", "sai") for browser in browsers))
        assert site.row("lan").failures == 5

    async def test_is_lifted_by_an_administrator(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        site.person("chu", Role.ADMINISTRATOR)
        await self.fail(browser, 5)
        other = site.browser()
        await other.sign_in("chu")
        page = await other.get("/officers/lan")
        assert "bị khoá đến 30/11/2026 14:01" in page.text
        assert (await other.post("/officers/lan/unlock")).leads_to == f"{PREFIX}/officers/lan"
        assert (await browser.sign_in("lan")).status == 303
        assert ("chu", "unlock", "lan") in site.acts()


async def test_too_many_tries_from_one_address_wait(open_site: Callable[..., Awaitable[Site]]) -> None:
    site = await open_site(rate_console_logins="2/minute")
    browser = site.browser()
    for login in ("mot", "hai"):
        assert (await browser.sign_in(login)).status == 422
    answer = await browser.sign_in("ba")
    assert (answer.status, "Thử quá nhiều lần" in answer.text) == (429, True)
    assert int(answer.headers["Retry-After"]) > 0


class TestSession:
    async def test_ends_after_a_while_without_a_click(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await browser.sign_in("lan")
        for _ in range(3):
            site.time.pass_by(minutes=29)
            assert (await browser.get("/")).status == 200
        site.time.pass_by(minutes=31)
        assert (await browser.get("/account")).leads_to == f"{PREFIX}/login?next=/console/account"

    async def test_ends_in_any_case(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await browser.sign_in("lan")
        for _ in range(20):
            site.time.pass_by(minutes=29.9)
            assert (await browser.get("/")).status == 200
        site.time.pass_by(minutes=29.9)
        assert (await browser.get("/")).status == 303

    async def test_a_copy_of_the_cookie_ends_with_the_sign_out(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await browser.sign_in("lan")
        (cookie,) = browser.client.session.cookie_jar
        copy = f"{cookie.key}={cookie.value}"
        thief = site.browser()
        assert (await thief.get("/", Cookie=copy)).status == 200
        assert (await browser.post("/logout")).leads_to == f"{PREFIX}/login"
        assert "Đã đăng xuất" in (await browser.get("/login")).text
        assert (await thief.get("/", Cookie=copy)).status == 303

    @pytest.mark.parametrize("what", ["deactivate", "password"])
    async def test_ends_when_an_administrator_says_so(self, site: Site, browser: Browser, what: str) -> None:
        site.person("lan")
        site.person("chu", Role.ADMINISTRATOR)
        await browser.sign_in("lan")
        other = site.browser()
        await other.sign_in("chu")
        await other.post(f"/officers/lan/{what}")
        assert (await browser.get("/")).status == 303

    async def test_other_sessions_end_with_a_new_password(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        other = site.browser()
        await other.sign_in("lan")
        await browser.sign_in("lan")
        new = "trời xanh mây trắng"
        answer = await browser.post("/account/password", current=PASSWORD, new=new, again=new)
        assert answer.leads_to == f"{PREFIX}/"
        assert "Đã đổi mật khẩu" in (await browser.get("/")).text
        assert (await other.get("/")).status == 303
        assert (await other.sign_in("lan", new)).status == 303

    async def test_signing_in_gives_forms_another_token(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await browser.get("/login")
        before = browser.csrf
        await browser.sign_in("lan")
        assert browser.csrf != before

    async def test_its_cookie_is_for_the_console_and_out_of_reach(
        self, open_site: Callable[..., Awaitable[Site]]
    ) -> None:
        for changes, secure in (({}, False), ({"public_url": "https://ansinh.example"}, True)):
            site = await open_site(**changes)
            cookie = (await site.browser().get("/login")).headers["Set-Cookie"]
            for part in ("HttpOnly", f"Path={PREFIX}", "SameSite=Lax"):
                assert part in cookie
            assert ("Secure" in cookie) == secure


class TestComingBack:
    async def test_leads_to_where_one_was(self, site: Site, browser: Browser) -> None:
        site.person("chu", Role.ADMINISTRATOR)
        answer = await browser.get("/audit?q=lan&page=2")
        assert answer.leads_to == f"{PREFIX}/login?next=/console/audit%3Fq%3Dlan%26page%3D2"
        page = await browser.get(answer.leads_to)
        assert 'name="next" value="/console/audit?q=lan&amp;page=2"' in page.text
        answer = await browser.sign_in("chu", next="/console/audit?q=lan&page=2")
        assert answer.leads_to == "/console/audit?q=lan&page=2"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://xau.example/", "//xau.example/console/", "/", "/console/\\xau", "javascript:1", "/consolex/"],
    )
    async def test_never_leads_elsewhere(self, site: Site, browser: Browser, elsewhere: str) -> None:
        site.person("lan")
        assert (await browser.sign_in("lan", next=elsewhere)).leads_to == f"{PREFIX}/"

    async def test_a_form_sent_too_late_leads_back_to_its_page(self, site: Site, browser: Browser) -> None:
        url = browser.client.make_url("/console/officers/lan")
        answer = await browser.call("POST", "/officers/lan", headers={"Referer": str(url)})
        assert answer.leads_to == f"{PREFIX}/login?next=/console/officers/lan"

    async def test_what_htmx_asks_for_moves_the_whole_page(self, browser: Browser) -> None:
        answer = await browser.get("/audit", **{"HX-Request": "true"})
        assert (answer.status, answer.headers["HX-Redirect"]) == (200, f"{PREFIX}/login?next=/console/audit")


async def test_a_given_password_has_to_be_changed_first(site: Site, browser: Browser) -> None:
    site.person("lan", Role.ADMINISTRATOR, must_change=True)
    await browser.sign_in("lan")
    for path in ("/", "/officers", "/account"):
        assert (await browser.get(path)).leads_to == f"{PREFIX}/account/password", path
    await browser.get("/account/password")
    for fields, fault in (
        ({"current": "sai", "new": "trời xanh mây", "again": "trời xanh mây"}, "Mật khẩu hiện nay không đúng"),
        ({"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "phải khác mật khẩu hiện nay"),
        ({"current": PASSWORD, "new": "ngắn quá", "again": "ngắn quá"}, "Đã nhập: 8 ký tự"),
        ({"current": PASSWORD, "new": "aaaaaaaaaaaaa", "again": "aaaaaaaaaaaaa"}, "5 ký tự khác nhau"),
        ({"current": PASSWORD, "new": "Lan-2026-lan-2026", "again": "Lan-2026-lan-2026"}, "chứa tên đăng nhập"),
        ({"current": PASSWORD, "new": "trời xanh mây", "again": "trời xanh"}, "không giống nhau"),
    ):
        answer = await browser.post("/account/password", **fields)
        assert (answer.status, fault in answer.text) == (422, True), fault
    answer = await browser.post("/account/password", current=PASSWORD, new="trời xanh mây", again="trời xanh mây")
    assert answer.leads_to == f"{PREFIX}/"
    assert (await browser.get("/officers")).status == 200


class TestSecondStep:
    async def set_up(self, site: Site, browser: Browser) -> str:
        await browser.sign_in("lan")
        await browser.post("/account/second-step")
        page = await browser.get("/account/second-step")
        secret = page.text.split("nhập khoá: <code>")[1].split("<")[0]
        assert "<svg" in page.text
        assert "style=" not in page.text
        assert (await browser.post("/account/second-step/confirm", code="000000")).status == 422
        answer = await browser.post("/account/second-step/confirm", code=self.code(site, secret))
        assert answer.leads_to == f"{PREFIX}/account"
        await browser.get("/account")
        return secret

    def code(self, site: Site, secret: str) -> str:
        return pyotp.TOTP(secret).at(site.time.now)

    async def test_asks_for_a_code_that_counts_once(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        secret = await self.set_up(site, browser)
        assert secret not in (site.row("lan").totp or "")
        other = site.browser()
        answer = await other.sign_in("lan")
        assert (answer.status, "Xác thực hai bước" in answer.text) == (200, True)
        assert (await other.get("/")).status == 303
        await other.sign_in("lan")
        assert (await other.post("/login/code", code=self.code(site, secret))).status == 422, "used at the set-up"
        site.time.pass_by(seconds=30)
        assert (await other.post("/login/code", code=self.code(site, secret))).leads_to == f"{PREFIX}/"
        third = site.browser()
        await third.sign_in("lan")
        assert (await third.post("/login/code", code=self.code(site, secret))).status == 422

    async def test_wrong_codes_lock_even_with_the_password(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        secret = await self.set_up(site, browser)
        other = site.browser()
        for _ in range(5):
            await other.sign_in("lan")
            assert (await other.post("/login/code", code="000000")).status == 422
        site.time.pass_by(seconds=30)
        assert (await other.post("/login/code", code=self.code(site, secret))).status == 422
        assert REFUSED in (await other.sign_in("lan")).text

    async def test_waits_not_for_ever(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        secret = await self.set_up(site, browser)
        other = site.browser()
        await other.sign_in("lan")
        site.time.pass_by(minutes=6)
        answer = await other.post("/login/code", code=self.code(site, secret))
        assert answer.leads_to.startswith(f"{PREFIX}/login")

    async def test_goes_with_a_reset_and_by_ones_own_wish(self, site: Site, browser: Browser) -> None:
        site.person("lan")
        await self.set_up(site, browser)
        await browser.post("/account/second-step/off")
        assert site.row("lan").totp is None
        await browser.post("/account/second-step")
        assert [act for _, act, _ in site.acts()][-2:] == ["second_step_on", "second_step_off"]


async def test_the_console_leaves_no_connection_to_redis_behind(
    open_site: Callable[..., Awaitable[Site]], browser: Browser
) -> None:
    with Redis() as redis:
        site = await open_site(redis_url=redis.url)
        site.person("lan")
        before = redis.connections()
        assert (await site.browser().sign_in("lan")).status == 303
        assert redis.connections() == before + 1
        await site.server.close()
        assert redis.connections() == before
