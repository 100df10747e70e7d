"""A real gateway on a free port, in front of the fake Rasa, with a database file of its own."""

from __future__ import annotations

import datetime as dt
import json
import uuid
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
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.zalo_oa.models import ZaloToken
from bot.conversation import models
from bot.conversation.figures import models as figures
from bot.conversation.mail import models as mail
from bot.conversation.retention import models as retention
from bot.conversation.retraining import tables as retraining
from bot.conversation.review import models as review
from bot.knowledge.db import Base, make_engine
from bot.knowledge.editing.tables import RunRecord
from bot.knowledge.learned import LearnedPhraseRecord
from bot.settings import Settings
from tests.conversation.fake_rasa import SECRET, FakeRasa
from tests.postgres import server

_NAMES = {
    *models.TABLE_NAMES,
    *mail.TABLE_NAMES,
    *figures.TABLE_NAMES,
    *retention.TABLE_NAMES,
    *retraining.TABLE_NAMES,
    *review.TABLE_NAMES,
    ZaloToken.__tablename__,
    LearnedPhraseRecord.__tablename__,
    RunRecord.__tablename__,
}
TABLES = [table for table in Base.metadata.sorted_tables if table.name in _NAMES]


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()
    assert fake.violations == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite; a module whose tests must hold on PostgreSQL too has a fixture of this name with both."""
    return f"sqlite:///{tmp_path / 'ansinh.db'}"


@pytest.fixture
def engine(database_url: str) -> Engine:
    engine = make_engine(database_url)
    Base.metadata.create_all(engine, tables=TABLES)
    return engine


class Api:
    """The web API as a client sees it."""

    def __init__(self, client: TestClient[Any, Any], engine: Engine) -> None:
        self.client = client
        self.engine = engine
        self.token = ""

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.client.app[GATEWAY]
        return gateway

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def open(self) -> dict[str, Any]:
        response = await self.client.post("/api/web/session")
        assert response.status == 201, await response.text()
        body: dict[str, Any] = await response.json()
        self.token = body["token"]
        return body

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        async with self.client.request(method, path, headers=self.headers, **kwargs) as response:
            return response.status, await response.json() if await response.read() else None

    async def say(self, text: str, message_id: str | None = None) -> list[dict[str, Any]]:
        status, body = await self.call(
            "POST", "/api/web/messages", json={"id": message_id or str(uuid.uuid4()), "text": text}
        )
        assert status == 200, body
        messages: list[dict[str, Any]] = body["messages"]
        return messages

    async def press(self, payload: str, message_id: str | None = None) -> tuple[int, Any]:
        return await self.call(
            "POST", "/api/web/messages", json={"id": message_id or str(uuid.uuid4()), "payload": payload}
        )

    def rows(self, table: type[Any]) -> list[Any]:
        with Session(self.engine) as session:
            return list(session.scalars(select(table)))


class _Server(TestServer):
    """Finishes a turn when the client goes away, as ``web.run_app`` does."""

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return web.AppRunner(self.app, **{**kwargs, "handler_cancellation": False})


OpenApi = Callable[..., Awaitable[Api]]


@pytest.fixture
def widget(tmp_path: Path) -> Path:
    """A build of the widget in name: what is in the files is seen by the tests with a browser."""
    folder = tmp_path / "dist"
    folder.mkdir()
    files = {"src/chat/main.ts": {"file": "chat-1.js"}, "style.css": {"file": "chat-2.css"}}
    (folder / "manifest.json").write_text(json.dumps(files), encoding="utf-8")
    for name in ("widget.js", "chat-1.js", "chat-2.css"):
        (folder / name).write_text(f"/* {name} */", encoding="utf-8")
    return folder


@pytest.fixture
async def open_api(rasa: FakeRasa, engine: Engine, database_url: str, widget: Path) -> AsyncIterator[OpenApi]:
    """Start a gateway with settings of the test's choice."""
    clients: list[TestClient[Any, Any]] = []

    async def start(**changes: Any) -> Api:
        given: dict[str, Any] = {
            "database_url": database_url,
            "today": dt.date(2026, 11, 25),
            "rasa_url": rasa.url,
            "rasa_secret": SECRET,
            "secret": "signing-key-of-the-tests",
            "rate_session_messages": "1000/second",
            "rate_session_other": "1000/second",
            "events_poll_seconds": 0.05,
            "events_heartbeat_seconds": 0.2,
            "ready_cache_seconds": 0,
            "retention_hour": 24,
        }
        app = create_app(Settings(**{**given, **changes}), widget)
        client = TestClient(_Server(app), timeout=aiohttp.ClientTimeout(total=20))
        await client.start_server()
        clients.append(client)
        return Api(client, engine)

    yield start
    for client in clients:
        await client.close()
    engine.dispose()


@pytest.fixture
async def api(open_api: OpenApi) -> Api:
    """A gateway with a session opened."""
    api = await open_api()
    await api.open()
    return api
