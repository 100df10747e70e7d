"""Text without accents, for comparing what one citizen types with marks and another without."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# The stroke of đ is no combining mark, so decomposition leaves it.
_STROKED = {"đ": "d", "Đ": "D"}


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    """The base letter of one composed character, or the character itself."""
    if char in _STROKED:
        return _STROKED[char]
    apart = unicodedata.normalize("NFD", char)
    return apart[0] if all(map(unicodedata.combining, apart[1:])) else char


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    bare = _bare(char)
    lower = bare.lower()
    return lower if len(lower) == 1 else bare


def strip_accents(text: str) -> str:
    """``text`` composed (NFC), then each character without its marks; case is kept."""
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


def fold(text: str) -> str:
    """``text`` composed (NFC), then in lower case and without accents; đ becomes d.

    One character comes out for each composed character that goes in, so for text that is
    NFC already an offset in the result is an offset in ``text``.
    """
    return "".join(map(_folded, unicodedata.normalize("NFC", text)))
