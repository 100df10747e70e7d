"""Amounts to the đồng, worked out by hand from the law of the day, with working, sources and what else is said."""

from datetime import date
from decimal import Decimal

import pytest

from bot.knowledge.calculators.calculation import Calculation
from bot.knowledge.calculators.loan_instalment import Instalment, schedule
from bot.knowledge.calculators.registry import CALCULATORS, calculate
from bot.knowledge.case import SELF
from bot.knowledge.domain import State
from bot.knowledge.schema import CalculatorId
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue

TODAY = date(2026, 11, 25)


def work_out(
    published: Snapshot,
    program: str,
    day: date = TODAY,
    person: dict[str, FactValue] | None = None,
    **household: FactValue,
) -> Calculation:
    facts: dict[FactKey, FactValue] = {(None, fact): value for fact, value in household.items()}
    facts |= {(SELF, fact): value for fact, value in (person or {}).items()}
    return calculate(published.programs[program], facts, SELF, day, published)


def test_the_names_that_rows_may_give_are_those_of_the_registry(published: Snapshot) -> None:
    assert {*CalculatorId.__args__} == {*CALCULATORS}  # type: ignore[attr-defined] – a Literal has its names there
    assert {p.calculator for p in published.programs.values() if p.calculator} == {*CALCULATORS}


@pytest.mark.parametrize("calculator", [*CALCULATORS])
def test_every_input_is_a_fact_that_can_be_asked(calculator: str, published: Snapshot) -> None:
    for fact in CALCULATORS[calculator].inputs:
        assert published.facts[fact].askable
        assert published.facts[fact].question.endswith("ạ?")


@pytest.mark.parametrize(
    ("day", "first_year"),
    [
        (date(2023, 6, 30), 804_600),
        (date(2023, 7, 1), 972_000),
        (date(2024, 6, 30), 972_000),
        (date(2024, 7, 1), 1_263_600),
        (date(2026, 6, 30), 1_263_600),
        (date(2026, 7, 1), 1_366_200),
    ],
)
def test_the_first_member_s_premium_follows_the_base_salary(day: date, first_year: int, published: Snapshot) -> None:
    told = work_out(published, "bhyt_ho_gia_dinh", day, household_size=Decimal(1))
    assert [(total.label, total.amount) for total in told.totals][-1] == ("12 tháng", first_year)


def test_a_premium_shows_its_working_its_sources_and_all_terms(published: Snapshot) -> None:
    told = work_out(published, "bhyt_ho_gia_dinh", household_size=Decimal(6))
    second, last = told.lines[1], told.lines[-1]
    assert (second.label, second.working, second.amount) == ("Người thứ 2", "4,5% × 2.530.000 đồng × 70%", 79_695)
    assert [(one.label, one.amount) for one in second.periods] == [
        ("3 tháng", 239_085),
        ("6 tháng", 478_170),
        ("12 tháng", 956_340),
    ]
    assert (last.label, last.amount, last.times) == ("Người thứ 5 đến người thứ 6, mỗi người", 45_540, 2)
    assert told.totals[-1].amount == 4_918_320
    bases = {(source.name, source.figure): source.legal_basis.document for source in told.sources}
    assert bases[("Mức lương cơ sở", "2.530.000 đồng/tháng")] == "161/2026/NĐ-CP"
    assert bases[("Phần đóng của người thứ hai trong hộ", "70%")] == "188/2025/NĐ-CP"
    assert told.verified


def test_a_premium_of_before_cites_the_decree_of_before(published: Snapshot) -> None:
    told = work_out(published, "bhyt_ho_gia_dinh", date(2025, 6, 30), household_size=Decimal(2))
    assert {"146/2018/NĐ-CP", "73/2024/NĐ-CP"} <= {citation.document for citation in told.citations}
    assert "188/2025/NĐ-CP" not in {citation.document for citation in told.citations}


@pytest.mark.parametrize(
    ("program", "share", "year"), [("bhyt_hoc_sinh", 50, 683_100), ("bhyt_can_ngheo", 30, 409_860)]
)
def test_what_the_state_leaves_to_pay(program: str, share: int, year: int, published: Snapshot) -> None:
    told = work_out(published, program)
    assert told.totals[-1].amount == year
    assert f"trừ {100 - share}%" in told.lines[0].working


def test_a_contribution_names_the_rise_of_2027(published: Snapshot) -> None:
    told = work_out(published, "bhxh_tu_nguyen", person={"chosen_income": Decimal(3_000_000)})
    assert [line.amount for line in told.lines] == [495_000, 528_000, 561_000, 594_000]
    assert any("01/01/2027" in note and "2.200.000 đồng" in note for note in told.notes)
    assert not told.totals


