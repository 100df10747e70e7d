"""Builds a virtual environment from its lock file, and knows whether it is up to date.

Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import NamedTuple

from tools.pythons import Interpreter
from tools.steps import run_step

STAMP = "ansinh-stamp"
_SYNC = (
    "pip",
    "sync",
    "--require-hashes",
    # As pip and curl do: an organisation's own certificates stand in the system's store.
    "--system-certs",
    # Once: where nobody may write beside them, each start would compile all libraries anew.
    "--compile-bytecode",
)


class Environment(NamedTuple):
    """One environment: its folder, the lock file that it is made from, what a person calls it."""

    folder: Path
    lock: Path
    label: str

    @property
    def python(self) -> Path:
        """The interpreter inside."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Written last, so that a build that was cut short never counts as done."""
        return self.folder / STAMP


def wanted_stamp(lock: Path) -> str:
    """The stamp of an environment that was built, as it is done now, from the lock file as it is now."""
    return hashlib.sha256(lock.read_bytes() + " ".join(_SYNC).encode()).hexdigest()


def is_current(environment: Environment) -> bool:
    """Whether the environment was built to its end from the lock file as it is now."""
    try:
        built = environment.stamp.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
    # A Python that was uninstalled since leaves a dangling link.
    return built == wanted_stamp(environment.lock) and environment.python.exists()


def mark_stale(environment: Environment) -> None:
    """Takes the stamp away: from here until `mark_current` the environment counts as unfinished."""
    with contextlib.suppress(FileNotFoundError):
        environment.stamp.unlink()


def mark_current(environment: Environment) -> None:
    """Writes the stamp, after the last step of a build."""
    environment.stamp.write_text(wanted_stamp(environment.lock), encoding="ascii")


def build_with_uv(environment: Environment, uv: Path, interpreter: Interpreter, log: Path) -> None:
    """Builds or mends the environment; raises Stop when a step fails."""
    mark_stale(environment)
    if not _runs_on(environment, interpreter):
        run_step(
            f"Tạo {environment.folder.name} (Python {interpreter.version})",
            [str(uv), "venv", "--clear", "--python", str(interpreter.path), str(environment.folder)],
            log,
        )
    run_step(
        f"Cài thư viện {environment.label}",
        [str(uv), *_SYNC, "--python", str(environment.python), str(environment.lock)],
        log,
        advice=(
            "Hãy xem kết nối tới kho gói Python rồi chạy lại; phần đã tải được giữ lại.",
            "Check the connection to the Python package index and run again; what was fetched is kept.",
        ),
    )
    mark_current(environment)


def _runs_on(environment: Environment, interpreter: Interpreter) -> bool:
    """Whether the folder is a working environment of this very Python: then only packages change."""
    try:
        lines = (environment.folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return f"version_info = {interpreter.version}" in lines and environment.python.exists()
