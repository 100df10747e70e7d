"""Facts that follow from other facts: what the commune tells, and what one answer implies."""

from collections.abc import Mapping
from datetime import date

from bot.knowledge.domain import Commune, FactDefinition, Scope
from bot.knowledge.values import Age, FactKey, Facts, FactValue

OF_COMMUNE = frozenset({"area", "island", "mountainous", "region_class"})
"""The facts that are properties of the commune."""


def derive(
    facts: Facts, definitions: Mapping[str, FactDefinition], communes: Mapping[str, Commune]
) -> dict[FactKey, FactValue]:
    """Return ``facts`` and what follows from them; what the citizen stated always wins.

    A property of the commune that the research is not sure of is left out, so the engine asks or reports it.
    """
    derived: dict[FactKey, FactValue] = {}
    for (member, fact), value in facts.items():
        definition = definitions.get(fact)
        if definition is None:
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        for implied, implied_value in definition.implies.get(text, {}).items():
            target = definitions[implied]
            derived[(None if target.scope is Scope.HOUSEHOLD else member, implied)] = implied_value
    place = communes.get(str(facts.get((None, "commune"))))
    if place is not None:
        for fact in OF_COMMUNE:
            known: FactValue | None = getattr(place, fact)
            if known is not None and fact in definitions:
                derived[(None, fact)] = known
    return {**derived, **facts}


def assume_by_age(facts: Facts, definitions: Mapping[str, FactDefinition], day: date) -> dict[FactKey, FactValue]:
    """Return ``facts`` and those that age settles: nobody asks a woman of 76 which grade she is in."""
    assumed: dict[FactKey, FactValue] = {}
    for (member, fact), value in facts.items():
        if fact != "age" or not isinstance(value, Age):
            continue
        least, most = value.years_on(day)
        for definition in definitions.values():
            too_young = definition.min_age is not None and most < definition.min_age
            too_old = definition.max_age is not None and least > definition.max_age
            if definition.otherwise is not None and (too_young or too_old):
                assumed[(member, definition.id)] = definition.otherwise
    return {**assumed, **facts}
