"""What Rasa understood of a message."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the text; offsets count characters of the message."""

    name: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the things a message asks; offsets count characters of the message."""

    intent: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """A message (normalised, masked), its intent and entities; ``today`` is the day it was sent.

    ``asks`` holds all that it asks, in order.
    """

    text: str
    intent: str
    confidence: float
    today: date
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    asks: tuple[Ask, ...] = ()

    def of(self, name: str) -> list[Entity]:
        """Return the entities of that name, in the order of the text."""
        return [entity for entity in self.entities if entity.name == name]

    def chance_of(self, intent: str) -> float:
        """Return how likely the message has that intent; 0 where it is not among the likeliest."""
        return self.confidence if intent == self.intent else dict(self.ranking).get(intent, 0.0)

    def part(self, start: int, end: int, ask: Ask) -> "Understanding":
        """Return the message as if only the text from ``start`` to ``end``, which holds ``ask``, had been sent."""
        entities = tuple(
            replace(entity, start=entity.start - start, end=entity.end - start)
            for entity in self.entities
            if start <= entity.start and entity.end <= end
        )
        return replace(
            self,
            text=self.text[start:end],
            intent=ask.intent,
            confidence=ask.confidence,
            entities=entities,
            ranking=((ask.intent, ask.confidence),),
            asks=(),
        )
