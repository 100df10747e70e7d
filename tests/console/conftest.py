"""A console alone, on a free port, with a database of its own and a clock that the test moves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.web.app import create_app
from bot.cli.serve import console_parts
from bot.console import passwords, people
from bot.console.app import create_console, mount
from bot.console.models import OfficerRow
from bot.console.parts import CONSOLE, PREFIX, Console
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.clock import Clock
from bot.knowledge.audit import Audit
from bot.knowledge.db import Base, make_engine
from bot.settings import Settings
from tests.postgres import server

START = dt.datetime(2026, 11, 30, 7, 0, tzinfo=dt.timezone.utc)
PASSWORD = "hoa-sen-no-buoi-sang"
TABLES = Base.metadata.sorted_tables
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite; a module whose tests must hold on PostgreSQL too has a fixture of this name with both."""
    return f"sqlite:///{tmp_path / 'ansinh.db'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


class Time:
    """The console's clock; it stands until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def pass_by(self, **spans: float) -> None:
        self.now += dt.timedelta(**spans)


@dataclasses.dataclass
class Answer:
    """What came back, redirects not followed."""

    status: int
    text: str
    headers: Any

    @property
    def leads_to(self) -> str:
        return str(self.headers.get("Location", ""))


class Browser:
    """One browser: it keeps cookies, and sends forms with the token of the page it read last."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.call("GET", path, headers=headers)

    async def post(self, path: str, **fields: Any) -> Answer:
        return await self.call("POST", path, data={"csrf": self.csrf, **fields}, headers={})

    async def call(self, method: str, path: str, **given: Any) -> Answer:
        path = path if path.startswith(PREFIX) else PREFIX + path
        async with self.client.request(method, path, allow_redirects=False, **given) as response:
            body = await response.read()
            textual = response.content_type.startswith("text/")
            answer = Answer(response.status, body.decode("utf-8-sig") if textual else "", response.headers)
        if found := _CSRF.search(answer.text):
            self.csrf = found[1]
        return answer

    async def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> Answer:
        await self.get("/login")
        answer = await self.post("/login", login=login, password=password, **fields)
        if answer.status == 303:
            await self.get("/account")
        return answer


class Site:
    """A console that runs."""

    def __init__(self, app: web.Application, console: web.Application, engine: Engine, time: Time) -> None:
        self.app, self.console, self.engine, self.time = app, console, engine, time
        self.server = TestServer(app)
        self.clients: list[TestClient[Any, Any]] = []

    def browser(self) -> Browser:
        client = TestClient(self.server, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.clients.append(client)
        return Browser(client)

    @property
    def console_parts(self) -> Console:
        return self.console[CONSOLE]

    def person(self, login: str, *roles: Role, must_change: bool = False) -> str:
        """An officer whose password is ``PASSWORD``."""
        with Session(self.engine) as db, db.begin():
            people.create(db, By("test", START), login, f"Cán bộ {login}", roles, PASSWORD)
            row = db.get(OfficerRow, login)
            assert row is not None
            row.must_change_password = must_change
        return login

    def row(self, login: str) -> OfficerRow:
        with Session(self.engine) as db:
            row = db.get(OfficerRow, login)
            assert row is not None
            return row

    def acts(self) -> list[tuple[str, str, str]]:
        """Officer, act and key of what is in the audit log, but for what ``person`` did."""
        with Session(self.engine) as db:
            rows = db.scalars(select(Audit).where(Audit.officer != "test").order_by(Audit.id))
            return [(row.officer, row.action, row.key) for row in rows]

    def told(self, action: str) -> list[Any]:
        """What the audit log says of such acts besides."""
        with Session(self.engine) as db:
            return list(db.scalars(select(Audit.after).where(Audit.action == action).order_by(Audit.id)))


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """argon2 as weak as it can be: what it costs is proved where it is tested."""
    strong = passwords._HASHER
    passwords._HASHER = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._HASHER = strong


@pytest.fixture
async def open_site(engine: Engine, database_url: str, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Site]]]:
    """Start a gateway with the console mounted, with settings of the test's choice."""
    sites: list[Site] = []

    async def start(**changes: Any) -> Site:
        given: dict[str, Any] = {
            "database_url": database_url,
            "secret": "signing-key-of-the-tests",
            "rate_console_logins": "1000/minute",
            "today": START.date(),
            # The nightly job has the clock of the gateway, which is not the console's.
            "retention_hour": 24,
        }
        settings = Settings(**{**given, **changes})
        time = Time()
        gateway = create_app(settings, tmp_path)
        clock = Clock(settings.today, now=lambda: time.now)
        console = create_console(settings, lambda: dataclasses.replace(console_parts(gateway), clock=clock), tmp_path)
        mount(gateway, console)
        site = Site(gateway, console, engine, time)
        await site.server.start_server()
        sites.append(site)
        return site

    yield start
    for site in sites:
        for client in site.clients:
            await client.close()
        await site.server.close()


@pytest.fixture
async def site(open_site: Callable[..., Awaitable[Site]]) -> Site:
    return await open_site()


@pytest.fixture
async def browser(site: Site) -> Browser:
    return site.browser()
