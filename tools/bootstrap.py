"""Builds both environments on a bare machine: `python3 -m tools.bootstrap`.

Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Sequence, Tuple

from tools.environments import Environment, build_with_uv, is_current, mark_current, mark_stale
from tools.preflight import BUILD_NEEDS, check_compiler, check_disk, check_writable
from tools.pythons import RASA_VERSIONS, SERVICE_VERSIONS, Interpreter, Version, find, probe
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import run_step, stop_on_signals

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"

SERVICE = Environment(ROOT / ".venv", ROOT / "requirements" / "service.txt", "dịch vụ (service)")
RASA = Environment(ROOT / ".venv-rasa", ROOT / "requirements" / "rasa.txt", "Rasa")
LOAD = Environment(ROOT / ".venv-load", ROOT / "requirements" / "load.txt", "thử tải (load)")
UV = Environment(ROOT / ".venv-uv", ROOT / "requirements" / "bootstrap.txt", "uv")


Wanted = Tuple[Environment, Sequence[Version]]
"""An environment, and the Pythons that it may be built on."""

BOTH = ((RASA, RASA_VERSIONS), (SERVICE, SERVICE_VERSIONS))


def main() -> int:
    """Builds what is missing or out of date; says what to install when it cannot."""
    speak_utf8()
    stop_on_signals()
    try:
        build()
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


def build(wanted: Sequence[Wanted] = BOTH) -> None:
    """Builds what of `wanted` is missing or out of date, one build at a time in this folder; raises Stop."""
    if all(is_current(environment) for environment, _ in wanted):
        return
    check_writable(LOGS)
    with (ROOT / "var" / "build.lock").open("w") as lock:
        # Two commands at once (make run, make test): the second waits, then finds the work done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (SERVICE.folder.exists() and RASA.folder.exists()):
            check_disk(ROOT, BUILD_NEEDS)
        check_compiler()
        line("Chuẩn bị môi trường chạy, lần đầu mất vài phút (building the environments).")
        uv = _uv()
        missing = [(environment, versions) for environment, versions in wanted if not is_current(environment)]
        # Both Pythons are looked for before the first long download.
        found = [(environment, _python(versions, uv)) for environment, versions in missing]
        for environment, interpreter in found:
            build_with_uv(environment, uv, interpreter, LOGS / f"build{environment.folder.name}.log")


def _uv() -> Path:
    """The pinned uv, installed by pip from its hash when it is not there yet."""
    if not is_current(UV):
        mark_stale(UV)
        run_step(
            "Tạo môi trường cho uv",
            [sys.executable, "-m", "venv", "--clear", str(UV.folder)],
            LOGS / "build-uv.log",
            advice=(
                "Python này thiếu venv; trên Debian/Ubuntu: apt-get install python3-venv, rồi chạy lại.",
                "This Python lacks venv; on Debian/Ubuntu: apt-get install python3-venv, then run again.",
            ),
        )
        run_step(
            "Cài uv",
            [str(UV.python), "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", str(UV.lock)],
            LOGS / "build-uv.log",
            advice=(
                "Hãy xem kết nối tới kho gói Python rồi chạy lại.",
                "Check the connection to the Python package index and run again.",
            ),
        )
        mark_current(UV)
    return UV.folder / "bin" / "uv"


def _python(versions: Sequence[Version], uv: Path) -> Interpreter:
    """A Python that runs: on PATH, of pyenv, of uv, or fetched by uv; raises Stop."""
    found = find(versions, os.environ) or _python_of_uv(versions[0], uv)
    if found is None:
        raise python_stop(versions)
    return found


def _python_of_uv(version: Version, uv: Path) -> Interpreter | None:
    """A Python that uv keeps for itself, fetched by uv when it has none and may."""
    wanted = "%d.%d" % version
    line(f"… Tìm Python {wanted} bằng uv (looking for Python {wanted} with uv)")
    find_it = [str(uv), "python", "find", "--managed-python", "--no-python-downloads", wanted]
    place = _ask_uv(find_it)
    if place is None and _ask_uv([str(uv), "python", "install", wanted]) is not None:
        place = _ask_uv(find_it)
    return probe(Path(place)) if place else None


def _ask_uv(command: Sequence[str]) -> str | None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def python_stop(versions: Sequence[Version]) -> Stop:
    """The message for a Python that is nowhere."""
    names = " / ".join("%d.%d" % version for version in versions)
    first = "%d.%d" % versions[0]
    return Stop(
        f"Không tìm thấy Python {names} chạy được (đã tìm trên PATH, trong pyenv và uv). "
        f"Hãy cài bằng một trong các cách: pyenv install {first}; uv python install {first}; "
        f"hoặc gói python{first} của hệ điều hành; rồi chạy lại.",
        f"No working Python {names} found (looked on PATH, in pyenv and in uv). "
        f"Install one with: pyenv install {first}; or uv python install {first}; "
        f"or your system's package python{first}; then run again.",
    )


if __name__ == "__main__":
    sys.exit(main())
