"""An Sinh as it stands on a server: gateways, Rasa workers and action servers, each a process, behind nginx."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import proxy
from bench.ports import free_ports
from bench.services import POLL_SECONDS, READY_SECONDS, prepare
from bot.operations.reach import listens
from tools.bootstrap import ROOT
from tools.model import ensure_model
from tools.process_env import run_environment
from tools.run import ask_ready
from tools.say import Stop, line, tail
from tools.steps import started, stop_group

STOP_SECONDS = 15.0
PUBLIC = "localhost"
"""The public name: every client of this machine knows where it is."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each process; a Rasa worker asks the action server of its own number, or the last."""

    gateways: int = 1
    rasa: int = 1
    actions: int = 1

    def names(self) -> list[str]:
        """The names of the processes: ``rasa-0`` and so on, and ``proxy``."""
        counts = {"actions": self.actions, "rasa": self.rasa, "gateway": self.gateways}
        return [f"{kind}-{number}" for kind, count in counts.items() for number in range(count)] + ["proxy"]


ONE = Size()


@dataclass(frozen=True)
class Cluster:
    """``ports`` go by the names of processes, and ``https``, ``http`` and ``rasa-proxy`` for those of nginx."""

    folder: Path
    database_url: str
    ports: Mapping[str, int]
    processes: dict[str, subprocess.Popen[bytes]]
    starting: Callable[[str, Path], subprocess.Popen[bytes]]

    def stop(self, name: str) -> None:
        """Ask a process to end and wait until it has finished what is under way; as systemd does, not for ever."""
        stop_group(self.processes[name], STOP_SECONDS)

    def start(self, name: str, root: Path) -> None:
        """Start what was stopped, at its port, from the code in ``root``."""
        self.processes[name] = self.starting(name, root)

    @property
    def address(self) -> str:
        """The public address, behind nginx, with a certificate of its own."""
        return f"https://{PUBLIC}:{self.ports['https']}"

    @property
    def trust(self) -> Path:
        """The file of its certificate."""
        return self.folder / "fullchain.pem"

    @property
    def gateways(self) -> list[str]:
        """The addresses of the gateways themselves."""
        return [f"http://127.0.0.1:{port}" for name, port in self.ports.items() if name.startswith("gateway-")]

    def listens(self, name: str) -> bool:
        """Whether somebody takes calls at the port of a process."""
        return listens("127.0.0.1", self.ports["https" if name == "proxy" else name])

    def asked_of_rasa(self) -> set[int]:
        """The ports of the Rasa workers that have been asked so far."""
        lines = (self.folder / "upstreams").read_text(encoding="ascii").replace(",", " ").split()
        return {int(line.rsplit(":", 1)[1]) for line in lines if ":" in line}


@contextlib.contextmanager
def cluster(
    folder: Path, database_url: str, size: Size, settings: Mapping[str, str], *, ready_seconds: float = READY_SECONDS
) -> Iterator[Cluster]:
    """Starts everything, waits until a turn gets through each gateway, and stops it at the end; raises Stop.

    ``settings`` are environment variables beside those that tie the processes together. ``folder`` takes what they
    log; who is not root must be able to enter it, since nginx's workers are not.
    """
    names = size.names()
    held = [*names, "https", "http", "rasa-proxy"]
    ports = dict(zip(held, free_ports(len(held)), strict=True))
    model = ensure_model(ROOT, folder, os.environ)
    base = {name: value for name, value in os.environ.items() if not name.startswith("ANSINH_")}
    base |= {
        "ANSINH_DATABASE_URL": database_url,
        "ANSINH_SECRET_FILE": str(folder / "secret.key"),
        "ANSINH_TRUSTED_PROXIES": "1",
        "ANSINH_LOG_LEVEL": "WARNING",
        # Asked again and again until it is: an old "no" must not be repeated.
        "ANSINH_READY_CACHE_SECONDS": "0",
        **settings,
    }
    base = run_environment(
        base,
        rasa_port=ports["rasa-proxy"],
        actions_port=ports["actions-0"],
        model=model,
        folder=folder,
        socket=folder / "none",
    )
    prepare(base, folder)
    _write_proxy(folder, ports, size)
    commands = {name: _command(name, ports, model) for name in names if name != "proxy"}
    commands["proxy"] = proxy.command(_nginx(), folder, ["ansinh.conf", "ansinh-rasa.conf"])
    with contextlib.ExitStack() as stack:

        def start(name: str, root: Path) -> subprocess.Popen[bytes]:
            environ = {**base, **_own(name, ports, size)}
            # A model is loaded from beside the code alone.
            command = [each.replace(f"{ROOT}/models", f"{root}/models") for each in commands[name]]
            log = folder / f"{name}.log"
            return stack.enter_context(started(command, log, env=environ, cwd=root, patience=20, append=True))

        running = Cluster(folder, database_url, ports, {name: start(name, ROOT) for name in commands}, start)
        _wait_ready(running, ready_seconds)
        yield running


