"""What the doctor looks at on a server alone, set up as ``docs/huong-dan/van-hanh/cai-dat-may-chu.md`` says."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.operations.findings import Finding, bad, good
from bot.operations.reach import listens, own_address

_ETC = Path("/etc")
_HOMES = (Path("/root"), Path("/home"))
"""The units may not read these (``ProtectHome=yes``)."""

_BUILD = "cai-dat-may-chu.md, bước 1"
_INSTANCE = re.compile(r"ansinh-(gateway|rasa)@(\d+)\.service")


def look_at_server(pythons: Iterable[Path], etc: Path = _ETC) -> Iterator[Finding]:
    """Findings about ``pythons``, the environments' interpreters, and what stands in ``etc``; none elsewhere."""
    ours = etc / "ansinh"
    if not ours.is_dir():
        return
    for python in pythons:
        yield _interpreter(python)
    for file in sorted(ours.glob("*.env")):
        yield _mode(file)
    own = own_address()
    if own is not None:
        # Enabled ones, as systemd keeps them.
        for unit in sorted((etc / "systemd/system/ansinh.target.wants").glob("*.service")):
            yield from _reachable(unit.name, own)


def _interpreter(python: Path) -> Finding:
    # Unlike Path.exists, it goes as far as it may read, and never fails.
    place = Path(os.path.realpath(python))
    if any(place.is_relative_to(home) for home in _HOMES):
        folder = python.parents[1]
        return bad(
            f"{folder} dùng Python ở {place}, nơi các unit không đọc được",
            f"Chạy: rm -r {folder.absolute()}, rồi dựng lại bằng lệnh ở {_BUILD}.",
        )
    return good(f"Các unit đọc được Python {place}")


def _mode(file: Path) -> Finding:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return bad(f"Người khác trên máy đọc được {file} (quyền {mode:o})", f"Chạy: chmod 600 {file}")
    return good(f"Chỉ chủ tệp đọc được {file}")


def _reachable(unit: str, own: str) -> Iterator[Finding]:
    instance = _INSTANCE.fullmatch(unit)
    if instance and listens(own, int(instance[2])):
        yield bad(
            f"{unit} trả lời cả ở {own}:{instance[2]}",
            "Chỉ cho nghe ở 127.0.0.1 (xem systemctl cat), hoặc chặn cổng này từ bên ngoài.",
        )
