"""A Redis of the tests' own on a free port, which keeps nothing on disk."""

from __future__ import annotations

import shutil
import subprocess
from typing import Self

import redis

from bench.ports import free_ports
from bot.operations.reach import listens
from tests.e2e.running import wait_for
from tests.widget.conftest import need


class Redis:
    """A server that can be stopped and started again; as a context manager it runs. Skips without one, fails in CI."""

    def __init__(self) -> None:
        found = shutil.which("redis-server")
        need(found is not None, "no redis-server on PATH: install it, e.g. apt-get install redis-server")
        self._program = found
        self._port = free_ports(1)[0]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert self._program is not None
        given = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([self._program, *given], cwd="/tmp", stdout=subprocess.DEVNULL)  # noqa: S108 - it writes nothing
        wait_for(lambda: listens("127.0.0.1", self._port), 10)

    def stop(self) -> None:
        """Stop it outright, as a machine that is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def connections(self) -> int:
        """How many are connected, but for who asks."""
        with redis.Redis.from_url(self.url) as asking:
            return len(asking.client_list()) - 1
