"""Two of each process over one PostgreSQL, the Rasa workers behind the shipped nginx configuration."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.channels.proxy import find
from tests.e2e.running import ROOT, TODAY, call, free_ports, wait_for
from tools.model import ensure_model
from tools.process_env import run_environment

SECRET = "khoa-ky-cua-bai-thu"
RASA_SECRET = "khoa-cua-rasa-trong-bai-thu"
_READY_SECONDS = 400.0
_STOP_SECONDS = 15.0
_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format upstreams '$upstream_addr';
    include {folder}/ansinh-rasa.conf;
}}
"""


@dataclass(frozen=True)
class Cluster:
    """``gateways`` are addresses; ``ports`` and ``processes`` go by ``gateway-0``, ``rasa-1`` and so on."""

    folder: Path
    ports: Mapping[str, int]
    gateways: list[str]
    processes: dict[str, subprocess.Popen[bytes]]
    starting: Callable[[str, Path], subprocess.Popen[bytes]]

    def stop(self, name: str) -> None:
        """Asks a process to end and waits until it has finished what is under way; as systemd does, not for ever."""
        self.processes[name].terminate()
        try:
            self.processes[name].wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.processes[name].kill()
            self.processes[name].wait(10)

    def start(self, name: str, root: Path) -> None:
        """Starts what was stopped from the code in ``root``, at its port."""
        self.processes[name] = self.starting(name, root)

    def wait_listening(self, name: str) -> None:
        """Until somebody takes calls at its port."""
        wait_for(lambda: _listens(self.ports[name]), _READY_SECONDS)

    def kill(self, name: str) -> None:
        """Kills a process outright."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait(10)

    def asked_of_rasa(self) -> set[int]:
        """The ports of the Rasa workers that have answered so far."""
        lines = (self.folder / "upstreams").read_text(encoding="ascii").replace(",", " ").split()
        return {int(line.rsplit(":", 1)[1]) for line in lines if ":" in line}


@contextlib.contextmanager
def cluster(folder: Path, database_url: str) -> Iterator[Cluster]:
    """Starts everything and waits until both gateways have sent a turn through; stops it at the end."""
    ports = dict(zip(_NAMES, free_ports(len(_NAMES)), strict=True))
    model = ensure_model(ROOT, folder, os.environ)
    base = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSINH_")},
        "ANSINH_DATABASE_URL": database_url,
        "ANSINH_SECRET": SECRET,
        "ANSINH_RASA_SECRET": RASA_SECRET,
        "ANSINH_TODAY": TODAY,
        "ANSINH_RATE_SESSION_MESSAGES": "300/minute",
        "ANSINH_READY_CACHE_SECONDS": "0",
    }
    for command in (["-m", "alembic", "upgrade", "head"], ["-m", "bot.knowledge.loader", "data"]):
        subprocess.run([sys.executable, *command], cwd=ROOT, env=base, check=True, capture_output=True)
    with contextlib.ExitStack() as running:
        commands = _commands(folder, ports, model)

        def start(name: str, root: Path) -> subprocess.Popen[bytes]:
            number = name[-1]
            environ = run_environment(
                base,
                rasa_port=ports["rasa-proxy"],
                actions_port=ports.get(f"actions-{number}", 1),
                model=model,
                folder=folder,
                socket=folder / "none",
            )
            environ["ANSINH_PORT"] = str(ports.get(f"gateway-{number}", 0))
            command = [each.replace(f"{ROOT}/models", f"{root}/models") for each in commands[name]]
            return running.enter_context(_running(command, environ, folder / f"{name}.log", root))

        processes = {name: start(name, ROOT) for name in commands}
        gateways = [f"http://127.0.0.1:{ports[f'gateway-{number}']}" for number in (0, 1)]
        for address in gateways:
            wait_for(lambda address=address: _ready(address), _READY_SECONDS)  # type: ignore[misc]
        yield Cluster(folder, ports, gateways, processes, start)


_NAMES = ("gateway-0", "gateway-1", "rasa-0", "rasa-1", "actions-0", "actions-1", "rasa-proxy")


def _commands(folder: Path, ports: Mapping[str, int], model: Path) -> dict[str, list[str]]:
    text = (ROOT / "deploy/nginx/ansinh-rasa.conf").read_text(encoding="utf-8")
    for shipped, name in (("5005 ", "rasa-0"), ("5006 ", "rasa-1"), ("5000;", "rasa-proxy")):
        assert f"127.0.0.1:{shipped}" in text, shipped
        text = text.replace(f"127.0.0.1:{shipped}", f"127.0.0.1:{ports[name]}{shipped[-1]}")
    assert "access_log off;" in text
    # Which worker was asked, and nothing else.
    text = text.replace("access_log off;", f"access_log {folder}/upstreams upstreams;")
    (folder / "ansinh-rasa.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder), encoding="utf-8")
    commands = {"rasa-proxy": [find(), "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")]}
    rasa = [str(ROOT / ".venv-rasa/bin/python"), "-m", "bot.nlu.serve", "--model", str(model), "--port"]
    for number in (0, 1):
        commands[f"actions-{number}"] = [sys.executable, "-m", "actions"]
        commands[f"rasa-{number}"] = [*rasa, str(ports[f"rasa-{number}"])]
        commands[f"gateway-{number}"] = [sys.executable, "-m", "bot.cli.serve"]
    return commands


@contextlib.contextmanager
def _running(
    command: list[str], environ: Mapping[str, str], log: Path, root: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=root, env=dict(environ), stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _ready(address: str) -> bool:
    try:
        return call(f"{address}/readyz").status == 200
    except OSError:
        return False


def open_folder(folder: Path) -> Path:
    """A folder that nginx's workers, who are not root, may enter."""
    place = folder / "cluster"
    place.mkdir()
    if os.getuid() == 0:
        for each in (folder, *folder.parents[:3]):
            each.chmod(each.stat().st_mode | 0o011)
        shutil.chown(place, "nobody")
    return place
