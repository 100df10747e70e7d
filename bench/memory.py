"""Resident memory of a process and of all that it started, from Linux' /proc."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def tree(root: int, proc: Path = PROC) -> list[int]:
    """The process `root` and all its descendants."""
    children: dict[int, list[int]] = {}
    for stat in proc.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program, in brackets, may hold anything; the parent is the second word after it.
            parent = int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def proportional_bytes(pids: Iterable[int], proc: Path = PROC) -> int:
    """The sum of PSS: pages that several processes share are counted once, in parts."""
    return _rolled_up("Pss", pids, proc)


def own_bytes(pids: Iterable[int], proc: Path = PROC) -> int:
    """That sum without pages of files, whose part falls and rises with the other processes that read the same files."""
    return _rolled_up("Pss_Anon", pids, proc)


def _rolled_up(field: str, pids: Iterable[int], proc: Path) -> int:
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            rollup = (proc / str(pid) / "smaps_rollup").read_text(encoding="utf-8")
            match = re.search(rf"^{field}:\s+(\d+) kB", rollup, re.MULTILINE)
            total += int(match[1]) * 1024 if match else 0
    return total
