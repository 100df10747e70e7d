"""Zalo's error numbers and what follows from each. Its wordings vary, so only numbers count."""

from __future__ import annotations

from bot.channels.push.transport import Outcome, Result

TOKEN = frozenset({-216, -220, -124})
"""The access token is invalid, expired or removed: refresh it once."""

_RATE = frozenset({-32})
_UNREACHABLE = frozenset({-213, -217, -218, -222, -227, -230, -232, -244, -248})
_MALFORMED = frozenset({-201, -210, -233, -100})
_SPENT = frozenset({-211, -305, -320, -321})
_CLOSED = frozenset({-202, -204, -205, -207, -208, -209, -212, -215, -219, -221, -223, -224, -235, -240, -242, *TOKEN})
_FEW_TRIES = 3


def outcome_of(error: int) -> Outcome:
    """What to do about an error. One that is in no table is tried a few times, then dropped."""
    code = str(error)
    if error in _RATE:
        return Outcome(Result.LATER, code)
    for numbers, result in (
        (_UNREACHABLE, Result.UNREACHABLE),
        (_MALFORMED, Result.MALFORMED),
        (_SPENT, Result.SPENT),
        (_CLOSED, Result.CLOSED),
    ):
        if error in numbers:
            return Outcome(result, code)
    return Outcome(Result.LATER, code, tries=_FEW_TRIES)
