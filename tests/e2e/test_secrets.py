"""No secret that An Sinh is given or hands out is in any log: not in turns, not in refusals, not in faults."""

from __future__ import annotations

import http.cookiejar
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import ROOT, AnSinh, Talk, call, wait_for

SECRETS = {
    "ANSINH_SECRET": "khoa-ky-dai-hon-muoi-sau-ky-tu",
    "ANSINH_RASA_SECRET": "khoa-rasa-dai-hon-muoi-sau-ky-tu",
    "ANSINH_OFFICERS_SECRET": "khoa-can-bo-dai-hon-muoi-sau-ky-tu",
    "ANSINH_ZALO_APP_SECRET": "khoa-ung-dung-zalo",
    "ANSINH_ZALO_OA_SECRET": "khoa-tai-khoan-zalo",
    "ANSINH_ZALO_BOT_TOKEN": "ma-bot-zalo",
    "ANSINH_ZALO_BOT_SECRET": "khoa-bot-zalo",
    "ANSINH_REDIS_URL": "redis://:mat-khau-redis@127.0.0.1:9/0",
}
GIVEN_WRONGLY = "mat-khau-go-nham"
PASSWORD = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}")
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture(scope="module")
def an_sinh() -> Iterator[AnSinh]:
    # Nothing answers at the addresses of Zalo and Redis: what fails is told in the log.
    unreachable = dict.fromkeys(("ANSINH_ZALO_API_URL", "ANSINH_ZALO_BOT_URL"), "http://127.0.0.1:9")
    given = {**SECRETS, **unreachable, "ANSINH_ZALO_APP_ID": "1234", "ANSINH_LOG_LEVEL": "DEBUG"}
    with tempfile.TemporaryDirectory(prefix="ansinh-secrets-") as folder, AnSinh(Path(folder), **given) as running:
        yield running


def created(an_sinh: AnSinh, login: str) -> str:
    """The password of a new administrator, as the command prints it."""
    said = subprocess.run(
        [sys.executable, "-m", "bot.cli.officer", "create", login, "Phạm Thị Lan"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "ANSINH_DATABASE_URL": f"sqlite:///{an_sinh.database}", **SECRETS},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = PASSWORD.search(said)
    assert found is not None, said
    return found[0]


def sign_in(an_sinh: AnSinh, login: str, password: str) -> list[str]:
    """Try to; what the browser was given: cookies and the token of the form."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
    address = f"{an_sinh.address}/console/login"
    found = CSRF.search(opener.open(address, timeout=30).read().decode())
    assert found is not None
    form = urllib.parse.urlencode({"csrf": found[1], "login": login, "password": password}).encode()
    try:
        opener.open(address, form, timeout=30).read()
    except urllib.error.HTTPError as refused:
        refused.close()
    return [found[1], *(cookie.value or "" for cookie in jar)]


def test_no_log_names_a_secret(an_sinh: AnSinh) -> None:
    password = created(an_sinh, "lan.pham")
    secrets = [*SECRETS.values(), "mat-khau-redis", password, GIVEN_WRONGLY]
    for given in (password, GIVEN_WRONGLY):
        secrets += sign_in(an_sinh, "lan.pham", given)

    talk = Talk(an_sinh.address)
    talk.say("Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?")
    secrets += [talk.token, *(button["payload"] for message in talk.last for button in message["buttons"])]
    requests = f"{an_sinh.address}/api/officers/requests"
    assert call(requests, SECRETS["ANSINH_OFFICERS_SECRET"], officer="lan.pham").status == 200
    assert call(requests, GIVEN_WRONGLY, officer="lan.pham").status == 401
    assert call(f"{an_sinh.address}/api/web/messages", GIVEN_WRONGLY).status == 401
    for path in ("/webhooks/zalo", "/webhooks/zalo-bot"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{an_sinh.address}{path}", b'{"timestamp": "1"}', timeout=30)  # noqa: S310 - our own address
        caught.value.close()

    # A fault of each process, and what the others say of it.
    for name in ("rasa", "actions"):
        an_sinh.kill(name)
        talk.post({"text": "Hộ nghèo được gì?"})
        an_sinh.wait_ready()
    wait_for(lambda: an_sinh.logged("Redis fails") != [], 30)

    assert min(map(len, secrets)) > 8
    assert an_sinh.logged(*secrets) == []
