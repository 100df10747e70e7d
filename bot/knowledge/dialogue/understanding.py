"""What Rasa understood of a message."""

from dataclasses import dataclass
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
class Understanding:
    """A message (normalised, masked), its intent and entities; ``today`` is the day it was sent."""

    text: str
    intent: str
    confidence: float
    today: date
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()

    def of(self, name: str) -> list[Entity]:
        """Return the entities of that name, in the order of the text."""
        return [entity for entity in self.entities if entity.name == name]
