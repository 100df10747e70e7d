"""Runs Rasa and replaces it: ``python -m bot.nlu.runner --port 5005 --model models/….tar.gz --choice models/in-use``.

Rasa gives no memory back when it loads another model, so a new worker process takes over: it inherits the socket, loads
its model, and only when it answers does the old one stop listening, finish its turns and end. The socket stays open
all the while, so no connection is refused. Which model to run stands in the file of ``--choice``, a name in
``models``; without one, or while that does not load, the model before goes on.

Standard library only: nothing of Rasa is loaded here.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bot.nlu import archive
from bot.nlu.lifeline import is_ready

_MODELS = Path(__file__).parents[2] / archive.FOLDER
_SERVE = (sys.executable, "-m", "bot.nlu.serve")
_LOOK_SECONDS = 0.5
_READY_SECONDS = 180.0
"""A worker that is not ready after so long never will be."""
_FINISH_SECONDS = 30.0
"""More than the time after which the gateway gives a turn up."""


@dataclass
class Worker:
    """A Rasa process with ``model``; ``line`` is our end of its lifeline."""

    model: Path
    process: subprocess.Popen[bytes]
    line: socket.socket
    since: float = field(default_factory=time.monotonic)
    ready: bool = False

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def look(self) -> None:
        """Hear whether it is ready."""
        self.ready = self.ready or is_ready(self.line)

    def too_late(self, patience: float) -> bool:
        """Whether more than ``patience`` seconds have passed since it was started, or told to end."""
        return time.monotonic() - self.since > patience

    def end(self) -> None:
        """Tell it to finish its turns and end."""
        self.since = time.monotonic()
        self.process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        self.line.close()


class Runner:
    """One worker that answers, at times one that is to follow it, and those that are finishing."""

    def __init__(self, interface: str, port: int, model: Path, choice: Path | None, options: list[str]) -> None:
        self._address = (interface, port)
        self._choice = choice
        self._options = options
        self._first = model
        self._listener: socket.socket | None = None
        self._serving: Worker | None = None
        self._coming: Worker | None = None
        self._leaving: list[Worker] = []
        self._refused: str | None = None

    def run(self) -> int:
        """Until stopped; 1 when the worker that answered is gone, or none came up: whoever watches starts us again."""
        self._listener = _bind(self._address)
        self._coming = self._start(self._chosen() or self._first)
        while True:
            if not self._look():
                return 1
            time.sleep(_LOOK_SECONDS if self._serving else 0.1)

    def stop(self) -> None:
        """Let every worker finish and end."""
        workers = [worker for worker in (self._serving, self._coming, *self._leaving) if worker is not None]
        for worker in workers:
            worker.end()
        for worker in workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(_FINISH_SECONDS)
            worker.kill()

    def _look(self) -> bool:
        if self._serving is not None and not self._serving.alive:
            # We end with it: an open socket without a worker would keep turns waiting that must be told at once.
            _say(f"The worker ended with status {self._serving.process.returncode}.")
            return False
        self._see_coming()
        self._see_leaving()
        if self._serving is None:
            return self._coming is not None
        wanted = self._chosen()
        # By name: the same archive can be given by another path.
        known = {self._serving.model.name, self._refused}
        if wanted is not None and self._coming is None and wanted.name not in known:
            _say(f"{wanted.name} is to follow {self._serving.model.name}.")
            self._coming = self._start(wanted)
        return True

    def _see_coming(self) -> None:
        worker = self._coming
        if worker is None:
            return
        worker.look()
        if worker.ready:
            if self._serving is not None:
                self._serving.end()
                self._leaving.append(self._serving)
            self._serving, self._coming, self._refused = worker, None, None
            _say(f"{worker.model.name} answers.")
        elif not worker.alive or worker.too_late(_READY_SECONDS):
            worker.kill()
            self._coming, self._refused = None, worker.model.name
            _say(f"{worker.model.name} did not get ready: the model before goes on, if there is one.")
            if self._serving is None and worker.model.name != self._first.name:
                self._coming = self._start(self._first)

    def _see_leaving(self) -> None:
        for worker in self._leaving:
            if not worker.alive or worker.too_late(_FINISH_SECONDS):
                worker.kill()
        self._leaving = [worker for worker in self._leaving if worker.alive]

    def _chosen(self) -> Path | None:
        """The model that the file names; none while there is no such file, or it names none that is there."""
        if self._choice is None:
            return None
        try:
            name = self._choice.read_text(encoding="utf-8").strip()
        except OSError:
            return None
        model = _MODELS / name
        return model if name and Path(name).name == name and model.is_file() else None

    def _start(self, model: Path) -> Worker:
        assert self._listener is not None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        inherited = (self._listener.fileno(), theirs.fileno())
        command = [*_SERVE, "--model", str(model), *self._options]
        command += ["--socket", str(inherited[0]), "--lifeline", str(inherited[1])]
        with theirs:
            process = subprocess.Popen(command, pass_fds=inherited, stdin=subprocess.DEVNULL)  # noqa: S603 - our own
        return Worker(model, process, ours)


def _bind(address: tuple[str, int]) -> socket.socket:
    """A socket that refuses connections until the first worker listens at it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    return listener


def _say(sentence: str) -> None:
    sys.stderr.write(f"runner: {sentence}\n")
    sys.stderr.flush()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main() -> int:
    """Run until stopped."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.runner", description="Run Rasa, and replace it.")
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, required=True, help="the archive to begin with")
    parser.add_argument("--choice", type=Path, help="the file that names the archive to go over to")
    given, options = parser.parse_known_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    runner = Runner(given.interface, given.port, given.model, given.choice, options)
    try:
        return runner.run()
    finally:
        runner.stop()


if __name__ == "__main__":
    sys.exit(main())
