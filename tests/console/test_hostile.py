"""Calls that no browser makes: refused as what they are, and never a fault of ours."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy.exc import OperationalError

from bot.console.roles import Role
from tests.console.conftest import Browser, Site

FORM = "application/x-www-form-urlencoded"
ODD_PART = b"""--a\r
Content-Disposition: form-data; name="csrf"\r
Content-Type: text/plain; charset=x\r
\r
x\r
--a--\r
"""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--b\r\n"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Transfer-Encoding: x\r\n\r\nx\r\n--a--\r\n"),
        ("multipart/form-data; boundary=a", ODD_PART),
        (f"{FORM}; charset=x", b"csrf=x"),
        (f"{FORM}; charset=utf-8", b"csrf=\xff"),
        (FORM, b"csrf=%ff%fe"),
        (FORM, b"&".join(b"a%d=1" % number for number in range(3000))),
        ("application/json", b"{"),
        ("", b"csrf=x"),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_form_of_ours_is_refused(browser: Browser, kind: str, body: bytes) -> None:
    await browser.get("/login")
    answer = await browser.call("POST", "/login", data=body, headers={"Content-Type": kind})
    assert answer.status in {400, 403, 413}, answer.text


@pytest.mark.parametrize("token", ["\udcff", "é", "x" * 5000])
async def test_a_token_of_odd_bytes_is_refused(browser: Browser, token: str) -> None:
    await browser.get("/login")
    answer = await browser.call("POST", "/login", headers={"X-CSRF-Token": token})
    assert answer.status == 403


async def test_an_address_writes_no_line_of_its_own_into_the_log(
    site: Site, browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.person("lan", Role.ADMINISTRATOR)
    await browser.sign_in("lan")

    async def gone(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    with caplog.at_level(logging.WARNING), monkeypatch.context() as patched:
        patched.setattr(site.console_parts.store, "run", gone)
        answer = await browser.get("/officers/a%0A2026-11-30 ERROR forged")
    assert answer.status == 503
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.console")]
    assert said == ["GET /console/officers/{login}: OperationalError"]
