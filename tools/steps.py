"""Runs one long step as a child process, shows that it is alive, and never leaves it behind.

Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Callable, Iterator, Mapping, NoReturn, Sequence

from tools.preflight import disk_stop, is_full
from tools.say import Stop, line, tail

QUIET_INTERVAL = 15.0
"""Seconds between two progress lines where the output is not a terminal."""

KILL_AFTER = 10.0
"""Seconds that a child gets between the request to stop and the kill."""


def stop_on_signals() -> None:
    """Turns SIGINT, SIGTERM and SIGHUP into SystemExit, so that every `finally` runs, once.

    SIGINT is set even where the shell had it ignored (a command started with `&` in a script).
    """

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        for each in _STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for each in _STOPPING:
        signal.signal(each, leave)


_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _signals_postponed() -> Iterator[None]:
    """One that came while a child is half started would leave it behind, with nobody who knows of it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # No other thread is interrupted.
        return
    came: list[int] = []
    handlers = {each: handler for each in _STOPPING if callable(handler := signal.getsignal(each))}
    for each in handlers:
        signal.signal(each, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
    for number in came:
        signal.raise_signal(number)


def stop_group(child: subprocess.Popen[bytes], patience: float = KILL_AFTER) -> None:
    """Ends a child that leads its own process group, and all that it started."""
    for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(wait)


@contextlib.contextmanager
def started(
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    patience: float = KILL_AFTER,
    append: bool = False,
    before: Callable[[], None] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a process group of its own, its output in `log`; at the end it and all that it started are stopped.

    Ctrl-C so comes to us alone. `patience` is in seconds, as for `stop_group`; `before` runs in the child first of all.
    """
    child = None
    try:
        with _signals_postponed(), log.open("ab" if append else "wb") as output:
            child = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=before,  # noqa: PLW1509 - for one call of the system, where a child must not outlive us
            )
        yield child
    finally:
        if child is not None:
            stop_group(child, patience)


def run_step(
    label: str,
    command: Sequence[str],
    log: Path,
    env: Mapping[str, str] | None = None,
    advice: tuple[str, str] = ("", ""),
) -> None:
    """Runs `command` to its end, its output in `log`, with a line of progress.

    `advice` is what to do when it fails, in Vietnamese and in English.
    Raises Stop with the last lines of the log when the command fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with started(command, log, env=env) as child:
        code = _wait_showing(child, label, start)
    seconds = time.monotonic() - start
    if code == 0:
        line(f"{_fresh_line()}✓ {label} ({seconds:.0f} s)")
        return
    line(f"{_fresh_line()}✗ {label} ({seconds:.0f} s)")
    line(tail(log))
    if is_full(log.parent):
        raise disk_stop(log.parent)
    raise Stop(
        f"{label}: không chạy được (mã {code}). {advice[0]} Nhật ký đầy đủ: {log}",
        f"The step failed (exit {code}). {advice[1]} Full log: {log}",
    )


def _wait_showing(child: subprocess.Popen[bytes], label: str, start: float) -> int:
    terminal = sys.stdout.isatty()
    interval = 1.0 if terminal else QUIET_INTERVAL
    if not terminal:
        line(f"… {label}")
    while True:
        if terminal:
            print(f"\r… {label} ({time.monotonic() - start:.0f} s)", end="", flush=True)
        try:
            return child.wait(interval)
        except subprocess.TimeoutExpired:
            if not terminal:
                line(f"… {label} ({time.monotonic() - start:.0f} s)")


def _fresh_line() -> str:
    return "\r\033[K" if sys.stdout.isatty() else ""
