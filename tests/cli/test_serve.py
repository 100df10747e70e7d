"""The gateway with the console: under /console, or at a port of its own."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bench.ports import free_ports
from bot.channels.web.app import create_app
from bot.cli.serve import console_parts, create_service
from bot.settings import Settings


@pytest.mark.parametrize("alone", [False, True])
async def test_the_console_is_where_it_is_said_to_be(tmp_path: Path, alone: bool) -> None:
    (port,) = free_ports(1)
    given = {"console_port": port} if alone else {}
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", secret="key-of-the-tests", **given)
    server = TestServer(create_service(settings))
    await server.start_server()
    console = f"http://127.0.0.1:{port}" if alone else str(server.make_url("")).rstrip("/")
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{console}/console/login") as response:
            assert (response.status, "Đăng nhập" in await response.text()) == (200, True)
        for address in (f"{console}/console", *([console] if alone else [])):
            async with http.get(address, allow_redirects=False) as response:
                assert (response.status, response.headers["Location"]) == (303, "/console/")
        async with http.get(server.make_url("/console/login")) as response:
            assert response.status == (404 if alone else 200)
        async with http.get(server.make_url("/healthz")) as response:
            assert response.status == 200
    await server.close()


async def test_a_message_for_a_channel_that_is_not_here_is_kept_and_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", secret="key-of-the-tests"), tmp_path)
    server = TestServer(gateway)
    await server.start_server()
    await console_parts(gateway).deliver("gone", "session", [])
    assert "no channel gone here" in caplog.text
    await server.close()
