from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import Operator, State
from tests.knowledge.auditing.faults import SMALL, new, seen, with_parameter, with_provisions
from tests.knowledge.rows import criterion, parameter

OLD, NOW = SMALL.programs["huu_tri"].provisions
FAULT = [(Rule.PARAMETER_WITHOUT_VALUE, Severity.ERROR, "programs › huu_tri › moi")]


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ([(date(2025, 7, 2), None, 540_000)], "01/07/2025"),
        ([(date(2025, 7, 1), date(2026, 6, 30), 500_000), (date(2026, 7, 3), None, 540_000)], "01/07/2026"),
        ([(date(2025, 7, 1), date(2026, 12, 31), 540_000)], "01/01/2027"),
    ],
)
def test_an_open_provision_needs_its_parameter_on_each_day(
    values: list[tuple[date, date | None, int]], day: str
) -> None:
    changed = with_parameter(parameter("muc_tro_cap", *values))
    assert seen(changed) == FAULT
    assert day in new(changed)[0].wrong


def test_an_open_end_is_followed_no_further_than_asked() -> None:
    changed = with_parameter(parameter("muc_tro_cap", (date(2025, 7, 1), date(2027, 11, 25), 540_000)))
    assert seen(changed) == []
    assert seen(changed, until=date(2027, 11, 25)) == []
    assert seen(changed, until=date(2027, 11, 26)) == FAULT


def test_a_criterion_needs_its_parameter_too() -> None:
    limit = criterion("pension_amount", Operator.AT_MOST, None, parameter="khong_co")
    changed = with_provisions("huu_tri", OLD, replace(NOW, common=(*NOW.common, limit)))
    assert seen(changed) == FAULT
    assert "khong_co không có giá trị vào ngày 01/07/2025" in new(changed)[0].wrong


def test_a_provision_that_cannot_be_used_needs_no_value() -> None:
    pending = replace(NOW, state=State.PENDING, note="Chưa công bố mức.")
    changed = with_provisions("huu_tri", OLD, pending)
    assert seen(with_parameter(parameter("muc_tro_cap", (date(2024, 1, 1), date(2024, 2, 1), 1)), changed)) == []
