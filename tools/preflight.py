"""What can be known before a long step begins: compiler, disk, folder, ports.

Runs under any Python from 3.8 on, before an environment exists: standard library only.
"""

from __future__ import annotations

import errno
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Callable

from tools.say import Stop

GIB = 1024**3

BUILD_NEEDS = 4 * GIB
"""Free bytes that the first build needs: 3.0 GB of environments, the download cache and room to work."""

RUN_NEEDS = GIB // 4
"""Free bytes below which training, database and logs are sure to fail soon."""

FreeBytes = Callable[[Path], int]


def free_bytes(path: Path) -> int:
    """Bytes free for this user on the disk that holds `path`."""
    return shutil.disk_usage(path).free


def check_compiler(find: Callable[[str], str | None] = shutil.which) -> None:
    """Raises Stop unless a C compiler is on PATH: some libraries are compiled at install time."""
    if not any(find(name) for name in ("cc", "gcc", "clang")):
        raise Stop(
            "Không tìm thấy trình biên dịch C (cc, gcc hoặc clang). Hãy cài, ví dụ trên Debian/Ubuntu: "
            "apt-get install gcc libc6-dev; rồi chạy lại.",
            "No C compiler (cc, gcc or clang) on PATH. Install one, e.g. on Debian/Ubuntu: "
            "apt-get install gcc libc6-dev; then run again.",
        )


def check_disk(path: Path, needed: int, free: FreeBytes = free_bytes) -> None:
    """Raises Stop when the disk that holds `path` has less than `needed` bytes free."""
    available = free(path)
    if available < needed:
        raise disk_stop(path, available, needed)


def is_full(path: Path, free: FreeBytes = free_bytes) -> bool:
    """Whether so little is left that a failure was most likely the disk's."""
    return free(path) < RUN_NEEDS // 4


def disk_stop(path: Path, available: int | None = None, needed: int = RUN_NEEDS) -> Stop:
    """The message for a full disk."""
    left = free_bytes(path) if available is None else available
    return Stop(
        f"Ổ đĩa sắp đầy: còn {left / GIB:.1f} GB, cần {needed / GIB:.1f} GB ở {path}. "
        "Hãy xóa bớt tệp không dùng (xem: df -h .) rồi chạy lại.",
        f"The disk is nearly full: {left / GIB:.1f} GB left, {needed / GIB:.1f} GB needed at {path}. "
        "Free some space (see: df -h .) and run again.",
    )


def check_writable(folder: Path) -> None:
    """Raises Stop unless a file can be made in `folder`, which is made when it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_stop(folder.parent) from error
        raise Stop(
            f"Không ghi được vào thư mục {folder} ({error.strerror}). "
            "Hãy cấp quyền ghi cho người dùng này hoặc chép dự án sang thư mục khác, rồi chạy lại.",
            f"The folder {folder} cannot be written ({error.strerror}). "
            "Give this user the right to write there, or move the project, and run again.",
        ) from error


def check_port(host: str, port: int, setting: str) -> None:
    """Raises Stop when nothing can listen at `host`:`port`; `setting` is the variable that moves it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_stop(error, host, port, setting) from error


def _port_stop(error: OSError, host: str, port: int, setting: str) -> Stop:
    if error.errno == errno.EADDRINUSE:
        return Stop(
            f"Cổng {port} ({setting}) đang có chương trình khác dùng. "
            f"Hãy tắt chương trình đó (tìm bằng: ss -ltnp 'sport = :{port}') "
            f"hoặc chọn cổng khác, ví dụ: {setting}={_other(port)} make run",
            f"Port {port} ({setting}) is in use. Stop the program that holds it "
            f"(find it with: ss -ltnp 'sport = :{port}') or choose another port, "
            f"e.g.: {setting}={_other(port)} make run",
        )
    return Stop(
        f"Không mở được cổng {port} ở địa chỉ {host} ({setting}): {error.strerror}. "
        "Hãy chọn địa chỉ của máy này và một cổng từ 1024 trở lên.",
        f"Cannot listen at {host}, port {port} ({setting}): {error.strerror}. "
        "Choose an address of this machine and a port from 1024 on.",
    )


def _other(port: int) -> int:
    return port + 1 if port < 65535 else 1024
