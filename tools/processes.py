"""The three processes under supervisor: starts it, asks it how they are, stops it with all it started."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from supervisor.xmlrpc import SupervisorTransport

STOP_SECONDS = 40.0
"""More than the `stopwaitsecs` of the three processes together."""

SET_PARENT_DEATH_SIGNAL = 1
"""`PR_SET_PDEATHSIG` of Linux."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process as supervisor sees it: `state` is RUNNING, STARTING, BACKOFF, FATAL …; 0 is no pid."""

    name: str
    state: str
    pid: int


def ask(socket: Path) -> list[Process]:
    """The processes under the supervisor that listens at `socket`; empty while it doesn't answer."""
    transport = SupervisorTransport(None, None, f"unix://{socket}")
    # The address only has to look like one: the transport goes to the socket.
    server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
    try:
        answer: Any = server.supervisor.getAllProcessInfo()
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return []
    finally:
        transport.close()
    return [Process(str(each["name"]), str(each["statename"]), int(each["pid"])) for each in answer]


class Supervised:
    """A running supervisor. As a context manager: at the end nothing that it started is left."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], output: Path, socket: Path) -> None:
        self._socket = socket
        self._groups: set[int] = set()
        with output.open("wb") as stream:
            self._supervisor = subprocess.Popen(
                list(command),
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal comes to us alone, and we stop supervisor once and in order.
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - no thread has been started here
            )

    def __enter__(self) -> Self:
        """Nothing to do: it runs."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stops everything."""
        self.stop()

    def alive(self) -> bool:
        """Whether supervisor itself runs."""
        return self._supervisor.poll() is None

    def processes(self) -> list[Process]:
        """How the processes are now."""
        found = ask(self._socket)
        if found:
            # Supervisor makes each process the leader of a group of its own.
            self._groups = {process.pid for process in found if process.pid}
        return found

    def stop(self) -> None:
        """Asks supervisor to stop everything and waits; kills what is left when it does not."""
        self.processes()
        if self.alive():
            self._supervisor.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(STOP_SECONDS)
        if self.alive():
            self._supervisor.kill()
            self._supervisor.wait()
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)


def start(config: Path, environ: Mapping[str, str], folder: Path, socket: Path) -> Supervised:
    """Starts supervisor with the file `config` from the current folder; logs go to `folder`/log."""
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)]
    return Supervised(command, environ, folder / "log" / "supervisord.out", socket)


@contextlib.contextmanager
def socket_folder() -> Iterator[Path]:
    """A private folder with a short name: a socket's path may have some hundred characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="ansinh-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def die_with_parent() -> Callable[[], None] | None:
    """On Linux: what makes a child stop in order even when the command above it is killed outright."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)

    return ask_kernel
