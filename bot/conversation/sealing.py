"""Encryption of what must be read again but not lie open in the database: addresses, unread messages, tokens."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


class SealBrokenError(Exception):
    """The text was sealed with another key, or changed since."""


class Box:
    """Seals with a key derived from the signing key, so that a copy of the database alone tells nothing."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"sealing:{key}".encode()).digest()))

    def seal(self, text: str) -> str:
        """``text`` encrypted, as ASCII; differs each time."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text again; ``SealBrokenError`` when the key is another."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealBrokenError("sealed with another ANSINH_SECRET, or damaged") from None
