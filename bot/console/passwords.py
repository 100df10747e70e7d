"""Passwords: how they are kept, which are good enough, and those made for somebody."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128
_DIFFERENT = 5
_HASHER = PasswordHasher()
# Without letters and digits that are taken for each other when read aloud.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """The argon2id hash of a password; takes tens of milliseconds and 64 MiB, as it should."""
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one; without a stored hash it takes the same time and is not."""
    try:
        _HASHER.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(24))


def weakness(password: str, login: str) -> str | None:
    """What is wrong with a new password, as a sentence for the officer; ``None`` when nothing is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự. Đã nhập: {len(password)} ký tự."
    if len(set(password)) < _DIFFERENT:
        return f"Mật khẩu cần ít nhất {_DIFFERENT} ký tự khác nhau."
    if login in password.lower():
        return "Mật khẩu không được chứa tên đăng nhập."
    return None


def generated() -> str:
    """A password to read out or write down once, such as ``kd7w-p2xe-9rmh-tz4c`` (about 79 bits)."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
