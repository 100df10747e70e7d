"""Finds Python interpreters that really run: on PATH, of pyenv, of uv.

A name on PATH is not enough: a pyenv shim stands there for versions that are not switched on, and fails.
Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple, Sequence, Tuple

Version = Tuple[int, int]

RASA_VERSIONS: Sequence[Version] = ((3, 10),)
SERVICE_VERSIONS: Sequence[Version] = ((3, 11), (3, 12), (3, 13))
"""Likeliest first: the lock file was made for the first one."""

PROBE = "import ctypes, sqlite3, ssl, sys, venv, zlib; print('%d.%d.%d' % sys.version_info[:3])"
PROBE_SECONDS = 20


class Interpreter(NamedTuple):
    """A Python that ran: its path and its full version, e.g. `3.10.13`."""

    path: Path
    version: str


def probe(path: Path) -> Interpreter | None:
    """Runs the Python at `path`; None when it fails or lacks a module that the project needs."""
    try:
        done = subprocess.run(
            [str(path), "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = done.stdout.decode("ascii", "replace").strip()
    return Interpreter(path, version) if done.returncode == 0 and version else None


def find(versions: Sequence[Version], environ: Mapping[str, str]) -> Interpreter | None:
    """The first Python of one of `versions` that runs, or None; PATH before pyenv, version by version."""
    for version in versions:
        for path in candidates(version, environ):
            found = probe(path)
            if found is not None and found.version.startswith("%d.%d." % version):
                return found
    return None


def candidates(version: Version, environ: Mapping[str, str]) -> Iterator[Path]:
    """Files that may be a Python of this version: each folder of PATH, then each pyenv."""
    named = "python%d.%d" % version
    folders = [Path(entry) for entry in environ.get("PATH", "").split(os.pathsep) if entry]
    for name in (named, "python3", "python"):
        for folder in folders:
            if _runnable(folder / name):
                yield folder / name
    for root in _pyenv_roots(folders, environ):
        installed = sorted(root.glob("versions/%d.%d.*/bin/%s" % (*version, named)), key=_patch, reverse=True)
        yield from (path for path in installed if _runnable(path))


def _pyenv_roots(folders: Sequence[Path], environ: Mapping[str, str]) -> Sequence[Path]:
    """Where pyenv may keep its versions: as told, beside its shims on PATH, in the home folder."""
    roots = [Path(environ["PYENV_ROOT"])] if environ.get("PYENV_ROOT") else []
    roots += [folder.parent for folder in folders if folder.name == "shims"]
    if environ.get("HOME"):
        roots.append(Path(environ["HOME"]) / ".pyenv")
    return list(dict.fromkeys(root for root in roots if (root / "versions").is_dir()))


def _patch(path: Path) -> int:
    last = path.parents[1].name.split(".")[-1]
    return int(last) if last.isdigit() else -1


def _runnable(path: Path) -> bool:
    return path.is_file() and os.access(str(path), os.X_OK)
