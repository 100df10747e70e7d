"""The shipped nginx configuration, run by the real nginx with ports and a certificate of the test's own."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.running import free_ports, wait_for
from tests.widget.conftest import need

SHIPPED = Path(__file__).parents[2] / "deploy/nginx/ansinh.conf"
NAME = "ansinh.example"

_MAIN = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ansinh.conf;
}}
"""


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
        wait_for(lambda: _listens(self.https), 10)

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
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    need(found is not None, "no nginx: install it, e.g. apt-get install nginx-light")
    assert found is not None
    return found


def certificate(folder: Path) -> None:
    """Write ``fullchain.pem`` and ``privkey.pem`` for our name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def configuration(folder: Path, gateways: Sequence[int], https: int, http: int, **changes: str) -> str:
    """The shipped file with the ports and paths of a test; each text that is replaced must be there."""
    text = SHIPPED.read_text(encoding="utf-8")
    replaced = {
        "server 127.0.0.1:8080 ": f"server 127.0.0.1:{gateways[0]} ",
        "server 127.0.0.1:8081 ": f"server 127.0.0.1:{gateways[1]} ",
        "listen 80 ": f"listen 127.0.0.1:{http} ",
        "listen 443 ssl default_server": f"listen 127.0.0.1:{https} ssl default_server",
        "listen 443 ssl http2": f"listen 127.0.0.1:{https} ssl http2",
        "/etc/ansinh/tls": str(folder),
        "/var/log/nginx": str(folder),
        **changes,
    }
    for shipped, ours in replaced.items():
        assert shipped in text, f"the shipped configuration has no {shipped!r}"
        text = text.replace(shipped, ours)
    return text


@contextlib.contextmanager
def nginx(folder: Path, gateways: Sequence[int], **changes: str) -> Iterator[Proxy]:
    """Runs in front of two gateways, given by their ports."""
    program = find()
    https, http = free_ports(2)
    certificate(folder)
    (folder / "ansinh.conf").write_text(configuration(folder, gateways, https, http, **changes), encoding="utf-8")
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder), encoding="utf-8")
    command = [program, "-e", str(folder / "main.log"), "-c", str(main)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    proxy = Proxy(https, http, ssl.create_default_context(cafile=str(folder / "fullchain.pem")), command)
    try:
        proxy.start()
        yield proxy
    finally:
        proxy.stop()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
