"""The shipped nginx configurations with ports and a certificate of a measurement's own."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tools.bootstrap import ROOT

SHIPPED = ROOT / "deploy/nginx"
NAME = "ansinh.example"

_MAIN = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format upstreams '$upstream_addr';
    {includes}
}}
"""
_SERVER = r"(?:^ +server 127\.0\.0\.1:\d+( .*;)\n)+"


def find() -> str | None:
    """The path of nginx, where there is one."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def command(program: str, folder: Path, files: Sequence[str], workers: int = 1) -> list[str]:
    """How nginx is started with these ``files`` of ``folder``, where all that it writes goes too."""
    includes = "\n    ".join(f"include {folder / name};" for name in files)
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, includes=includes, workers=workers), encoding="utf-8")
    return [program, "-e", str(folder / "main.log"), "-c", str(main)]


def before_gateways(folder: Path, gateways: Sequence[int], https: int, http: int, **changes: str) -> str:
    """``ansinh.conf`` before gateways at these ports, with the certificate of ``folder``.

    Raises ValueError when a text that is to be replaced isn't there.
    """
    text = _with_servers((SHIPPED / "ansinh.conf").read_text(encoding="utf-8"), gateways)
    return _replaced(
        text,
        {
            "listen 80 ": f"listen 127.0.0.1:{http} ",
            "listen 443 ssl default_server": f"listen 127.0.0.1:{https} ssl default_server",
            "listen 443 ssl http2": f"listen 127.0.0.1:{https} ssl http2",
            "/etc/ansinh/tls": str(folder),
            "/var/log/nginx": str(folder),
            **changes,
        },
    )


def before_rasa(workers: Sequence[int], port: int, **changes: str) -> str:
    """``ansinh-rasa.conf`` at ``port`` before Rasa workers at these ports; raises ValueError as above."""
    text = _with_servers((SHIPPED / "ansinh-rasa.conf").read_text(encoding="utf-8"), workers)
    return _replaced(text, {"listen 127.0.0.1:5000;": f"listen 127.0.0.1:{port};", **changes})


def _with_servers(text: str, ports: Sequence[int]) -> str:
    """One line for each port, with what stands behind the address in the shipped ones."""
    lines, count = re.subn(
        _SERVER,
        lambda found: "".join(f"    server 127.0.0.1:{port}{found[1]}\n" for port in ports),
        text,
        flags=re.MULTILINE,
    )
    if count != 1:
        raise ValueError(f"the shipped configuration has {count} groups of servers, not one")
    return lines


def _replaced(text: str, changes: dict[str, str]) -> str:
    for shipped, ours in changes.items():
        if shipped not in text:
            raise ValueError(f"the shipped configuration has no {shipped!r}")
        text = text.replace(shipped, ours)
    return text


def certificate(folder: Path, name: str = NAME) -> None:
    """Write ``fullchain.pem`` and ``privkey.pem`` for ``name``, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
