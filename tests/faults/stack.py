"""All of An Sinh as a province runs it, with a handle at each place where something can fail.

nginx before two gateways, Rasa, the action server, PostgreSQL and Redis; beside them a gateway over SQLite that asks
the same Rasa. What calls another machine goes over a ``Wire``. PostgreSQL's data and SQLite's file lie on small disks
of their own.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.ports import free_ports
from bot.knowledge.db import make_engine
from tests.channels.proxy import Proxy, nginx
from tests.channels.zalo_oa.conftest import KEY, put_tokens
from tests.e2e.running import ROOT, TODAY, call, wait_for
from tests.faults.gateway import CLOCK
from tests.postgres import Postgres, new_database
from tests.redis_server import Redis
from tests.wire import Wire, to_port, to_socket
from tests.zalo_double.openapi import APP_ID, APP_SECRET, OA_SECRET
from tools.model import ensure_model
from tools.process_env import run_environment

GATEWAYS = ("gateway-0", "gateway-1")
SQLITE = "gateway-sqlite"
_DISKS = {"postgres": "192m", "sqlite": "32m"}
_READY_SECONDS = 900.0


class Process:
    """One process that can be killed and started again; what it says goes to a file."""

    def __init__(self, command: list[str], environ: Mapping[str, str], log: Path) -> None:
        self._command, self._environ, self._log = command, dict(environ), log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it may take a while to be ready."""
        with self._log.open("ab") as output:
            self._running = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environ, stdout=output, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """End it outright."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._running is None:
            return
        self._running.send_signal(how)
        try:
            self._running.wait(20)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait(10)
        self._running = None


class Disk:
    """A disk of its own that can be filled to the last byte; without leave to mount one it is only a folder."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "ansinh-faults", str(folder)]
        try:
            self.small = subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            self.small = False
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._filler.open("wb", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(bytes(size))

    def empty(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the disk away, with all that lies on it."""
        if self.small:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Stack:
    """``ports`` and ``processes`` go by ``gateway-0``, ``rasa`` and so on, ``wires`` by their end."""

    folder: Path
    ports: Mapping[str, int]
    processes: Mapping[str, Process]
    wires: Mapping[str, Wire]
    proxy: Proxy
    postgres: Postgres
    redis: Redis
    disks: Mapping[str, Disk]
    database_url: str
    sqlite_url: str

    def address(self, gateway: str) -> str:
        """Where a gateway itself listens."""
        return f"http://127.0.0.1:{self.ports[gateway]}"

    def ready(self) -> bool:
        """Whether each gateway gets a turn through Rasa and actions, and the proxy runs."""
        return all(_ready(self.address(name)) for name in (*GATEWAYS, SQLITE))

    def shift_clock(self, seconds: float) -> None:
        """Have the gateways' clocks jump by so much."""
        place = self.folder / "clock"
        fresh = place.with_name("clock.new")
        fresh.write_text(str(float(place.read_text(encoding="ascii")) + seconds), encoding="ascii")
        fresh.replace(place)


@contextlib.contextmanager
def stack(folder: Path, *, zalo: Callable[[], int], turn_seconds: float) -> Iterator[Stack]:
    """Starts everything and waits until it is ready; stops it at the end. ``zalo`` says where Zalo listens by now."""
    with contextlib.ExitStack() as until:
        ports = dict(zip(_NAMES, free_ports(len(_NAMES)), strict=True))
        disks = {name: Disk(folder / f"{name}-disk", size) for name, size in _DISKS.items()}
        for disk in disks.values():
            until.callback(disk.close)
        postgres = _postgres(disks["postgres"].folder / "data")
        until.callback(postgres.stop, signal.SIGINT)
        postgres.start()
        redis = until.enter_context(Redis())
        wires = {
            "database": Wire(to_socket(f"{postgres.folder}/.s.PGSQL.5432")),
            "redis": Wire(to_port(lambda: int(redis.url.rsplit(":", 1)[1]))),
            "rasa": Wire(to_port(lambda: ports["rasa"])),
            "actions": Wire(to_port(lambda: ports["actions"])),
            "zalo": Wire(to_port(zalo)),
        }
        for wire in wires.values():
            until.callback(wire.close)
        database_url = new_database(postgres.folder)
        name = database_url.split("@/")[1].split("?")[0]
        sqlite_url = f"sqlite:///{disks['sqlite'].folder / 'ansinh.db'}"
        base = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANSINH_")},
            "ANSINH_DATABASE_URL": f"postgresql+psycopg://tests@127.0.0.1:{wires['database'].port}/{name}",
            "ANSINH_REDIS_URL": f"redis://127.0.0.1:{wires['redis'].port}",
            "ANSINH_SECRET": KEY,
            "ANSINH_TODAY": TODAY,
            "ANSINH_TURN_TIMEOUT_SECONDS": str(turn_seconds),
            "ANSINH_TRUSTED_PROXIES": "1",
            # A test types faster than a person.
            "ANSINH_RATE_SESSION_MESSAGES": "300/minute",
            "ANSINH_READY_CACHE_SECONDS": "0",
            "ANSINH_REVIEW_SECONDS": "0",
            # Shorter than as shipped, but longer than a busy machine holds a process or an echo up.
            "ANSINH_MAIL_LEASE_SECONDS": "8",
            "ANSINH_ZALO_ECHO_SECONDS": "15",
            "ANSINH_ZALO_APP_ID": APP_ID,
            "ANSINH_ZALO_APP_SECRET": APP_SECRET,
            "ANSINH_ZALO_OA_SECRET": OA_SECRET,
            "ANSINH_ZALO_API_URL": f"http://127.0.0.1:{wires['zalo'].port}",
            "ANSINH_ZALO_OAUTH_URL": f"http://127.0.0.1:{wires['zalo'].port}",
            CLOCK: str(folder / "clock"),
        }
        (folder / "clock").write_text("0", encoding="ascii")
        _fill(base, sqlite_url, database_url)
        processes = _processes(folder, base, ports, wires, sqlite_url)
        proxy = until.enter_context(nginx(folder, [ports[name] for name in GATEWAYS]))
        started = Stack(folder, ports, processes, wires, proxy, postgres, redis, disks, database_url, sqlite_url)
        for process in processes.values():
            until.callback(process.stop)
            process.start()
        wait_for(started.ready, _READY_SECONDS)
        yield started


_NAMES = (*GATEWAYS, SQLITE, "rasa", "actions")


def _postgres(folder: Path) -> Postgres:
    folder.mkdir()
    # Small segments: a full disk is met by the log as well as by the tables.
    return Postgres(str(folder), "--wal-segsize=1")


def _fill(base: Mapping[str, str], sqlite_url: str, database_url: str) -> None:
    """Tables, policy, and the tokens that the set-up command would have stored."""
    for environ in (base, {**base, "ANSINH_DATABASE_URL": sqlite_url}):
        subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"], cwd=ROOT, env=environ, check=True, capture_output=True
        )
    subprocess.run(
        [sys.executable, "-m", "bot.knowledge.loader", "data"], cwd=ROOT, env=base, check=True, capture_output=True
    )
    for url in (database_url, sqlite_url):
        engine = make_engine(url)
        put_tokens(engine, "access-0", "refresh-0", dt.timedelta(days=3))
        engine.dispose()


