from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import State
from tests.knowledge.auditing.faults import SMALL, new, seen, with_parameter, with_provisions
from tests.knowledge.rows import parameter

OLD, NOW = SMALL.programs["huu_tri"].provisions
HOUSE = SMALL.programs["xoa_nha"].provisions[0]
ROW = "programs › huu_tri"


@pytest.mark.parametrize("end", [date(2025, 7, 1), date(2027, 1, 1), None])
def test_two_provisions_of_a_day_are_an_error(end: date | None) -> None:
    changed = with_provisions("huu_tri", NOW, replace(OLD, applies_to=end))
    assert seen(changed) == [(Rule.OVERLAP, Severity.ERROR, ROW)]
    assert "30/06/2025" in new(changed)[0].mend


def test_two_provisions_from_one_day_on_are_told_apart_by_nobody() -> None:
    twin = replace(NOW, key="sinh_doi")
    found = new(with_provisions("huu_tri", OLD, NOW, twin))
    assert [(f.rule, "Bỏ một trong hai" in f.mend) for f in found] == [(Rule.OVERLAP, True)]


def test_two_values_of_a_day_are_an_error() -> None:
    both = parameter("muc_tro_cap", (date(2025, 1, 1), None, 500_000), (date(2026, 7, 1), None, 540_000))
    assert seen(with_parameter(both)) == [(Rule.OVERLAP, Severity.ERROR, "parameters › muc_tro_cap")]


def test_days_between_two_provisions_need_one_too() -> None:
    changed = with_provisions("huu_tri", replace(OLD, applies_to=date(2025, 5, 31)), NOW)
    assert seen(changed) == [(Rule.GAP, Severity.ERROR, ROW)]
    assert "từ 01/06/2025 đến 30/06/2025" in new(changed)[0].wrong


@pytest.mark.parametrize("state", [State.CLOSED, State.PENDING])
def test_a_closed_or_pending_provision_fills_a_gap(state: State) -> None:
    between = replace(HOUSE, key="giua", state=state, applies_from=date(2025, 6, 1), applies_to=date(2025, 6, 30))
    assert seen(with_provisions("huu_tri", replace(OLD, applies_to=date(2025, 5, 31)), between, NOW)) == []


@pytest.mark.parametrize(
    ("end", "found"),
    [
        (date(2026, 11, 23), [Severity.ERROR]),
        (date(2026, 11, 24), [Severity.ERROR]),
        (date(2026, 11, 25), [Severity.WARNING]),
        (date(2027, 12, 30), [Severity.WARNING]),
        (date(2027, 12, 31), []),
    ],
)
def test_a_program_that_ends_in_silence_is_an_error_once_it_has(end: date, found: list[Severity]) -> None:
    changed = with_provisions("xoa_nha", replace(HOUSE, applies_to=end))
    findings = seen(changed, until=date(2027, 12, 31))
    assert findings == [(Rule.GAP, severity, "programs › xoa_nha") for severity in found]


def test_a_program_without_any_provision_cannot_be_answered_today() -> None:
    assert seen(with_provisions("xoa_nha")) == [(Rule.GAP, Severity.ERROR, "programs › xoa_nha")]
