"""The runner with a small server of the test's own in place of Rasa."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.ports import free_ports

ROOT = Path(__file__).parents[2]
# Runs the runner with another command for its workers, and the models in the test's folder.
_RUNNER = """
import sys, pathlib
from bot.nlu import runner
runner._MODELS = pathlib.Path({folder!r})
runner._SERVE = (sys.executable, {worker!r})
sys.exit(runner.main())
"""
# Answers each connection with the name of its model; does not get ready while that is held, dies where it is broken.
_WORKER = """
import argparse, pathlib, signal, socket, sys, time
from bot.nlu.lifeline import Lifeline
parser = argparse.ArgumentParser()
for name in ("--model", "--socket", "--lifeline"):
    parser.add_argument(name)
given = parser.parse_args()
line = Lifeline(int(given.lifeline))
content = open(given.model).read()
if content == "broken":
    sys.exit(2)
while pathlib.Path(given.model + ".held").exists():
    time.sleep(0.05)
listener = socket.socket(fileno=int(given.socket))
listener.listen(50)
going = False
def leave(*_):
    global going
    going = True
    listener.settimeout(0.01)
signal.signal(signal.SIGTERM, leave)
line.ready()
while not going:
    listener.settimeout(0.1)
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        continue
    except OSError:
        continue
    # A turn takes its time.
    time.sleep(0.05)
    connection.sendall(content.encode())
    connection.close()
"""


class Place:
    """A runner on a free port with models ``a``, ``b`` and a broken one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        for name, content in (("a", "a"), ("b", "b"), ("c", "broken")):
            (folder / name).write_text(content, encoding="ascii")
        worker = folder / "worker.py"
        worker.write_text(_WORKER, encoding="utf-8")
        self.choice = folder / "in-use"
        self.said = folder / "said"
        self.program = _RUNNER.format(folder=str(folder), worker=str(worker))
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, model: Path = Path("a")) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", self.program, "--port", str(self.port)]
        command += ["--model", str(self.folder / model), "--choice", str(self.choice)]
        with self.said.open("ab") as said:
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=said)
        self.running.append(process)
        return process

    def ask(self) -> str:
        """The model that answers; an error where the port refuses or hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            answer = connection.recv(10).decode()
        assert answer, "hung up without an answer"
        return answer

    def answers(self, model: str) -> bool:
        try:
            return self.ask() == model
        except OSError:
            return False

    def children(self, runner: subprocess.Popen[bytes]) -> list[int]:
        path = Path(f"/proc/{runner.pid}/task/{runner.pid}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    for process in place.running:
        process.terminate()
        process.wait(20)


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_another_model_takes_over_without_a_connection_lost(place: Place) -> None:
    runner = place.start()
    wait(lambda: place.answers("a"))
    held = place.folder / "b.held"
    held.touch()
    place.choice.write_text("b\n", encoding="utf-8")
    wait(lambda: len(place.children(runner)) == 2)
    assert {place.ask() for _ in range(20)} == {"a"}, "the old one answers until the new one does"
    held.unlink()
    heard = []
    while heard[-5:] != ["b"] * 5:
        heard.append(place.ask())
        assert len(heard) < 400
    wait(lambda: len(place.children(runner)) == 1)


def test_a_model_that_does_not_load_changes_nothing(place: Place) -> None:
    runner = place.start()
    wait(lambda: place.answers("a"))
    (worker,) = place.children(runner)
    place.choice.write_text("c\n", encoding="utf-8")
    wait(lambda: "c did not get ready" in place.said.read_text(encoding="utf-8"))
    time.sleep(1)
    assert place.children(runner) == [worker], "it is not tried again and again"
    place.choice.write_text("b\n", encoding="utf-8")
    wait(lambda: place.answers("b"))


@pytest.mark.parametrize("named", ["", "khong-co", "../a", "c"])
def test_it_starts_with_its_own_model_where_none_is_chosen_that_loads(place: Place, named: str) -> None:
    place.choice.write_text(named, encoding="utf-8")
    place.start()
    wait(lambda: place.answers("a"))


def test_the_model_that_answers_is_not_replaced_by_itself(place: Place) -> None:
    (place.folder / "elsewhere").symlink_to(place.folder)
    runner = place.start(Path("elsewhere/a"))
    wait(lambda: place.answers("a"))
    (worker,) = place.children(runner)
    place.choice.write_text("a\n", encoding="utf-8")
    time.sleep(1.5)
    assert place.children(runner) == [worker]


def test_it_starts_with_the_chosen_model(place: Place) -> None:
    place.choice.write_text("b\n", encoding="utf-8")
    place.start()
    wait(lambda: place.answers("b"))


def test_a_worker_that_dies_ends_the_runner_so_that_nobody_waits_at_an_open_socket(place: Place) -> None:
    runner = place.start()
    wait(lambda: place.answers("a"))
    os.kill(place.children(runner)[0], signal.SIGKILL)
    assert runner.wait(20) == 1
    with pytest.raises(ConnectionRefusedError):
        place.ask()


def test_a_runner_that_is_killed_leaves_no_worker_and_a_free_port(place: Place) -> None:
    runner = place.start()
    wait(lambda: place.answers("a"))
    (worker,) = place.children(runner)
    runner.kill()
    runner.wait(10)
    wait(lambda: not Path(f"/proc/{worker}").exists())
    place.start()
    wait(lambda: place.answers("a"))


def test_a_stop_ends_everything(place: Place) -> None:
    runner = place.start()
    wait(lambda: place.answers("a"))
    runner.terminate()
    assert runner.wait(20) == 0
    with pytest.raises(ConnectionRefusedError):
        place.ask()
