"""Texts of events as a database can hold them."""

from typing import Any


def text_of(value: Any) -> str:
    """A string, or a whole number as one; half a surrogate pair and the character NUL are left out."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode()
