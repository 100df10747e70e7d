"""Fields of events, whatever a platform puts there."""

from typing import Any

from bot.text.storable import storable


def text_of(value: Any) -> str:
    """A string, or a whole number as one, as a database can hold it; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value))


def dict_of(value: Any) -> dict[str, Any]:
    """An object; empty for anything else."""
    return value if isinstance(value, dict) else {}