def _processes(
    folder: Path, base: Mapping[str, str], ports: Mapping[str, int], wires: Mapping[str, Wire], sqlite_url: str
) -> dict[str, Process]:
    model = ensure_model(ROOT, folder, os.environ)
    environ = run_environment(
        base,
        rasa_port=ports["rasa"],
        actions_port=ports["actions"],
        model=model,
        folder=folder,
        socket=folder / "none",
    )
    environ["ANSINH_RASA_URL"] = f"http://127.0.0.1:{wires['rasa'].port}"
    environ["ANSINH_ACTIONS_URL"] = f"http://127.0.0.1:{wires['actions'].port}/webhook"
    rasa = [str(ROOT / ".venv-rasa/bin/python"), "-m", "bot.nlu.serve", "--model", str(model), "--port"]
    commands = {
        "actions": [sys.executable, "-m", "actions"],
        "rasa": [*rasa, str(ports["rasa"])],
        **{name: [sys.executable, "-m", "tests.faults.gateway"] for name in (*GATEWAYS, SQLITE)},
    }
    own = {name: {"ANSINH_PORT": str(ports[name])} for name in commands}
    own[SQLITE] |= {"ANSINH_DATABASE_URL": sqlite_url, "ANSINH_TRUSTED_PROXIES": "0"}
    return {
        name: Process(command, {**environ, **own[name]}, folder / f"{name}.log") for name, command in commands.items()
    }


def _ready(address: str) -> bool:
    try:
        return call(f"{address}/readyz").status == 200
    except OSError:
        return False
