"""Texts in the form that is searched; apart from the search itself, whose libraries are heavy."""

from functools import lru_cache

from bot.text.abbreviations import expand
from bot.text.fold import fold

MOST_PREPARED = 256
"""Texts of citizens that are kept prepared: those of the turns at hand, no more."""


@lru_cache(maxsize=MOST_PREPARED)
def prepare(text: str) -> str:
    """Return the form that is searched: abbreviations written out, no accents, letters and digits only."""
    return _prepared(text)


@lru_cache(maxsize=30_000)
def prepare_row(text: str) -> str:
    """Return that form of a published text, kept from one index to the next: few rows change in between."""
    return _prepared(text)


def _prepared(text: str) -> str:
    folded = fold(expand(text))
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
