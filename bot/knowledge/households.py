"""Made-up households: what is true of each, drawn from a plausible distribution.

The figures are assumptions for a rural, partly mountainous province, meant to reach every branch of the rules, not
statistics: about one household in eight poor and one in eight near poor (those who ask are poorer than the rest), one
subject in three over 60 and one in four a child or in education, one in four of an ethnic minority. Facts without an
entry here are rare circumstances (one in twelve). Income goes with the class, work and schooling with the age. Most
households know all about themselves; one in ten knows nothing of the administrative lists their commune stands on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.knowledge.case import SELF
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.domain import FactDefinition, FactType, Scope
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue

RARE = 1 / 12
UNKNOWN_TO_MOST = 0.1

CHOICES: Mapping[str, Mapping[str, float]] = {
    "household_class": {"poor": 13, "near_poor": 12, "average_living": 20, "other": 55},
    "residence": {"permanent": 92, "temporary": 7, "none": 1},
    "house_condition": {"sound": 80, "dilapidated": 17, "none": 3},
    "disaster_damage": {"none": 94, "uninhabitable": 4, "destroyed": 2},
    "water_work": {"sound": 55, "none": 30, "damaged": 15},
    "toilet": {"sound": 65, "none": 22, "damaged": 13},
    "disability": {"none": 87, "mild": 4, "severe": 6, "extremely_severe": 3},
    "fosters": {"none": 97},
    "border_boarding_school": {"none": 97, "lunch": 2, "boarding": 1},
    "policy_scholarship_group": {"none": 95},
    "merit": {"none": 88, "merit": 4, "martyr_relative": 5, "other_relative": 3},
}
YES: Mapping[str, float] = {
    "farming": 0.55,
    "island": 0.02,
    "dtts_area": 0.35,
    "hardship_area": 0.3,
    "extreme_hardship_area": 0.2,
    "education_hardship_area": 0.2,
    "ethnic_minority": 0.25,
    "has_supporter": 0.8,
    "member_on_social_allowance": 0.2,
    "chronic_disease": 0.2,
    "first_degree": 0.9,
    "public_school": 0.9,
    "labor_contract": 0.25,
}
ADMINISTRATIVE = frozenset(
    {"dtts_area", "hardship_area", "extreme_hardship_area", "education_hardship_area", "commune_left_hardship_list"}
)
NUMBERS: Mapping[str, tuple[int, int]] = {
    "household_size": (1, 8),
    "electricity_kwh": (10, 250),
    "deprivation_count": (0, 6),
    "children_under_16": (0, 3),
    "children_under_3": (0, 1),
    "minor_children": (0, 3),
    "studying_children_16_plus": (0, 2),
    "income_month": (0, 12_000_000),
    "couple_income_month": (0, 25_000_000),
}
INCOME_PER_HEAD: Mapping[str, tuple[int, int]] = {
    "poor": (300_000, 1_500_000),
    "near_poor": (900_000, 1_900_000),
    "average_living": (1_600_000, 2_400_000),
    "other": (2_000_000, 9_000_000),
}
MEMBERS = (SELF, SELF, SELF, "mother", "father", "child", "grandmother")


@dataclass(frozen=True, slots=True)
class Household:
    """What is true of a household and of ``member``, for whom is asked; what they don't know is missing."""

    member: str
    truth: Mapping[FactKey, FactValue]


def make_households(snapshot: Snapshot, count: int, day: date, seed: int) -> list[Household]:
    """`count` households, the same for the same seed and rows."""
    chance = random.Random(seed)  # noqa: S311 - seeded, so that two runs ask the same
    return [_Maker(snapshot, day, chance).make() for _ in range(count)]


