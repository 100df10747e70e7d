"""Starts and stops the two systems, each on free ports of its own, and tells how long each took to be ready.

Ready means that a whole turn was answered: `/readyz` proves one for An Sinh, a message is sent to the stock bot.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.ports import free_ports
from bench.stock import quiet
from tools.bootstrap import ROOT
from tools.model import ensure_model
from tools.process_env import run_environment
from tools.processes import socket_folder, start
from tools.run import ask_ready
from tools.say import Stop, tail
from tools.steps import run_step, started

READY_SECONDS = 900.0
POLL_SECONDS = 0.2

UNLIMITED = {
    "ANSINH_RATE_SESSION_MESSAGES": "100000/second",
    "ANSINH_RATE_SESSION_OTHER": "100000/second",
    "ANSINH_RATE_ADDRESS_SESSIONS": "100000/second",
    "ANSINH_RATE_ADDRESS_REQUESTS": "100000/second",
}
"""All clients of a measurement share one address, and no citizen types this fast."""


@dataclass(frozen=True, slots=True)
class Running:
    """A system that answers at `address`; `pid` started all its processes."""

    address: str
    pid: int
    ready_seconds: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where An Sinh runs for a measurement: a folder with logs, key and database, and the trained model."""

    folder: Path
    model: Path
    database_url: str


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """A temporary folder with a database that holds all of data/."""
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-") as name:
        folder = Path(name)
        logs = folder / "log"
        logs.mkdir()
        where = Place(folder, ensure_model(ROOT, logs, os.environ), f"sqlite:///{folder / 'ansinh.db'}")
        prepare({**os.environ, "ANSINH_DATABASE_URL": where.database_url}, logs)
        yield where


def prepare(environ: Mapping[str, str], logs: Path) -> None:
    """Bring the database that `environ` names to the newest schema and load data/ into it; raises Stop."""
    python = str(ROOT / ".venv" / "bin" / "python")
    run_step(
        "Tạo cơ sở dữ liệu (database)", [python, "-m", "alembic", "upgrade", "head"], logs / "migrate.log", environ
    )
    run_step(
        "Nạp dữ liệu chính sách (data)", [python, "-m", "bot.knowledge.loader", "data"], logs / "load.log", environ
    )


@contextlib.contextmanager
def an_sinh(where: Place) -> Iterator[Running]:
    """Gateway, Rasa and actions under supervisor, as `make run` starts them; raises Stop."""
    port, rasa_port, actions_port = free_ports(3)
    with socket_folder() as private:
        environ = {
            **os.environ,
            **UNLIMITED,
            "ANSINH_HOST": "127.0.0.1",
            "ANSINH_PORT": str(port),
            "ANSINH_DATABASE_URL": where.database_url,
            "ANSINH_SECRET_FILE": str(where.folder / "secret.key"),
            # Nobody is turned away: what is compared are turns, on whatever machine.
            "ANSINH_TURN_QUEUE_SECONDS": "1000",
            "ANSINH_LOG_LEVEL": "WARNING",
            # Asked again and again until it is: an old "no" must not be repeated.
            "ANSINH_READY_CACHE_SECONDS": "0",
        }
        ready = run_environment(
            environ,
            rasa_port=rasa_port,
            actions_port=actions_port,
            model=where.model,
            folder=where.folder,
            socket=private / "s",
        )
        address = f"http://127.0.0.1:{port}"
        begin = time.monotonic()
        config = ROOT / "deploy" / "supervisord.conf"
        with start(config, ready, where.folder, private / "s") as supervised:
            seconds = _wait(begin, lambda: ask_ready(address)[0], supervised.alive, where.folder / "log" / "rasa.log")
            pid = int((where.folder / "supervisord.pid").read_text(encoding="ascii"))
            yield Running(address, pid, seconds)


@contextlib.contextmanager
def stock_bot(folder: Path, model: Path) -> Iterator[Running]:
    """The stock bot with its REST channel on the loopback; raises Stop."""
    [port] = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = [str(ROOT / ".venv-rasa" / "bin" / "rasa"), "run", "-i", "127.0.0.1", "-p", str(port)]
    # With its API on, a new model can be put in without a restart.
    command += ["--enable-api", "--model", str(model)]
    command += ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    log = folder / "run.log"
    begin = time.monotonic()
    with started(command, log, env=quiet(os.environ), cwd=folder) as process:
        seconds = _wait(begin, lambda: _stock_answers(address), lambda: process.poll() is None, log)
        yield Running(address, process.pid, seconds)


def _stock_answers(address: str) -> bool:
    body = json.dumps({"sender": "ready", "message": "hello"}).encode()
    headers: Mapping[str, str] = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/webhooks/rest/webhook", body, dict(headers))  # noqa: S310 - our own
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return bool(json.load(answer))
    except (OSError, ValueError):
        return False


def _wait(begin: float, ready: Callable[[], bool], alive: Callable[[], bool], log: Path) -> float:
    """Seconds from `begin` until `ready`; raises Stop when it never is."""
    while not ready():
        if not alive() or time.monotonic() - begin > READY_SECONDS:
            raise Stop(
                f"Hệ thống cần đo không khởi động được.\n{tail(log)}", f"A system under test did not start: {log}"
            )
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begin