def _write_proxy(folder: Path, ports: Mapping[str, int], size: Size) -> None:
    proxy.certificate(folder, PUBLIC)
    gateways = [ports[f"gateway-{number}"] for number in range(size.gateways)]
    named = {f"server_name {proxy.NAME};": f"server_name {PUBLIC};"}
    public = proxy.before_gateways(folder, gateways, ports["https"], ports["http"], **named)
    (folder / "ansinh.conf").write_text(public, encoding="utf-8")
    workers = [ports[f"rasa-{number}"] for number in range(size.rasa)]
    # Which worker was asked, and nothing else.
    logged = {"access_log off;": f"access_log {folder}/upstreams upstreams;"}
    private = proxy.before_rasa(workers, ports["rasa-proxy"], **logged)
    (folder / "ansinh-rasa.conf").write_text(private, encoding="utf-8")


def _nginx() -> str:
    found = proxy.find()
    if found is None:
        raise Stop("Máy này chưa có nginx (apt-get install nginx-light).", "No nginx: apt-get install nginx-light.")
    return found


def _command(name: str, ports: Mapping[str, int], model: Path) -> list[str]:
    kind = name.partition("-")[0]
    if kind == "actions":
        return [sys.executable, "-m", "actions"]
    if kind == "gateway":
        return [sys.executable, "-m", "bot.cli.serve"]
    rasa = [str(ROOT / ".venv-rasa/bin/python"), "-m", "bot.nlu.serve"]
    return [*rasa, "--model", str(model), "--port", str(ports[name])]


def _own(name: str, ports: Mapping[str, int], size: Size) -> dict[str, str]:
    """What a process has in its environment that its neighbour of the same kind has not."""
    kind, _, number = name.partition("-")
    if kind == "gateway":
        return {"ANSINH_PORT": str(ports[name])}
    if kind == "actions":
        return {"ANSINH_ACTIONS_PORT": str(ports[name])}
    if kind == "rasa":
        asked = ports[f"actions-{min(int(number), size.actions - 1)}"]
        return {"ANSINH_ACTIONS_URL": f"http://127.0.0.1:{asked}/webhook"}
    return {}


def _wait_ready(running: Cluster, seconds: float) -> None:
    end = time.monotonic() + seconds
    line("… chờ các tiến trình sẵn sàng (starting)")
    # A gateway is ready once one worker has answered: the others may still be loading.
    while not all(map(running.listens, running.processes)) or not all(ask_ready(each)[0] for each in running.gateways):
        ended = [name for name, process in running.processes.items() if process.poll() is not None]
        late = time.monotonic() > end
        if ended or late:
            silent = [name for name in running.processes if not running.listens(name)]
            log = running.folder / f"{[*ended, *silent, 'rasa-0'][0]}.log"
            raise Stop(f"Hệ thống không khởi động được.\n{tail(log)}", f"The system did not start: {log}")
        time.sleep(POLL_SECONDS)
