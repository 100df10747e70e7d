from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from aiohttp import web
from rasa.core.channels.channel import UserMessage
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.nlu.channel import AnSinhInput
from bot.nlu.entities.places import Commune, Gazetteer


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="node")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    rows: list[tuple[str, str, str, tuple[str, ...], str, str]] = [
        ("1", "Ba Tơ", "commune", ("Ba Tơ", "Ba Cung"), "Huyện Ba Tơ", "Quảng Ngãi"),
        ("2", "Xã Ba Vì", "commune", ("Ba Vì", "Ba Tiêu"), "Huyện Ba Tơ", "Quảng Ngãi"),
        ("8", "Ba Tô", "commune", ("Ba Lế",), "Huyện Ba Tơ", "Quảng Ngãi"),
        ("3", "Đức Phổ", "ward", ("Phổ Hòa", "Nguyễn Nghiêm"), "Thị xã Đức Phổ", "Quảng Ngãi"),
        ("4", "Nguyễn Nghiêm", "commune", ("Phổ Ninh",), "Thị xã Đức Phổ", "Quảng Ngãi"),
        ("5", "Bình Minh", "commune", ("Bình An", "Bình Dương"), "Huyện Bình Sơn", "Quảng Ngãi"),
        ("6", "Sơn Hạ", "commune", ("Bình An",), "Huyện Sơn Hà", "Quảng Ngãi"),
        ("7", "Đăk Cấm", "ward", ("Duy Tân",), "Thành phố Kon Tum", "Kon Tum"),
    ]
    return Gazetteer(Commune(*row) for row in rows)


SECRET = "bí mật chung"
Handler = Callable[[UserMessage], Awaitable[Any]]
Answer = Callable[[dict[str, Any]], web.Response]
_numbers = count()
_touch_up = TouchUp.run
_touched: list[Sanic] = []


def _touch_up_once(app: Sanic) -> None:
    """Sanic rewrites its own methods when it starts, which works only once per process."""
    if not _touched:
        _touched.append(app)
        _touch_up(app)  # type: ignore[no-untyped-call]  # Sanic's


@asynccontextmanager
async def _channel_server(handler: Handler) -> AsyncIterator[str]:
    """The channel with ``handler`` behind it; gives the address of its webhook."""
    app = Sanic(f"channel_{next(_numbers)}", configure_logging=False)
    app.blueprint(AnSinhInput(SECRET).blueprint(handler), url_prefix="/webhooks/ansinh")
    free = socket.create_server(("127.0.0.1", 0))
    server: Any = await app.create_server(sock=free, return_asyncio_server=True)
    with mock.patch.object(TouchUp, "run", _touch_up_once):
        await server.startup()
    await server.start_serving()
    port = free.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/webhooks/ansinh/webhook"
    finally:
        server.server.close()
        await server.server.wait_closed()


@asynccontextmanager
async def _action_server(answer: Answer) -> AsyncIterator[str]:
    """An action server that gives what ``answer`` makes of each call; gives its address."""

    async def run(request: web.Request) -> web.Response:
        return answer(await request.json())

    app = web.Application()
    app.router.add_post("/webhook", run)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a base class lacks it
    try:
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        await runner.cleanup()


@pytest.fixture
def channel_server() -> Callable[[Handler], AbstractAsyncContextManager[str]]:
    return _channel_server


@pytest.fixture
def action_server() -> Callable[[Answer], AbstractAsyncContextManager[str]]:
    return _action_server


@pytest.fixture
def secret() -> str:
    return SECRET
