"""The real An Sinh for tests: `python -m tools.run` with ports, database, logs and lock of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bench.ports import free_ports
from tools.processes import ask

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-25"
OFFICERS_SECRET = "mat-khau-cua-can-bo"
START_SECONDS = 280.0
"""Enough to train the model, should none fit yet."""


class AnSinh:
    """A running An Sinh in `folder`. As a context manager: stopped at the end."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Starts it; ``settings`` are environment variables besides those that keep it apart from others."""
        self.folder = folder
        self.database = folder / "ansinh.db"
        ports = free_ports(3)
        self.address = f"http://127.0.0.1:{ports[0]}"
        self._output = (folder / "run.out").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.run", "--folder", str(folder)],
            cwd=ROOT,
            env={**_environment(folder, ports), **settings},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        """Waits until it is ready; what it said comes with the error when it is not."""
        try:
            wait_for(self._started, START_SECONDS, self._said)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stops it."""
        self.stop()

    def _started(self) -> bool:
        assert self._process.poll() is None, self._said()
        return (self.folder / "run.json").exists()

    def _said(self) -> str:
        return (self.folder / "run.out").read_text(encoding="utf-8")

    def stop(self) -> int:
        """Ctrl-C, as a person stops `make run`; returns its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(60)
        finally:
            self._output.close()

    def pids(self) -> list[int]:
        """Every living process of this run: each bears its folder in its environment."""
        mark = str(self.folder).encode()
        return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/environ") if mark in _read(place)]

    def pid(self, name: str) -> int:
        """The process that supervisor runs under `name`; 0 while it runs none."""
        supervisor = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))["supervisor"]
        return next((each.pid for each in ask(Path(supervisor)) if each.name == name), 0)

    def kill(self, name: str) -> int:
        """Kills a process outright; returns its pid."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_ready(self, seconds: float = 180.0) -> None:
        """Waits until a turn gets through Rasa and actions again."""
        wait_for(self._ready, seconds)

    def _ready(self) -> bool:
        try:
            return call(f"{self.address}/readyz").status == 200
        except OSError:  # The gateway itself is only starting.
            return False

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def logged(self, *words: str) -> list[tuple[str, str]]:
        """Which of `words` stand in which log of a process or of the command above them."""
        files = [file for file in (*(self.folder / "log").rglob("*"), self.folder / "run.out") if file.is_file()]
        assert {"rasa.log", "actions.log", "gateway.log"} <= {file.name for file in files}
        texts = {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}
        return [(name, word) for name, text in texts.items() for word in words if word in text]

    def stored(self) -> bytes:
        """Every file of the folder: the database, with what is not yet in its main file, logs and all."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file())

    def tables(self) -> dict[str, str]:
        """What each table of the database holds."""
        names = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: str(self.rows(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608 - the database's names


@dataclass(frozen=True, slots=True)
class Response:
    """A response of the gateway; `body` is its JSON."""

    status: int
    body: dict[str, Any]


@dataclass
class Talk:
    """One citizen's conversation over the web API; `last` are the replies of the last turn."""

    address: str
    token: str = field(init=False)
    last: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        """Opens the session; the first replies are the greeting."""
        opened = call(f"{self.address}/api/web/session", body={})
        assert opened.status == 201, opened
        self.token = opened.body["token"]
        self.last = opened.body["messages"]

    def post(self, body: dict[str, str]) -> Response:
        """Sends a message; the caller looks at the response."""
        return call(f"{self.address}/api/web/messages", self.token, {"id": str(uuid.uuid4()), **body})

    def say(self, text: str) -> list[dict[str, Any]]:
        """Sends text and returns the replies."""
        return self._kept(self.post({"text": text}))

    def press(self, title: str) -> list[dict[str, Any]]:
        """Presses the button with these words under the last replies."""
        buttons = {button["title"]: button["payload"] for message in self.last for button in message["buttons"]}
        assert title in buttons, f"no button {title!r}, only {list(buttons)}"
        return self._kept(self.post({"payload": buttons[title]}))

    def history(self) -> list[dict[str, Any]]:
        """All messages of the conversation."""
        response = call(f"{self.address}/api/web/messages", self.token)
        assert response.status == 200, response
        messages: list[dict[str, Any]] = response.body["messages"]
        return messages

    def _kept(self, response: Response) -> list[dict[str, Any]]:
        assert response.status == 200, response
        self.last = response.body["messages"]
        assert self.last, "a turn without a reply"
        return self.last


def call(
    url: str, token: str | None = None, body: dict[str, Any] | None = None, *, officer: str | None = None
) -> Response:
    """Posts `body`, or gets where there is none; an error status is a response too."""
    headers = {"Content-Type": "application/json"}
    if officer is not None:
        headers["X-Ansinh-Officer"] = officer
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - our own address
    # A proxy of the environment has no business with this machine's own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return Response(response.status, json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, json.load(error))


def wait_for(condition: Callable[[], bool], seconds: float, said: Callable[[], str] = str) -> None:
    """Looks five times a second until `condition` holds; AssertionError with `said()` after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s. {said()}"
        time.sleep(0.2)


def _environment(folder: Path, ports: list[int]) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANSINH_")}
    gateway, rasa, actions = map(str, ports)
    return {
        **own,
        "ANSINH_DATABASE_URL": f"sqlite:///{folder / 'ansinh.db'}",
        "ANSINH_SECRET_FILE": str(folder / "secret.key"),
        "ANSINH_TODAY": TODAY,
        "ANSINH_PORT": gateway,
        "ANSINH_RASA_PORT": rasa,
        "ANSINH_ACTIONS_PORT": actions,
        # A test types faster than a person.
        "ANSINH_RATE_SESSION_MESSAGES": "300/minute",
        "ANSINH_READY_CACHE_SECONDS": "0",
        "ANSINH_OFFICERS_SECRET": OFFICERS_SECRET,
    }


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:  # Ended a moment ago, or another user's.
        return b""
