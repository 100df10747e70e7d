"""A health card paid wholly by the State and one paid with support exclude each other, whatever is true or unknown."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from bot.knowledge.case import SELF
from bot.knowledge.domain import Verdict
from bot.knowledge.engine import judge
from bot.knowledge.values import Age, FactKey, FactValue
from tests.cases.cases import SNAPSHOT

SUPPORTED = ("bhyt_can_ngheo", "bhyt_nong_nghiep_trung_binh", "bhyt_hoc_sinh", "bhyt_dtts_ra_khoi_vung")
DAYS = (date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 25))
OPEN: tuple[FactKey, ...] = (
    (SELF, "ethnic_minority"),
    (None, "extreme_hardship_area"),
    (None, "hardship_area"),
    (None, "dtts_area"),
)


def people(day: date) -> Iterator[dict[FactKey, FactValue]]:
    """Everybody in question, with each of the facts that open the free card true, false or unknown."""
    for student, household_class in product((True, False), ("near_poor", "average_living", "other")):
        known: dict[FactKey, FactValue] = {
            (None, "household_class"): household_class,
            (None, "island"): False,
            (None, "farming"): True,
            (None, "commune_left_hardship_list"): True,
            (None, "poor_commune"): False,
            (SELF, "is_student"): student,
            (SELF, "age"): Age.of_years(17 if student else 40, day),
            (SELF, "labor_contract"): False,
            (SELF, "on_social_allowance"): False,
            (SELF, "pension_amount"): Decimal(0),
            (SELF, "merit"): "none",
        }
        for values in product((True, False, None), repeat=len(OPEN)):
            yield known | {key: value for key, value in zip(OPEN, values, strict=True) if value is not None}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nobody_is_told_to_pay_for_a_card_that_is_or_may_be_free(day: date) -> None:
    held = set()
    for facts in people(day):
        verdicts = {
            program: judge(SNAPSHOT.programs[program], facts, SELF, day, SNAPSHOT.facts, SNAPSHOT.parameters).verdict
            for program in ("bhyt_vung_kho_khan", *SUPPORTED)
        }
        free = verdicts.pop("bhyt_vung_kho_khan")
        paid = {program for program, verdict in verdicts.items() if verdict is Verdict.ELIGIBLE}
        held |= paid
        if free is Verdict.ELIGIBLE:
            assert {*verdicts.values()} == {Verdict.NOT_ELIGIBLE}, (facts, verdicts)
        elif free is Verdict.UNKNOWN:
            assert not paid, (facts, paid)
    assert held >= {*SUPPORTED[:3]}, "support is given to somebody"
