from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.knowledge.domain import Benefit, Citation, Evidence, LegalDocument, RequiredDocument, Step, Verdict
from bot.knowledge.engine import CriterionResult
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from bot.knowledge.wording import (
    amount_text,
    benefit_text,
    citation_text,
    citation_views,
    criterion_view,
    day_text,
    document_text,
    fact_text,
    figure_text,
    lower_first,
    number_text,
    rests_on_memory,
    step_text,
)
from tests.knowledge.rows import LAW, TODAY, criterion, parameter

PARAMETERS = {
    "base": parameter("base", (date(2024, 7, 1), date(2026, 6, 30), 2_340_000), (date(2026, 7, 1), None, 2_530_000)),
    "rate": parameter("rate", (date(2020, 1, 1), None, 9), unit="%/năm"),
}


def test_a_day_is_written_day_first() -> None:
    assert day_text(date(2026, 3, 9)) == "09/03/2026"


@pytest.mark.parametrize(("number", "text"), [("7.4880", "7,488"), ("100", "100"), ("0", "0"), ("1E+3", "1000")])
def test_numbers_have_a_decimal_comma_and_no_idle_zeros(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("benefit", "text"),
    [
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, amount=Decimal(60_000_000), unit="đồng/hộ"), "60.000.000 đồng/hộ"),
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, amount=Decimal(500_000), period="month"), "500.000 đồng/tháng"),
        (
            Benefit("Hỗ trợ", LAW, Evidence.TEXT, amount=Decimal(500_000), unit="đồng/tháng", period="month"),
            "500.000 đồng/tháng",
        ),
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, amount=Decimal(500_000), period="once"), "500.000 đồng"),
        (
            Benefit("Hỗ trợ", LAW, Evidence.TEXT, parameter="base", factor=Decimal("1.5"), period="month"),
            "3.795.000 đồng/tháng",
        ),
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, parameter="rate"), "9%/năm"),
        (
            Benefit("Hỗ trợ", LAW, Evidence.TEXT, percent=Decimal(70), of="mức đóng", at_least=True),
            "ít nhất 70% mức đóng",
        ),
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, amount=Decimal(25_000_000), at_most=True), "tối đa 25.000.000 đồng"),
        (Benefit("Hỗ trợ", LAW, Evidence.TEXT, text="miễn phí"), "miễn phí"),
    ],
)
def test_what_a_benefit_comes_to(benefit: Benefit, text: str) -> None:
    assert benefit_text(benefit, PARAMETERS, TODAY) == f"Hỗ trợ: {text}"


def test_a_benefit_changes_on_the_day_its_parameter_does() -> None:
    benefit = Benefit("Lương", LAW, Evidence.TEXT, parameter="base", unit="đồng/tháng")
    assert benefit_text(benefit, PARAMETERS, date(2026, 6, 30)) == "Lương: 2.340.000 đồng/tháng"
    assert benefit_text(benefit, PARAMETERS, date(2026, 7, 1)) == "Lương: 2.530.000 đồng/tháng"
    assert benefit_text(benefit, PARAMETERS, date(2024, 6, 30)) == "Lương"


def test_the_unit_of_a_parameter_is_not_taken_for_the_period_of_a_benefit() -> None:
    benefit = Benefit("Mai táng phí", LAW, Evidence.TEXT, parameter="base", factor=Decimal(10))
    assert benefit_text(benefit, PARAMETERS, TODAY) == "Mai táng phí: 25.300.000 đồng"


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        ("2200000", "đồng/người/tháng", "2.200.000 đồng/người/tháng"),
        ("7.4880", "%/năm", "7,488%/năm"),
        ("15", "m² sàn/người", "15 m² sàn/người"),
    ],
)
def test_an_amount_with_its_unit(amount: str, unit: str, text: str) -> None:
    assert amount_text(Decimal(amount), unit) == text


def test_a_benefit_without_a_figure_that_day_has_only_its_label() -> None:
    benefit = Benefit("Lương", LAW, Evidence.TEXT, parameter="base", period="month")
    assert figure_text(benefit, PARAMETERS, date(2024, 6, 30)) is None
    assert benefit_text(benefit, PARAMETERS, date(2024, 6, 30)) == "Lương"
    assert figure_text(benefit, PARAMETERS, TODAY) == "2.530.000 đồng/tháng"


@pytest.mark.parametrize(("text", "within"), [("Lãi suất", "lãi suất"), ("UBND xã", "UBND xã"), ("", "")])
def test_a_name_within_a_sentence_begins_small_unless_it_is_all_capitals(text: str, within: str) -> None:
    assert lower_first(text) == within


def test_a_criterion_is_shown_with_the_document_in_force(small: Snapshot) -> None:
    old = LegalDocument("1/2025/NĐ-CP", "Cũ", effective_to=date(2026, 10, 4), replaced_by="2/2026/NĐ-CP")
    documents = {d.number: d for d in (old, LegalDocument("2/2026/NĐ-CP", "Mới"))}
    snapshot = replace(small, documents=documents)
    result = CriterionResult(criterion("island"), (None, "island"), Verdict.UNKNOWN, None)
    assert criterion_view(result, snapshot, date(2026, 10, 4)).legal_basis == "Điều 2, 1/2025/NĐ-CP"
    assert criterion_view(result, snapshot, date(2026, 10, 5)).legal_basis == "2/2026/NĐ-CP"


def test_papers_and_steps() -> None:
    paper = RequiredDocument("Tờ khai", note="bản chính", form="Mẫu số 01")
    assert document_text(paper) == "Tờ khai (Mẫu số 01) – bản chính"
    step = Step("Nộp hồ sơ.", where="UBND xã", time_limit="10 ngày", url="https://dichvucong.gov.vn")
    assert step_text(step) == (
        "Nộp hồ sơ. Nơi làm: UBND xã. Thời hạn: 10 ngày. Nộp qua mạng: https://dichvucong.gov.vn."
    )


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (("mother", "age"), Age.of_years(76, TODAY), "mẹ 76 tuổi"),
        (("mother", "age"), Age.born(1951), "mẹ 74–75 tuổi"),
        ((None, "household_class"), "near_poor", "loại hộ: hộ cận nghèo"),
        ((None, "island"), False, "ở đảo: không"),
        ((None, "commune"), "ba_to", "nơi ở: Xã Ba Tơ"),
        ((None, "commune"), "gone", "nơi ở: gone"),
        (("self", "pension_amount"), Decimal(1_500_000), "mình lương hưu: 1.500.000 đồng"),
        ((None, "household_size"), Decimal(4), "số người: 4"),
    ],
)
def test_facts_in_words(small: Snapshot, key: FactKey, value: FactValue, text: str) -> None:
    assert fact_text(key, value, small, TODAY) == text


def test_citations_come_once_and_with_the_document_s_days(small: Snapshot) -> None:
    views = citation_views([LAW, LAW, Citation("77/NQ")], small)
    assert [(v.document, v.article, v.effective_from) for v in views] == [
        ("1/2025/NĐ-CP", "Điều 2", "2025-07-01"),
        ("77/NQ", None, None),
    ]
    assert citation_text(LAW) == "Điều 2, 1/2025/NĐ-CP"


def test_one_row_from_memory_is_enough_to_say_so() -> None:
    sure, unsure = criterion("a"), criterion("b", evidence=Evidence.MEMORY)
    assert not rests_on_memory([sure])
    assert rests_on_memory([sure, unsure])
