from dataclasses import replace

import pytest

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import Choice, Evidence, FactDefinition, FactType, Operator, Scope
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.auditing.faults import SMALL, seen, with_program, with_provisions
from tests.knowledge.rows import criterion, fact

OLD, NOW = SMALL.programs["huu_tri"].provisions
UNREAD = [(Rule.UNREAD_FACT, Severity.WARNING, "citizen_facts › moi")]
UNASKED = [(Rule.FACT_WITHOUT_QUESTION, Severity.ERROR, "citizen_facts › pension_amount")]


def with_facts(*facts: FactDefinition, base: Snapshot = SMALL) -> Snapshot:
    return replace(base, facts={**base.facts, **{fact.id: fact for fact in facts}})


def test_a_criterion_on_an_unknown_fact_is_an_error() -> None:
    changed = with_provisions("huu_tri", OLD, replace(NOW, common=(*NOW.common, criterion("tuoi_gia"))))
    assert seen(changed) == [(Rule.UNKNOWN_FACT, Severity.ERROR, "programs › huu_tri › moi")]


def test_a_fact_that_nothing_reads_is_a_warning() -> None:
    assert seen(with_facts(fact("moi"))) == UNREAD


def test_a_fact_that_another_implies_is_of_use() -> None:
    implying = replace(SMALL.facts["island"], implies={"true": {"moi": True}})
    assert seen(with_facts(implying, fact("moi"))) == []


@pytest.mark.parametrize(("settled", "found"), [("age", []), ("nothing", UNREAD)])
def test_a_fact_is_of_use_by_what_it_settles(settled: str, found: list[object]) -> None:
    asking = fact("moi", FactType.SEVERAL, choices=(Choice("a", "A", when={settled: True}),))
    assert seen(with_facts(asking)) == found


def test_a_fact_is_of_use_to_the_calculator_of_a_program() -> None:
    loan = (fact("loan_amount", FactType.MONEY), fact("loan_months", FactType.NUMBER))
    rows = ["citizen_facts › loan_amount", "citizen_facts › loan_months"]
    assert [row for _, _, row in seen(with_facts(*loan))] == rows
    reckoned = with_program(replace(SMALL.programs["vay_nuoc"], calculator="loan_instalment"))
    assert seen(with_facts(*loan, base=reckoned)) == []


def test_the_commune_is_of_use_while_a_property_of_it_is_read() -> None:
    criteria = SMALL.programs["vay_nuoc"].provisions[0].common
    only_size = replace(SMALL.programs["vay_nuoc"].provisions[0], common=(criteria[1],))
    assert {row for _, _, row in seen(with_provisions("vay_nuoc", only_size))} == {
        "citizen_facts › commune",
        "citizen_facts › area",
        "citizen_facts › island",
    }


@pytest.mark.parametrize("changes", [{"question": " "}, {"askable": False}])
def test_a_screened_program_asks_for_its_facts(changes: dict[str, object]) -> None:
    silent = replace(SMALL.facts["pension_amount"], **changes)  # type: ignore[arg-type] # by name of the field
    assert seen(with_facts(silent)) == UNASKED
    unscreened = with_program(replace(SMALL.programs["huu_tri"], screened=False))
    assert seen(with_facts(silent, base=unscreened)) == []


def test_a_fact_that_another_tells_needs_no_question() -> None:
    silent = replace(SMALL.facts["pension_amount"], askable=False)
    telling = replace(SMALL.facts["household_class"], implies={"poor": {"pension_amount": False}})
    assert seen(with_facts(silent, telling)) == []
    water = with_program(replace(SMALL.programs["vay_nuoc"], screened=True))
    assert seen(with_facts(replace(SMALL.facts["area"], askable=False), base=water)) == []


@pytest.mark.parametrize("undecided", [{"operator": Operator.UNSETTLED}, {"evidence": Evidence.MEMORY}])
def test_a_criterion_that_decides_nothing_asks_nothing(undecided: dict[str, object]) -> None:
    open_end = replace(criterion("moi"), **undecided)  # type: ignore[arg-type] # by name of the field
    changed = with_provisions("huu_tri", OLD, replace(NOW, common=(*NOW.common, open_end)))
    assert seen(with_facts(fact("moi", scope=Scope.PERSON, askable=False), base=changed)) == []
