"""What a machine makes of a question: the ways in which keyboards, phones and haste change a text."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from bot.text.fold import strip_accents

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_ENDS = r"(?![^\W\d_]|[\u0300-\u036f])"
# "hòa" and "hoà", taken apart (NFD): the tone behind the first vowel or behind the second one of an open syllable.
_FIRST = re.compile(rf"(?<![qQ])([oO])([{_TONES}])([aAeE]){_ENDS}|(?<![qQ])([uU])([{_TONES}])([yY]){_ENDS}")
_SECOND = re.compile(rf"(?<![qQ])([oO])([aAeE])([{_TONES}]){_ENDS}|(?<![qQ])([uU])([yY])([{_TONES}]){_ENDS}")

_NEIGHBOURS = dict(
    zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioposdfghjklkxcvbnmn", strict=True),
)
"""A key of the keyboard and the one that a finger hits beside it."""
_HOOK_AND_TILDE = {"\u0309": "\u0303", "\u0303": "\u0309"}
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_ONE_IN = 5
"""Of the words with three letters or more, one in so many gets a typing mistake, and at least one of a text."""


def no_accents(text: str, _seed: str) -> str:
    """As typed without a Vietnamese keyboard."""
    return strip_accents(text)


def nfd(text: str, _seed: str) -> str:
    """As some phones and word processors store it: letters and marks apart."""
    return unicodedata.normalize("NFD", text)


def other_tone_marks(text: str, _seed: str) -> str:
    """The tone mark of "hòa", "khỏe", "thủy" where the other school writes it, and the reverse."""
    apart = unicodedata.normalize("NFD", text)
    first = [(m.start(), m.end(), _swapped(m)) for m in _FIRST.finditer(apart)]
    second = [(m.start(), m.end(), _swapped(m)) for m in _SECOND.finditer(apart)]
    for start, end, moved in sorted([*first, *second], reverse=True):
        apart = apart[:start] + moved + apart[end:]
    return unicodedata.normalize("NFC", apart)


def _swapped(match: re.Match[str]) -> str:
    first, second, third = (group for group in match.groups() if group is not None)
    return first + third + second


def typos(text: str, seed: str) -> str:
    """Typing mistakes in one of five longer words, the same ones for the same seed."""
    composed = unicodedata.normalize("NFC", text)
    words = list(_LETTERS.finditer(composed))
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    chosen = chance.sample(words, min(len(words), max(1, len(words) // _ONE_IN)))
    for match in sorted(chosen, key=lambda each: each.start(), reverse=True):
        composed = composed[: match.start()] + _mistyped(match.group(), chance) + composed[match.end() :]
    return composed


def _mistyped(word: str, chance: random.Random) -> str:
    """`word` with two letters swapped, one lost, doubled or hit beside, or a hook for a tilde, and the reverse."""
    at = chance.randrange(len(word) - 1)
    made = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :],
        _confused(word),
    ]
    return chance.choice([each for each in made if each != word])


def _confused(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(_HOOK_AND_TILDE.get(char, char) for char in apart))


MADE: Mapping[str, Callable[[str, str], str]] = {
    "made_no_accents": no_accents,
    "made_nfd": nfd,
    "made_tone_marks": other_tone_marks,
    "made_typos": typos,
}
"""By name; each takes the text and a seed."""
