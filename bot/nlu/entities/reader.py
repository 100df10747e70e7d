"""All parsers over one message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.nlu.entities.ages import find_ages
from bot.nlu.entities.amounts import find_amounts, find_plain_numbers
from bot.nlu.entities.dates import find_births, find_dates
from bot.nlu.entities.found import Found, without_overlaps
from bot.nlu.entities.households import find_household_sizes
from bot.nlu.entities.places import Gazetteer
from bot.nlu.entities.relations import find_relations
from bot.text.offsets import Composed, compose


def read_entities(text: str, gazetteer: Gazetteer, today: date | None) -> list[dict[str, Any]]:
    """Entities of ``text`` in order, without overlaps, as Rasa writes them.

    Each has ``entity``, ``value`` (JSON), ``start`` and ``end``; offsets are of ``text`` as given,
    composed or not. Relative dates need ``today``.
    """
    composed = compose(text)
    return [_as_rasa(one, composed) for one in without_overlaps(_readings(composed.text, gazetteer, today))]


def _readings(text: str, gazetteer: Gazetteer, today: date | None) -> Iterator[Found]:
    """Where two parsers claim the same words, the earlier one is right."""
    yield from find_births(text, today or date.max)
    yield from find_dates(text, today)
    yield from find_amounts(text)
    yield from find_ages(text)
    yield from find_household_sizes(text)
    yield from gazetteer.find(text)
    yield from find_relations(text)
    yield from find_plain_numbers(text)


def _as_rasa(found: Found, composed: Composed) -> dict[str, Any]:
    start, end = composed.original_span(found.start, found.end)
    return {"entity": found.entity, "start": start, "end": end, "value": found.value}
