"""The shipped nginx configuration, run by the real nginx with ports and a certificate of the test's own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import proxy
from bench.proxy import NAME, before_gateways, certificate
from tests.e2e.running import free_ports, wait_for
from tests.widget.conftest import need


@dataclass(frozen=True)
class Proxy:
    """A running nginx; ``trust`` believes its certificate."""

    https: int
    http: int
    trust: ssl.SSLContext

    def url(self, path: str) -> str:
        """The public address of ``path``."""
        return f"https://{NAME}:{self.https}{path}"


def find() -> str:
    """The path of nginx; skips without one, fails in CI."""
    found = proxy.find()
    need(found is not None, "no nginx: install it, e.g. apt-get install nginx-light")
    assert found is not None
    return found


@contextlib.contextmanager
def nginx(folder: Path, gateways: Sequence[int], **changes: str) -> Iterator[Proxy]:
    """Runs in front of gateways, given by their ports; ``changes`` are texts of the file and what replaces them."""
    https, http = free_ports(2)
    certificate(folder)
    (folder / "ansinh.conf").write_text(before_gateways(folder, gateways, https, http, **changes), encoding="utf-8")
    command = proxy.command(find(), folder, ["ansinh.conf"], workers=2)
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(command)
    try:
        wait_for(lambda: _listens(https), 10)
        yield Proxy(https, http, ssl.create_default_context(cafile=str(folder / "fullchain.pem")))
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
