"""The signature of a webhook call: plain SHA-256 over application id, raw body, timestamp and the account's secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

_PREFIX = re.compile(r"^\s*mac\s*=\s*", re.IGNORECASE)


def signature(raw: bytes, app_id: str, secret: str) -> str | None:
    """What a body has to be signed with, 64 hex digits; ``None`` for a body without a timestamp.

    The bytes as received count: the same JSON written otherwise has another signature.
    """
    try:
        timestamp = str(json.loads(raw)["timestamp"]).encode()  # Half a surrogate pair can't be encoded.
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return hashlib.sha256(app_id.encode() + raw + timestamp + secret.encode()).hexdigest()


def is_signed(raw: bytes, header: str, app_id: str, secret: str) -> bool:
    """Whether ``header`` (``mac=…``, or the digits alone) is right; never without a secret."""
    wanted = signature(raw, app_id, secret)
    given = _PREFIX.sub("", header).strip().lower()
    return bool(secret) and wanted is not None and given.isascii() and hmac.compare_digest(wanted, given)