class _Maker:
    def __init__(self, snapshot: Snapshot, day: date, chance: random.Random) -> None:
        self._snapshot = snapshot
        self._day = day
        self._chance = chance
        self._member = chance.choice(MEMBERS)
        self._years = self._draw_years()

    def make(self) -> Household:
        truth: dict[FactKey, FactValue] = {
            (None, "commune"): self._chance.choice(list(self._snapshot.communes)),
            (self._member, "age"): Age.of_years(self._years, self._day),
        }
        unknown = ADMINISTRATIVE if self._chance.random() < UNKNOWN_TO_MOST else frozenset()
        for definition in self._snapshot.facts.values():
            key = (None if definition.scope is Scope.HOUSEHOLD else self._member, definition.id)
            if definition.type is not FactType.SEVERAL and key not in truth and definition.id not in unknown:
                truth[key] = self._draw(definition, truth)
        return Household(self._member, self._consistent(truth))

    def _consistent(self, truth: dict[FactKey, FactValue]) -> dict[FactKey, FactValue]:
        """Let what follows from the commune, from the age and from other answers hold; it may take several steps.

        Who is no student has no scholarship either: where what a choice of a joint question says is not so, what
        follows from not choosing it is.
        """
        for _ in range(len(truth)):
            before = dict(truth)
            for key in [*truth]:
                known = {key: truth[key]}
                told = derive(known, self._snapshot.facts, self._snapshot.communes)
                truth.update(assume_by_age(told, self._snapshot.facts, self._day))
            for question in self._snapshot.facts.values():
                member = None if question.scope is Scope.HOUSEHOLD else self._member
                for choice in question.choices:
                    if any(truth.get((member, fact), value) != value for fact, value in choice.when.items()):
                        truth.update({(member, fact): value for fact, value in choice.unless.items()})
            if truth == before:
                break
        return truth

    def _draw_years(self) -> int:
        elder, child = self._member in {"mother", "father", "grandmother"}, self._member == "child"
        if child:
            return self._chance.randint(0, 21)
        if elder:
            return self._chance.randint(55, 92)
        return self._chance.choices([self._chance.randint(18, 59), self._chance.randint(60, 90)], [70, 30])[0]

    def _draw(self, definition: FactDefinition, truth: Mapping[FactKey, FactValue]) -> FactValue:
        match definition.type:
            case FactType.BOOLEAN:
                if definition.id == "is_student":
                    return 3 <= self._years <= 22 and self._chance.random() < 0.85
                return self._chance.random() < YES.get(definition.id, RARE)
            case FactType.CHOICE:
                return self._choice(definition, truth)
            case FactType.NUMBER | FactType.MONEY | FactType.DURATION:
                return Decimal(self._number(definition, truth))
            case FactType.COMMUNE:
                return self._chance.choice(list(self._snapshot.communes))
            case FactType.AGE:
                return Age.of_years(self._years, self._day)
            case FactType.SEVERAL:
                raise ValueError(f"{definition.id} asks for other facts and has no value of its own")

    def _choice(self, definition: FactDefinition, truth: Mapping[FactKey, FactValue]) -> str:
        weights: Mapping[str, float]
        if definition.id == "employment" and self._years < 15:
            return "student" if self._years >= 6 else "none"
        if definition.id == "employment":
            weights = _EMPLOYMENT_YOUNG if self._years < 22 else _EMPLOYMENT_OLD if self._years > 60 else _EMPLOYMENT
        elif definition.id == "school_level":
            studies = truth[self._member, "is_student"]
            return next((level for level, until in _LEVELS if studies and self._years <= until), "none")
        elif definition.id == "marital":
            weights = {"single": 95, "married": 5} if self._years < 20 else _MARITAL
        else:
            weights = CHOICES.get(definition.id, {})
        names = [choice.id for choice in definition.choices]
        usual = [name for name in names if name in {"none", "other"}]
        even = [8.0 if name in usual else 1.0 for name in names]
        return self._chance.choices(names, [weights.get(n, 0.5) for n in names] if weights else even)[0]

    def _number(self, definition: FactDefinition, truth: Mapping[FactKey, FactValue]) -> int:
        if definition.id == "pension_amount":
            has = self._years >= 56 and self._chance.random() < 0.25
            return self._chance.randint(3, 70) * 100_000 if has else 0
        if definition.id == "income_per_head":
            low, high = INCOME_PER_HEAD.get(str(truth.get((None, "household_class"))), (500_000, 5_000_000))
            return self._chance.randint(low // 100_000, high // 100_000) * 100_000
        low, high = NUMBERS.get(definition.id, (0, 10))
        return self._chance.randint(low, high)


_EMPLOYMENT = {
    "company_worker": 20,
    "civil_servant": 6,
    "armed_forces": 1,
    "self_employed": 60,
    "pensioner": 2,
    "student": 0,
    "none": 9,
}
_EMPLOYMENT_YOUNG = {"student": 80, "company_worker": 5, "self_employed": 7, "none": 8}
_EMPLOYMENT_OLD = {"student": 0, "self_employed": 45, "pensioner": 20, "none": 35}
_MARITAL = {"single": 15, "married": 65, "widowed": 15, "divorced": 5}
_LEVELS = (
    ("none", 2),
    ("kindergarten", 5),
    ("primary", 10),
    ("lower_secondary", 14),
    ("upper_secondary", 17),
    ("university", 21),
)
