"""The shipped nginx configuration, run by the real nginx with ports and a certificate of the test's own."""

from __future__ import annotations

import contextlib
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from bench import proxy as shipped
from bench.ports import free_ports
from bench.proxy import NAME, before_gateways, certificate
from bot.operations.reach import listens
from tests.e2e.running import wait_for
from tests.widget.conftest import need


class Here(AbstractResolver):
    """Our public name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert host == NAME
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0),
        ]

    async def close(self) -> None:
        """Nothing is held."""


@dataclass
class Proxy:
    """nginx in front of two gateways; ``trust`` believes its certificate."""

    https: int
    http: int
    trust: ssl.SSLContext
    command: Sequence[str]
    _process: subprocess.Popen[bytes] | None = None

    def url(self, path: str) -> str:
        """The public address of ``path``."""
        return f"https://{NAME}:{self.https}{path}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(self.command)
        wait_for(lambda: listens("127.0.0.1", self.https), 10)

    def stop(self) -> None:
        """Stop it at once: what is under way is cut off."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def reload(self) -> None:
        """Have it read its configuration again, as after a new certificate."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)


def find() -> str:
    """The path of nginx; skips without one, fails in CI."""
    found = shipped.find()
    need(found is not None, "no nginx: install it, e.g. apt-get install nginx-light")
    assert found is not None
    return found


@contextlib.contextmanager
def nginx(folder: Path, gateways: Sequence[int], **changes: str) -> Iterator[Proxy]:
    """Runs in front of gateways, given by their ports; ``changes`` are texts of the file and what replaces them."""
    https, http = free_ports(2)
    certificate(folder)
    (folder / "ansinh.conf").write_text(before_gateways(folder, gateways, https, http, **changes), encoding="utf-8")
    command = shipped.command(find(), folder, ["ansinh.conf"], workers=2)
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    proxy = Proxy(https, http, ssl.create_default_context(cafile=str(folder / "fullchain.pem")), command)
    try:
        proxy.start()
        yield proxy
    finally:
        proxy.stop()
