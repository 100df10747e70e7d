"""From how likely each sentence and clause is what, to what the whole message is.

Facts often come first and the ask last, and where two things are asked the first is the one to answer. So each sentence
is read by itself; the message asks what its first asking sentence asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.nlu.segments import Span

ASK = "ask"
"""The act of every question of policy; what is asked about, its aspect, is a second reading."""

# All chosen on questions outside the training data.
ASKS = 0.5
"""How sure act and aspect together must be for a clause to be an ask of its own."""
NEARLY = 0.6
"""A sentence asks if it does so at least this strongly, compared with the one that does most."""
CLAUSE_SHARE = 0.3
"""What the first asking clause says of its sentence's aspect: words of a later ask stand in the sentence too."""

Chances = Mapping[str, float]


@dataclass(frozen=True)
class Piece:
    """A piece of a message: how likely it is each act, and, were it an ask, each aspect; both sum to 1."""

    span: Span
    acts: Chances
    aspects: Chances

    @property
    def asks(self) -> float:
        """How surely it asks something clear."""
        return self.acts.get(ASK, 0.0) * max(self.aspects.values(), default=0.0)


@dataclass(frozen=True)
class Sentence(Piece):
    """A sentence and its clauses, in order; it is the only clause of itself where it has no joints."""

    clauses: list[Piece] = field(default_factory=list)
    marked: bool = False
    """Whether it ends with a question mark."""

    @property
    def strength(self) -> float:
        """How much it looks like what the message was written for."""
        return self.asks * (2.0 if self.marked else 1.0)

    def asked(self) -> Chances:
        """Its aspects, those of its first asking clause counted double."""
        first = next((clause for clause in self.clauses if len(self.clauses) > 1 and clause.asks > ASKS), None)
        return self.aspects if first is None else _mean(self.aspects, first.aspects, CLAUSE_SHARE)


def read(whole: Piece, sentences: list[Sentence]) -> tuple[Chances, Chances]:
    """The acts and aspects of a message."""
    strongest = max(sentences, key=lambda sentence: sentence.strength)
    first = next(each for each in sentences if each.strength >= NEARLY * strongest.strength)
    acts = whole.acts if len(sentences) == 1 else _mean(whole.acts, strongest.acts, 0.5)
    return acts, first.asked()


def asks(sentences: list[Sentence]) -> list[Piece]:
    """The pieces that ask, in order: clauses where several of a sentence ask, else sentences."""
    found: list[Piece] = []
    for sentence in sentences:
        apart = [clause for clause in sentence.clauses if clause.asks > ASKS]
        if len(apart) > 1:
            found += apart
        elif sentence.asks > ASKS or apart:
            found.append(Piece(sentence.span, sentence.acts, sentence.asked()))
    return found


def _mean(one: Chances, other: Chances, share: float) -> Chances:
    return {name: (1 - share) * one[name] + share * other[name] for name in one}
