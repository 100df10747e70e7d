"""Pieces of a message – sentences, and clauses within one – and what a classifier can count in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.text.abbreviations import expand
from bot.text.fold import fold
from bot.text.sentences import sentence_spans

# Raise it when the counts of some text change: trained models are then trained anew.
VERSION = 1

Span = tuple[int, int]

_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_SYLLABLE = re.compile(r"[^\W_]+|\?")
# Where one ask ends and the next begins.
_JOINT = re.compile(r"[,:;]\s+|\s+(?:và|với lại|với|rồi|còn|mà)\s+", re.IGNORECASE)
# In a text without accents; where there are some, "con" is a child and "ma" a ghost.
_PLAIN_JOINT = re.compile(r"[,:;]\s+|\s+(?:va|voi lai|voi|roi|con|ma)\s+", re.IGNORECASE)
_LONGEST, _LETTERS = 3, range(2, 5)


class Segment(NamedTuple):
    """A piece of text with shorthand written out and numbers made alike.

    ``plain`` are its syllables without accents, ``accented`` the same as typed, ``words`` the segmenter's words.
    """

    plain: list[str]
    accented: list[str]
    words: list[str]


def segment(text: str, words: Sequence[str]) -> Segment:
    """The segment for ``text``, whose words are ``words`` (folded, written out)."""
    written = _NUMBER.sub("0", expand(text).lower())
    return Segment(
        _SYLLABLE.findall(fold(written)),
        _SYLLABLE.findall(written),
        [_NUMBER.sub("0", word).replace(" ", "_") for word in words if word],
    )


def sentences(text: str) -> list[Span]:
    """Start and end of each sentence; of the whole text where there is none."""
    return sentence_spans(text) or [(0, len(text))]


def clauses(text: str, sentence: Span) -> list[Span]:
    """The parts of ``sentence`` between commas and joining words, of two words or more each; at least one."""
    start, end = sentence
    spans: list[Span] = []
    joint = _PLAIN_JOINT if text.isascii() else _JOINT
    for match in joint.finditer(text, start, end):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, end))
    return [span for span in spans if len(text[slice(*span)].split()) > 1] or [sentence]


def plain_runs(given: Segment) -> list[str]:
    """Runs of one to three syllables without accents."""
    return _runs(given.plain, _LONGEST)


def accented_runs(given: Segment) -> list[str]:
    """Runs of one to three syllables as typed: accents, where there are any, tell "dừng" from "đúng"."""
    return _runs(given.accented, _LONGEST)


def word_runs(given: Segment) -> list[str]:
    """Words, and pairs of them."""
    return _runs(given.words, 2)


def letter_runs(given: Segment) -> list[str]:
    """Two to four letters within a syllable: what a typing mistake leaves whole."""
    return [
        padded[at : at + length]
        for syllable in given.plain
        for padded in [f" {syllable} "]
        for length in _LETTERS
        for at in range(max(1, len(padded) - length + 1))
    ]


def _runs(pieces: list[str], longest: int) -> list[str]:
    # The ends count too, beside a piece: "… không?" asks, where it is the last word.
    marked = ["<", *pieces, ">"]
    longer = (marked[at : at + length] for length in range(2, longest + 1) for at in range(len(marked) - length + 1))
    return [*pieces, *(" ".join(run) for run in longer if run != ["<", ">"])]
