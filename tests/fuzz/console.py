"""The officers' console as somebody signed in could misuse it: odd addresses, and forms filled in with anything."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.console import passwords, people
from bot.console.models import OfficerRow
from bot.console.pages import ALL
from bot.console.parts import PREFIX
from bot.console.people import By
from bot.console.roles import Role
from tests.console.browser.test_pages import ConsoleSite
from tests.console.conftest import PASSWORD
from tests.console.policy import fill
from tests.fuzz.target import Target
from tests.fuzz.texts import TEXTS

_OFFICER = "lan.pham"
_MARK = "<b id=fuzz>"
"""What must never come back as it is."""

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
# They end the session, change the password that we sign in with, or start processes of their own.
_LEFT_ALONE = re.compile(rf"{PREFIX}/(logout|login|account|excel|officers/lan\.pham)|/impact|/export|export=|/static/")
_MOST_PAGES = 120


@dataclass(frozen=True)
class Form:
    """Where a form of a page is sent, and its fields as the page has filled them in."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._address = address.partition("?")[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what leads on."""
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "form" and (given.get("method") or "").lower() == "post":
            self.forms.append(Form(given.get("action") or self._address))
        elif tag in {"input", "select", "textarea", "button"} and self.forms and given.get("name"):
            self.forms[-1].fields[str(given["name"])] = given.get("value") or ""


class Console:
    """A signed-in officer with every role, and what they come upon by following links."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._http = requests.Session()
        self._http.trust_env = False
        self._csrf = ""
        self._sign_in()
        self.pages, self.forms = self._explore()

    def get(self, path: str) -> requests.Response:
        """A page, as it is answered."""
        response = self._http.get(self._address + path, allow_redirects=False, timeout=30)
        if response.headers.get("Location", "").startswith(f"{PREFIX}/login"):
            self._sign_in()
            response = self._http.get(self._address + path, allow_redirects=False, timeout=30)
        return response

    def post(self, path: str, fields: dict[str, Any]) -> requests.Response:
        """A form, with the token that lets it in."""
        given = {**fields, "csrf": self._csrf}
        return self._http.post(self._address + path, data=given, allow_redirects=False, timeout=30)

    def _sign_in(self) -> None:
        self._read_csrf(self.get_plain(f"{PREFIX}/login"))
        answer = self.post(f"{PREFIX}/login", {"login": _OFFICER, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        self._read_csrf(self.get_plain(f"{PREFIX}/account"))

    def get_plain(self, path: str) -> str:
        """The text of a page that is there."""
        return self._http.get(self._address + path, allow_redirects=False, timeout=30).text

    def _read_csrf(self, text: str) -> None:
        found = _CSRF.search(text)
        assert found is not None, text
        self._csrf = found[1]

    def _explore(self) -> tuple[list[str], list[Form]]:
        waiting, seen, forms = [f"{PREFIX}/"], {f"{PREFIX}/"}, dict[str, Form]()
        pages = []
        while waiting and len(pages) < _MOST_PAGES:
            path = waiting.pop(0)
            response = self.get(path)
            if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
                continue
            pages.append(path.partition("?")[0])
            page = _Page(path)
            page.feed(response.text)
            forms |= {form.action: form for form in page.forms if not _LEFT_ALONE.search(form.action)}
            for link in page.links:
                if link.startswith(f"{PREFIX}/") and link not in seen and not _LEFT_ALONE.search(link):
                    seen.add(link)
                    waiting.append(link)
        return sorted(set(pages)), list(forms.values())


@contextlib.contextmanager
def open_console(folder: Path) -> Iterator[Console]:
    """A gateway with the console and a small world of policy; passwords are hashed as weakly as can be."""
    strong, passwords._HASHER = passwords._HASHER, passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        with ConsoleSite(folder, rate_console_logins="1000000/second", review_seconds=0) as site:
            fill(site.engine, folder)
            with Session(site.engine) as db, db.begin():
                by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
                people.create(db, by, _OFFICER, "Phạm Thị Lan", list(Role), PASSWORD)
                db.get_one(OfficerRow, _OFFICER).must_change_password = False
                people.create(db, by, "can.bo", "Nguyễn Văn Đạt", [Role.EDITOR], PASSWORD)
            yield Console(site.address)
    finally:
        passwords._HASHER = strong


def console_targets(console: Console) -> Iterator[Target]:
    """Pages and forms."""
    templates = sorted({definition.path for routes in ALL for definition, _ in routes if definition.method == "GET"})
    values = TEXTS | st.sampled_from(_VALUES)
    paths = st.sampled_from(console.pages) | st.builds(_filled_in, st.sampled_from(templates), values)
    queries = st.dictionaries(st.sampled_from(_NAMES), values, max_size=4)
    filled = st.dictionaries(st.integers(0, 40), values, max_size=6)

    def page(given: tuple[str, dict[str, str]]) -> None:
        path, query = given
        if _LEFT_ALONE.search(path):
            return
        _judge(console.get(f"{path}?{urlencode(_sent(query))}" if query else path))

    def form(given: tuple[Form, dict[int, str], dict[str, str]]) -> None:
        chosen, changes, more = given
        names = sorted(chosen.fields)
        fields = {**chosen.fields, **more, **{names[at % len(names)]: value for at, value in changes.items()}}
        _judge(console.post(chosen.action, _sent(fields)))

    yield Target("console page", st.tuples(paths, queries), page, cost=2)
    yield Target("console form", st.tuples(st.sampled_from(console.forms), filled, queries), form, cost=2)


_NAMES = (
    "q", "order", "page", "kind", "day", "state", "from", "to", "officer", "topic", "program", "what", "draft", "next",
    "tab", "on", "after", "status", "version", "with", "key", "fact", "number", "period", "channel",
)  # fmt: skip
_VALUES = (
    "1", "0", "-1", "9223372036854775808", "2026-02-30", "0001-01-01", "9999-12-31", "month", "//evil.example", "²",
    "../../etc/passwd", "%2e%2e%2f", _MARK, f'"{_MARK}', "can.bo", "' OR 1=1 --", "{{7*7}}", "new", "1e400", "NaN",
    "31/12/9999", "x" * 3000,
)  # fmt: skip


def _filled_in(template: str, value: str) -> str:
    """A path with something in the place of what varies."""
    part = requests.utils.quote(value.encode("utf-8", "ignore"), safe="")[:300] or "x"
    return PREFIX + re.sub(r"\{[^}]+\}", part, template)


def _sent(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "ignore").decode() for name, value in fields.items()}


def _judge(response: requests.Response) -> None:
    assert response.status_code < 500, f"{response.request.method} {response.request.url}: {response.status_code}"
    assert response.headers.get("Location", "/").startswith("/"), "leads to others"
    assert not response.headers.get("Location", "/").startswith("//"), "leads to others"
    assert _MARK not in response.text, "not escaped"
