"""The published rows decide each case as the law does. Read README.md for the format."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from bot.knowledge.calculators.registry import CALCULATORS, calculate
from bot.knowledge.case import SELF
from bot.knowledge.domain import Scope
from bot.knowledge.engine import Judgement, judge
from bot.knowledge.situations import facts_of
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from bot.knowledge.wording import benefit_amount
from tests.cases.cases import SNAPSHOT, Expectation, PolicyCase, Worked, read_cases

CASES = [*read_cases()]


@pytest.mark.parametrize("case", CASES, ids=[case.case for case in CASES])
def test_case(case: PolicyCase) -> None:
    facts = facts_of(case.household, case.people, case.day, SNAPSHOT)
    wrong = [fault for expected in case.expect for fault in faults(expected, case.day, facts, SNAPSHOT)]
    wrong += [fault for worked in case.calculate for fault in faults_of(worked, case.day, facts, SNAPSHOT)]
    assert not wrong, "\n".join([case.because, *wrong])


def test_there_are_at_least_300_cases_and_no_two_are_the_same() -> None:
    assert len(CASES) >= 300
    assert [name for name, count in Counter(case.case for case in CASES).items() if count > 1] == []
    seen: dict[str, str] = {}
    for case in CASES:
        body = repr((case.day, case.household, case.people, case.expect, case.calculate))
        assert seen.setdefault(body, case.case) == case.case, f"the same as: {seen[body]}"


def test_every_program_has_a_case() -> None:
    assert {*SNAPSHOT.programs} - {expected.program for case in CASES for expected in case.expect} == set()


def test_a_case_that_expects_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="expects nothing of huu_tri_xa_hoi"):
        Expectation.model_validate({"program": "huu_tri_xa_hoi"})


def test_a_wrong_expectation_is_found() -> None:
    """Guards the cases themselves: each kind of expectation can fail."""
    facts: dict[FactKey, FactValue] = {
        (SELF, "age"): Age.of_years(76, date(2026, 11, 25)),
        (SELF, "pension_amount"): Decimal(0),
        (SELF, "survivor_benefit"): False,
    }
    for wrong in (
        {"verdict": "not_eligible"},
        {"state": "closed"},
        {"amounts": [1]},
        {"no_amounts": [540000]},
        {"percents": [77]},
        {"asks": ["toilet"]},
    ):
        expected = Expectation.model_validate({"program": "huu_tri_xa_hoi", **wrong})
        assert faults(expected, date(2026, 11, 25), facts, SNAPSHOT), wrong


def test_every_calculator_has_a_case() -> None:
    tried = {SNAPSHOT.programs[worked.program].calculator for case in CASES for worked in case.calculate}
    assert tried == {*CALCULATORS}


def test_a_calculation_that_expects_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="expects nothing of vay_ho_ngheo"):
        Worked.model_validate({"program": "vay_ho_ngheo"})


def test_a_wrong_calculation_is_found() -> None:
    facts: dict[FactKey, FactValue] = {(None, "household_size"): Decimal(1)}
    for wrong in (
        {"lines": [113849]},
        {"totals": {"12 tháng": 1}},
        {"totals": {"2 tháng": 227700}},
        {"outcome": "poor"},
        {"asks": ["age"]},
        {"bounded": True},
        {"no_result": True},
    ):
        worked = Worked.model_validate({"program": "bhyt_ho_gia_dinh", **wrong})
        assert faults_of(worked, date(2026, 11, 25), facts, SNAPSHOT), wrong


def faults(expected: Expectation, day: date, facts: Mapping[FactKey, FactValue], snapshot: Snapshot) -> list[str]:
    """What the rows give instead of what is expected, in words."""
    program = snapshot.programs[expected.program]
    member = None if program.scope is Scope.HOUSEHOLD else expected.person
    judged = judge(program, facts, member, day, snapshot.facts, snapshot.parameters)
    state = judged.provision.state.value if judged.provision else None
    amounts, percents = _amounts(judged, snapshot)
    asks = {fact for _, fact in judged.open_facts}
    who = f"{expected.program} ({expected.person})"
    found = []
    if expected.verdict not in (None, judged.verdict.value):
        reasons = "; ".join(f"{r.criterion.fact}: {r.verdict.value}" for r in judged.deciding)
        found.append(f"{who}: {judged.verdict.value}, not {expected.verdict} [{reasons}]")
    if expected.state not in (None, state):
        found.append(f"{who}: {state}, not {expected.state}")
    found += [f"{who}: no {amount:,} among {sorted(amounts)}" for amount in expected.amounts if amount not in amounts]
    found += [f"{who}: tells {amount:,}" for amount in expected.no_amounts if amount in amounts]
    found += [f"{who}: no {share} % among {sorted(percents)}" for share in expected.percents if share not in percents]
    found += [f"{who}: does not ask {fact} but {sorted(asks)}" for fact in expected.asks if fact not in asks]
    return found


def faults_of(worked: Worked, day: date, facts: Mapping[FactKey, FactValue], snapshot: Snapshot) -> list[str]:
    """What the calculation gives instead of what is expected, in words."""
    result = calculate(snapshot.programs[worked.program], facts, worked.person, day, snapshot)
    lines = tuple(line.amount for line in result.lines)
    totals = {total.label: total.amount for total in result.totals}
    asks = tuple(fact for _, fact in result.needs)
    found = []
    if worked.lines is not None and worked.lines != lines:
        found.append(f"lines {lines}, not {worked.lines}")
    found += [
        f"{label}: {totals.get(label)}, not {amount}"
        for label, amount in worked.totals.items()
        if totals.get(label) != amount
    ]
    if worked.outcome not in (None, result.outcome):
        found.append(f"{result.outcome}, not {worked.outcome}")
    if worked.bounded not in (None, result.bounded):
        found.append(f"bounded: {result.bounded}")
    if worked.no_result and (totals or result.outcome):
        found.append(f"tells {totals or result.outcome}")
    found += [f"does not ask {fact} but {asks}" for fact in worked.asks if fact not in asks]
    return [f"{worked.program} ({worked.person}): {fault} {result.notes}" for fault in found]


def _amounts(judged: Judgement, snapshot: Snapshot) -> tuple[set[Decimal], set[Decimal]]:
    amounts, percents = set(), set()
    for benefit in judged.benefits:
        if benefit.percent is not None:
            percents.add(benefit.percent)
        amount = benefit_amount(benefit, snapshot.parameters, judged.day)
        if amount is not None:
            parameter = snapshot.parameters.get(benefit.parameter or "")
            (amounts if parameter is None or parameter.unit.startswith("đồng") else percents).add(amount)
    return amounts, percents
