"""Receipt codes: short enough to write down and to read out, ``AS-7K3M9X``.

They name a request and open nothing: who only knows a code learns how far the request is, not what was said.
"""

from __future__ import annotations

import re
import secrets

PREFIX = "AS-"
# Without what is mistaken for something else when read out or written by hand (0 O, 1 I L, 2 Z, 5 S, 8 B).
_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
_LENGTH = 6
_CODE = re.compile(rf"(?<![a-z0-9])as[ -]?([{_ALPHABET.lower()}]{{{_LENGTH}}})(?![a-z0-9])")


def new_code() -> str:
    """A code drawn by chance: one of 244 million."""
    return PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def code_in(text: str) -> str | None:
    """The first code in ``text``, however it is spaced and whether in small or capital letters."""
    match = _CODE.search(text.lower())
    return PREFIX + match[1].upper() if match else None
