"""Households on a day, to be judged: those of a case file, and simulated ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.knowledge.case import SELF
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.domain import FactType, Scope
from bot.knowledge.households import make_households
from bot.knowledge.loading.files import read_yaml
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue

Told = bool | date | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a household on ``day``, with what follows from it; ``members`` are those who are judged."""

    name: str
    day: date
    facts: Mapping[FactKey, FactValue]
    members: tuple[str, ...] = (SELF,)


def read_situations(folder: Path, snapshot: Snapshot) -> Iterator[Situation]:
    """Read the households of all case files (``tests/cases``); what they expect is left aside.

    Raises ``ValueError`` that names case and fact for one that ``snapshot`` does not know.
    """
    for path in sorted(folder.glob("*.yml")):
        for case in read_yaml(path):
            people = case.get("people") or {}
            try:
                facts = facts_of(case.get("household") or {}, people, case["day"], snapshot)
            except ValueError as error:
                raise ValueError(f"{path.name}, {case['case']}: {error}") from error
            yield Situation(case["case"], case["day"], facts, tuple(people) or (SELF,))


def simulated(snapshot: Snapshot, count: int, day: date, seed: int = 1) -> list[Situation]:
    """So many made-up households on ``day``, the same for the same seed and rows."""
    made = make_households(snapshot, count, day, seed)
    return [Situation(f"Hộ mô phỏng {n}", day, h.truth, (h.member,)) for n, h in enumerate(made, start=1)]


def facts_of(
    household: Mapping[str, Told], people: Mapping[str, Mapping[str, Told] | None], day: date, snapshot: Snapshot
) -> dict[FactKey, FactValue]:
    """The facts that are stated and those that follow; raises ``ValueError`` for one that does not fit its row."""
    groups: list[tuple[str | None, Mapping[str, Told]]] = [(None, household)]
    groups += [(member, told or {}) for member, told in people.items()]
    stated = {
        (member, fact): _value(fact, member, value, day, snapshot)
        for member, told in groups
        for fact, value in told.items()
    }
    return assume_by_age(derive(stated, snapshot.facts, snapshot.communes), snapshot.facts, day)


def _value(fact: str, member: str | None, told: Any, day: date, snapshot: Snapshot) -> FactValue:
    definition = snapshot.facts.get(fact)
    if definition is None or definition.type is FactType.SEVERAL:
        raise ValueError(f"no fact {fact} that has a value")
    if (definition.scope is Scope.HOUSEHOLD) is not (member is None):
        raise ValueError(f"{fact} belongs under household or people")
    match definition.type:
        case FactType.AGE:
            return Age(told, told) if isinstance(told, date) else Age.of_years(int(told), day)
        case FactType.COMMUNE:
            found = [commune.code for commune in snapshot.communes.values() if commune.name == told]
            if not found:
                raise ValueError(f"no commune {told}")
            return found[0]
        case FactType.CHOICE:
            if told not in {choice.id for choice in definition.choices}:
                raise ValueError(f"{fact} has no choice {told}")
            return str(told)
        case FactType.BOOLEAN:
            if told not in (True, False):
                raise ValueError(f"{fact} is true or false, not {told}")
            return bool(told)
    return Decimal(str(told))
