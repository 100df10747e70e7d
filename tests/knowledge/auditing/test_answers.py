from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import Benefit, Citation, Evidence
from tests.knowledge.auditing.faults import SMALL, new, seen, with_answer, with_parameter, with_provisions
from tests.knowledge.rows import LAW, parameter

ROW = "faq_entries › muc_huu_tri"
OUTDATED = [(Rule.OUTDATED_FIGURE, Severity.ERROR, ROW)]
UNKNOWN = [(Rule.UNKNOWN_FIGURE, Severity.WARNING, ROW)]
LATER = with_parameter(
    parameter(
        "muc_tro_cap",
        (date(2025, 1, 1), date(2026, 6, 30), 500_000),
        (date(2026, 7, 1), date(2026, 12, 31), 540_000),
        (date(2027, 1, 1), None, 600_000),
    )
)


@pytest.mark.parametrize("answer", ["Mỗi tháng 540.000 đồng.", "Mỗi tháng {muc_tro_cap}.", "Mỗi tháng 540 nghìn."])
def test_what_the_table_says_is_right(answer: str) -> None:
    assert seen(with_answer(answer)) == []


def test_the_figure_of_another_time_is_an_error_that_names_the_right_one() -> None:
    changed = with_answer("Mỗi tháng được 500.000 đồng.")
    assert seen(changed) == OUTDATED
    assert "từ 01/01/2025 đến 30/06/2026" in new(changed)[0].wrong
    assert "540.000 đồng" in new(changed)[0].wrong


def test_the_first_day_of_the_new_figure_excuses_no_old_one() -> None:
    assert seen(with_answer("Từ 01/7/2026 được 500.000 đồng một tháng.")) == OUTDATED


@pytest.mark.parametrize(
    "answer",
    [
        "Mỗi tháng 540.000 đồng (trước đó 500.000 đồng).",
        "Tháng 7 tăng từ 500.000 đồng lên 540.000 đồng.",
        "Đến hết ngày 30/6/2026 là 500.000 đồng. Sau đó là {muc_tro_cap}.",
        "Người mất trước 01/7/2026 tính theo 500.000 đồng.",
        "Nay {muc_tro_cap}; trước tháng 7/2026 là 500.000 đồng.",
    ],
)
def test_an_answer_may_tell_the_past(answer: str) -> None:
    assert seen(with_answer(answer)) == []


def test_what_followed_from_a_former_figure_may_be_told_with_its_last_day() -> None:
    assert seen(with_answer("Đến 30/6/2026, 3 tháng được 1.500.000 đồng. Nay mỗi tháng {muc_tro_cap}.")) == []
    assert seen(with_answer("Hồi ấy 3 tháng được 1.500.000 đồng. Nay mỗi tháng {muc_tro_cap}.")) == UNKNOWN


def test_an_entry_of_a_past_period_is_compared_with_that_period() -> None:
    past: dict[str, Any] = {"applies_from": date(2026, 1, 1), "applies_to": date(2026, 6, 30)}
    assert seen(with_answer("Mỗi tháng 500.000 đồng.", **past)) == []
    assert seen(with_answer("Mỗi tháng 540.000 đồng.", **past)) == OUTDATED


def test_an_entry_of_the_time_to_come_is_compared_with_its_first_day() -> None:
    ahead: dict[str, Any] = {"applies_from": date(2027, 1, 1)}
    assert seen(with_answer("Mỗi tháng 600.000 đồng.", LATER, **ahead)) == []
    assert seen(with_answer("Mỗi tháng 540.000 đồng.", LATER, **ahead)) == OUTDATED


def test_a_figure_to_come_needs_its_year() -> None:
    assert seen(with_answer("Từ năm 2027 mỗi tháng 600.000 đồng.", LATER)) == []
    assert seen(with_answer("Mỗi tháng 600.000 đồng.", LATER)) == OUTDATED


def test_a_figure_that_no_table_knows_is_a_warning() -> None:
    changed = with_answer("Mỗi tháng 545.000 đồng, bằng 7,25% lương.")
    assert seen(changed) == UNKNOWN
    assert "545.000 đồng, 7,25%" in new(changed)[0].wrong


@pytest.mark.parametrize(
    "answer",
    [
        "Hai người là 1.080.000 đồng.",
        "Cả năm 6.480.000 đồng.",
        "Mỗi quý 1.620.000 đồng.",
        "Được thêm 25%, tức 135.000 đồng, hay 405.000 đồng còn lại.",
    ],
)
def test_what_follows_from_the_table_in_one_step_is_right(answer: str) -> None:
    quarter = Benefit("Thêm", LAW, Evidence.TEXT, percent=Decimal(25))
    old, now = SMALL.programs["huu_tri"].provisions
    base = with_provisions("huu_tri", old, replace(now, benefits=(*now.benefits, quarter)))
    assert seen(with_answer(answer, base)) == []


def test_an_amount_of_something_else_is_no_money() -> None:
    old, now = SMALL.programs["huu_tri"].provisions
    days = Benefit("Nghỉ", LAW, Evidence.TEXT, amount=Decimal(540_540), unit="ngày")
    base = with_provisions("huu_tri", old, replace(now, benefits=(*now.benefits, days)))
    assert seen(with_answer("Được 540.540 đồng.", base)) == UNKNOWN
    money = with_provisions("huu_tri", old, replace(now, benefits=(*now.benefits, replace(days, unit="đồng/lần"))))
    assert seen(with_answer("Được 540.540 đồng.", money)) == []


def test_the_nearest_of_several_figures_is_named_first() -> None:
    old, now = SMALL.programs["huu_tri"].provisions
    before = replace(old, benefits=(*old.benefits, replace(old.benefits[0], amount=Decimal(9_000_000))))
    other = Benefit("Mai táng", LAW, Evidence.TEXT, amount=Decimal(10_800_000))
    base = with_provisions("huu_tri", before, replace(now, benefits=(*now.benefits, other)))
    assert "ngày ấy ghi: 10.800.000 đồng, 540.000 đồng" in new(with_answer("Được 9.000.000 đồng.", base))[0].wrong
    assert "ngày ấy ghi: 540.000 đồng, 10.800.000 đồng" in new(with_answer("Được 360.000 đồng.", base))[0].wrong


def test_an_answer_may_quote_its_documents_but_no_other_topic() -> None:
    other: dict[str, Any] = {"program": None, "topic": "electricity"}
    elsewhere: dict[str, Any] = {**other, "legal_basis": (Citation("9/2021/NĐ-CP"),)}
    assert seen(with_answer("Ngân sách đóng 70%.", legal_basis=(LAW,), **other)) == []
    assert seen(with_answer("Ngân sách đóng 70%.", **elsewhere)) == UNKNOWN


def test_an_example_may_suppose_a_figure() -> None:
    assert seen(with_answer("Ví dụ lương 7.777.000 đồng thì vẫn được {muc_tro_cap}.")) == []
    assert seen(with_answer("Ví dụ có 500.000 đồng thì vẫn được.")) == [(Rule.OUTDATED_FIGURE, Severity.WARNING, ROW)]


def test_where_the_tables_give_no_figure_any_more_the_old_one_is_a_warning() -> None:
    gone = with_answer("Được 360.000 đồng.", program=None, topic="electricity", legal_basis=(Citation("9/2021/NĐ-CP"),))
    assert seen(gone) == [(Rule.OUTDATED_FIGURE, Severity.WARNING, ROW)]
