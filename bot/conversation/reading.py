"""What a typed message says, made safe to store and to hand on: the first steps of a turn.

All of it is computation: it happens before the database is asked whether the message is known
already, and costs next to nothing when it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.messages import Incoming
from bot.conversation.repository import Asked
from bot.text.mask import mask
from bot.text.normalize import looks_garbled, normalize

_LONGEST_NUMBER = 64


@dataclass(frozen=True)
class Reading:
    """``asked`` goes to the log and to Rasa; ``refusal`` names the reply when it can't be read."""

    asked: Asked
    length: int
    refusal: str | None = None


def read(incoming: Incoming, *, max_characters: int) -> Reading:
    """Normalise, screen and mask. Never raises, whatever was typed."""
    if incoming.act is not None:
        return Reading(Asked(incoming.title, "", [], incoming.act), len(incoming.title))
    text = normalize(incoming.text)
    # Cut after masking, as half a number would not be known for one; but masking much more than is
    # kept would let a long message hold up everybody else's.
    masked = mask(text[: max_characters + _LONGEST_NUMBER])
    kept = masked.text[:max_characters]
    asked = Asked(kept, without_commands(kept), list(masked.kinds), None)
    return Reading(asked, len(text), _refusal(incoming.text, text, asked.normalised, max_characters))


def without_commands(text: str) -> str:
    """``text`` without leading slashes, which Rasa would take for an intent command."""
    return text.lstrip("/ \n")


def _refusal(typed: str, text: str, spoken: str, max_characters: int) -> str | None:
    if not text:
        return "empty"
    if len(text) > max_characters:
        return "too_long"
    # Normalising hides how a broken text was broken, so this looks at what was typed.
    if looks_garbled(typed):
        return "garbled"
    if not any(char.isalnum() for char in spoken):
        return "only_signs"
    return None
