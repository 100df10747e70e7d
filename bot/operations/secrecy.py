"""Secrets: strong enough, told apart, and in files that only we read. No finding repeats one."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

from bot.operations.findings import Finding, bad, good, mind
from bot.settings import Settings

_STRONG = 32
_NAMES = ("secret", "rasa_secret", "officers_secret", "zalo_app_secret", "zalo_oa_secret", "zalo_bot_secret")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_FRESH = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def look_at_secrets(settings: Settings, env_file: Path) -> Iterator[Finding]:
    """Findings about the secrets of ``settings`` and the files that hold them."""
    yield from _signing_key(settings)
    yield from _rasa(settings)
    given = {name: value for name in _NAMES if (value := getattr(settings, name))}
    for one, other in combinations(given, 2):
        if given[one] == given[other]:
            yield bad(
                f"{_variable(one)} và {_variable(other)} giống nhau",
                f"Đặt mỗi khóa một giá trị riêng, ví dụ lấy từ: {_FRESH}",
            )
    if env_file.exists():
        yield _mode(env_file)


def _signing_key(settings: Settings) -> Iterator[Finding]:
    if settings.secret:
        strong = len(settings.secret) >= _STRONG and len(set(settings.secret)) >= _STRONG // 3
        yield (
            good("ANSINH_SECRET đủ mạnh")
            if strong
            else bad("ANSINH_SECRET dễ đoán", f"Đặt ít nhất {_STRONG} ký tự ngẫu nhiên, ví dụ lấy từ: {_FRESH}")
        )
    elif settings.secret_file.exists():
        yield _mode(settings.secret_file)
    else:
        yield mind(
            f"Chưa có tệp khóa {settings.secret_file}",
            "Tệp được tạo khi chạy lần đầu. Sau đó hãy cất một bản của nó ở nơi khác.",
        )


def _rasa(settings: Settings) -> Iterator[Finding]:
    if settings.rasa_secret and len(settings.rasa_secret) < _STRONG:
        yield bad("ANSINH_RASA_SECRET quá ngắn", f"Đặt ít nhất {_STRONG} ký tự, ví dụ lấy từ: {_FRESH}")
    for name in ("rasa_url", "actions_url"):
        host = urlsplit(getattr(settings, name)).hostname
        if host not in _LOOPBACK:
            yield mind(
                f"{_variable(name)} chỉ tới máy khác ({host})",
                "Chỉ dùng trong mạng riêng mà bên ngoài không vào được, vì đường này không mã hóa.",
            )


def _mode(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return bad(f"Người khác trên máy đọc được {path} (quyền {mode:o})", f"Chạy: chmod 600 {path}")
    return good(f"Chỉ mình đọc được {path}")


def _variable(name: str) -> str:
    return f"ANSINH_{name.upper()}"