@pytest.mark.parametrize(
    ("day", "income", "own"),
    [
        (date(2021, 12, 31), 700_000, 115_500),
        (date(2022, 1, 1), 1_500_000, 247_500),
        (date(2025, 6, 30), 1_500_000, 247_500),
        (date(2025, 7, 1), 1_500_000, 198_000),
        (date(2026, 12, 31), 1_500_000, 198_000),
        (date(2027, 1, 1), 2_200_000, 290_400),
    ],
)
def test_the_near_poor_contribution_on_each_side_of_a_change(
    day: date, income: int, own: int, published: Snapshot
) -> None:
    told = work_out(
        published, "bhxh_tu_nguyen", day, {"chosen_income": Decimal(income)}, household_class="near_poor", island=False
    )
    assert [line.amount for line in told.lines] == [own]
    assert told.totals[-1].amount == 12 * own


def test_somebody_too_young_is_told_so(published: Snapshot) -> None:
    told = work_out(
        published, "bhxh_tu_nguyen", person={"chosen_income": Decimal(3_000_000), "age": Age.of_years(14, TODAY)}
    )
    assert not told.lines
    assert any("chưa đủ điều kiện" in note for note in told.notes)


def test_a_loan_s_months_are_worked_out_one_by_one() -> None:
    assert schedule(1_000, 3, Decimal(12)) == [Instalment(333, 10), Instalment(333, 7), Instalment(334, 3)]
    assert schedule(10, 60, Decimal(6))[-1].principal == 10


def test_the_lower_rate_of_some_is_named_and_the_bank_decides(published: Snapshot) -> None:
    told = work_out(published, "vay_viec_lam", loan_amount=Decimal(120_000_000), loan_months=Decimal(120))
    assert [line.amount for line in told.lines] == [1_792_480, 1_006_604]
    assert any("6,24%" in note for note in told.notes)
    assert any("Ngân hàng Chính sách xã hội quyết định" in note for note in told.notes)
    assert ("Lãi suất chung", "hệ số 1,27") in {(source.name, source.figure) for source in told.sources}


def test_a_household_outside_the_program_is_told_so(published: Snapshot) -> None:
    told = work_out(
        published,
        "vay_ho_ngheo",
        loan_amount=Decimal(60_000_000),
        loan_months=Decimal(60),
        household_class="near_poor",
    )
    assert any("chưa đủ điều kiện" in note for note in told.notes)


def test_an_allowance_names_standard_and_coefficient(published: Snapshot) -> None:
    person: dict[str, FactValue] = {"disability": "severe", "age": Age.of_years(30, TODAY)}
    told = work_out(published, "tro_cap_khuyet_tat", person=person)
    assert [line.working for line in told.lines] == ["1,5 × 540.000 đồng"]
    figures = {source.figure: source.legal_basis for source in told.sources}
    assert figures["540.000 đồng/tháng"].document == "335/2026/NĐ-CP"
    assert figures["hệ số 1,5"].article == "Điều 5, Điều 6"


def test_what_is_left_open_is_told_without_a_total(published: Snapshot) -> None:
    told = work_out(published, "tro_cap_khuyet_tat", person={"disability": "severe"})
    assert {line.amount for line in told.lines} == {810_000, 1_080_000}
    assert told.needs == ((SELF, "age"),)
    assert not told.totals


def test_the_poverty_line_warns_that_only_the_survey_decides(published: Snapshot) -> None:
    told = work_out(
        published, "cong_nhan_ho_ngheo", area="rural", income_per_head=Decimal(1_400_000), deprivation_count=Decimal(3)
    )
    assert told.outcome == "poor"
    assert "1.500.000 đồng" in told.reasons[0]
    assert any("khảo sát" in note for note in told.notes)


def test_an_income_of_nothing_and_no_lack_are_answers(published: Snapshot) -> None:
    told = work_out(published, "cong_nhan_ho_ngheo", income_per_head=Decimal(0), deprivation_count=Decimal(0))
    assert told.outcome == "near_poor"
    assert not told.needs


def test_no_rules_of_the_day_say_so(published: Snapshot) -> None:
    told = work_out(published, "tro_cap_nguoi_tu_80_tuoi")
    assert not told.lines
    assert told.notes


def test_every_open_provision_of_today_has_the_figures_of_its_calculator(published: Snapshot) -> None:
    without = []
    for program in published.programs.values():
        provision = program.on(TODAY)
        if program.calculator and provision is not None and provision.state is State.OPEN:
            told = calculate(program, {}, SELF, TODAY, published)
            if not (told.lines or told.needs or told.sources):
                without.append(program.id)
    assert without == []
