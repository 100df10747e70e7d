"""Gateways as processes of their own, which can be killed; Rasa and Zalo are the doubles of the test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from bench.ports import free_ports
from tests.channels.zalo_oa.conftest import KEY, zalo_settings
from tests.conversation.fake_rasa import SECRET, FakeRasa
from tests.e2e.running import ROOT
from tests.zalo_double.openapi import ZaloDouble


class Gateway:
    """One gateway process over the database in ``folder``; started again on the same port, as supervisor would."""

    def __init__(self, folder: Path, rasa: FakeRasa, double: ZaloDouble, **changes: Any) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {
            "database_url": f"sqlite:///{folder / 'ansinh.db'}",
            "today": "2026-11-25",
            "port": self.port,
            "rasa_url": rasa.url,
            "rasa_secret": SECRET,
            "secret": KEY,
            **zalo_settings(double),
            **changes,
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("ANSINH_")}
        self._environment = {**own, **{f"ANSINH_{name.upper()}": str(value) for name, value in settings.items()}}
        self._log = folder / f"gateway-{self.port}.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli.serve", cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            while True:
                assert self._process.returncode is None, self.said()
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(f"{self.url}/healthz") as response:
                        if response.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """As kill -9."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")


@contextlib.asynccontextmanager
async def running(*gateways: Gateway) -> AsyncIterator[None]:
    """Start gateways, and stop them."""
    try:
        await asyncio.gather(*(gateway.start() for gateway in gateways))
        yield
    finally:
        for gateway in gateways:
            await gateway.stop()
