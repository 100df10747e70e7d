from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import Citation, LegalDocument, Parameter, State
from tests.knowledge.auditing.faults import (
    SMALL,
    new,
    seen,
    with_answer,
    with_documents,
    with_parameter,
    with_provisions,
)
from tests.knowledge.rows import LAW, OLD_LAW, TODAY, parameter

OLD, NOW = SMALL.programs["huu_tri"].provisions
HOUSE = SMALL.programs["xoa_nha"].provisions[0]
NOWHERE = Citation("404/2026/NĐ-CP", "Điều 1")
ENDED = LegalDocument("8/2020/NĐ-CP", "Nghị định hết hiệu lực", effective_to=date(2026, 10, 4))
OF_ENDED = Citation(ENDED.number, "Điều 3")
ANSWER = SMALL.faqs["muc_huu_tri"].answer


def test_a_missing_document_is_an_error_wherever_it_is_cited() -> None:
    found = [
        *seen(with_answer(ANSWER, legal_basis=(NOWHERE,))),
        *seen(with_provisions("huu_tri", OLD, replace(NOW, legal_basis=(LAW, NOWHERE)))),
        *seen(with_provisions("huu_tri", OLD, replace(NOW, common=(replace(NOW.common[0], legal_basis=NOWHERE),)))),
        *seen(with_provisions("huu_tri", OLD, replace(NOW, benefits=(replace(NOW.benefits[0], legal_basis=NOWHERE),)))),
        *seen(with_parameter(_parameter(NOWHERE))),
    ]
    assert {finding[:2] for finding in found} == {(Rule.MISSING_DOCUMENT, Severity.ERROR)}
    assert [row for _, _, row in found] == [
        "faq_entries › muc_huu_tri",
        "programs › huu_tri › moi",
        "programs › huu_tri › moi › Không có lương hưu",
        "programs › huu_tri › moi › Trợ cấp hằng tháng",
        "parameters › muc_tro_cap › 01/01/2025",
    ]


def test_an_ended_document_is_an_error_for_what_rests_on_it_alone() -> None:
    base = with_documents([ENDED])
    found = [
        *seen(with_answer(ANSWER, base, legal_basis=(OF_ENDED,))),
        *seen(with_documents([ENDED], with_provisions("huu_tri", OLD, replace(NOW, legal_basis=(OF_ENDED,))))),
        *seen(with_parameter(_parameter(OF_ENDED), base)),
    ]
    rows = ["faq_entries › muc_huu_tri", "programs › huu_tri › moi", "parameters › muc_tro_cap › 01/01/2025"]
    # Criteria and benefits of the provision still cite the law in force, each by itself.
    assert found == [(Rule.ENDED_DOCUMENT, Severity.ERROR, row) for row in rows]


def test_an_ended_document_beside_one_in_force_is_a_warning() -> None:
    both = with_answer(ANSWER, with_documents([ENDED]), legal_basis=(LAW, OF_ENDED))
    assert seen(both) == [(Rule.ENDED_DOCUMENT, Severity.WARNING, "faq_entries › muc_huu_tri")]


def test_an_ended_document_beside_its_successor_gives_way_to_it() -> None:
    replaced = replace(ENDED, replaced_by=LAW.document)
    both = with_answer(ANSWER, with_documents([replaced]), legal_basis=(LAW, OF_ENDED))
    assert seen(both) == []


@pytest.mark.parametrize(("first", "found"), [(date(2026, 10, 4), 1), (date(2026, 10, 5), 0)])
def test_a_row_that_began_after_the_end_of_a_document_tells_of_former_times(first: date, found: int) -> None:
    both = with_answer(ANSWER, with_documents([ENDED]), legal_basis=(LAW, OF_ENDED), applies_from=first)
    assert len(seen(both)) == found
    alone = with_answer(ANSWER, with_documents([ENDED]), legal_basis=(OF_ENDED,), applies_from=first)
    assert seen(alone) == [(Rule.ENDED_DOCUMENT, Severity.ERROR, "faq_entries › muc_huu_tri")]


def test_a_document_that_ends_later_still_founds_a_row_today() -> None:
    soon = LegalDocument("6/2025/NĐ-CP", "Nghị định sắp hết hiệu lực", effective_to=TODAY)
    changed = with_answer(ANSWER, with_documents([ENDED, soon]), legal_basis=(OF_ENDED, Citation(soon.number)))
    assert seen(changed) == [(Rule.ENDED_DOCUMENT, Severity.WARNING, "faq_entries › muc_huu_tri")] * 2


@pytest.mark.parametrize(
    ("successor_from", "found"),
    [
        (date(2026, 11, 25), [Severity.ERROR]),
        (date(2026, 11, 26), [Severity.WARNING]),
        (None, [Severity.ERROR]),
        (date(2027, 11, 26), []),
    ],
)
def test_a_replaced_document_ends_when_its_successor_begins(successor_from: date | None, found: list[Severity]) -> None:
    replaced = LegalDocument("7/2020/NĐ-CP", "Nghị định được thay", replaced_by="6/2026/NĐ-CP")
    successor = LegalDocument("6/2026/NĐ-CP", "Nghị định thay", effective_from=successor_from)
    changed = with_answer(ANSWER, with_documents([replaced, successor]), legal_basis=(Citation(replaced.number),))
    assert seen(changed) == [(Rule.ENDED_DOCUMENT, severity, "faq_entries › muc_huu_tri") for severity in found]
    assert all("bằng 6/2026/NĐ-CP" in finding.mend for finding in new(changed))


def test_what_is_past_or_closed_may_rest_on_what_has_ended() -> None:
    base = with_documents([ENDED])
    assert seen(with_answer(ANSWER, base, legal_basis=(OF_ENDED,), applies_to=date(2026, 11, 24))) == []
    past = replace(OLD, legal_basis=(OF_ENDED,), benefits=())
    assert seen(with_documents([ENDED], with_provisions("huu_tri", past, NOW))) == []
    closed = replace(HOUSE, legal_basis=(OF_ENDED,))
    assert closed.state is State.CLOSED
    assert seen(with_documents([ENDED], with_provisions("xoa_nha", closed))) == []


def test_an_amount_may_apply_before_its_document_takes_effect() -> None:
    late = LegalDocument("5/2026/NĐ-CP", "Nghị định mới", effective_from=date(2027, 1, 1))
    assert seen(with_parameter(_parameter(Citation(late.number)), with_documents([late]))) == []


def test_a_document_still_holds_on_its_last_day() -> None:
    last_today = replace(ENDED, effective_to=TODAY)
    changed = with_answer(ANSWER, with_documents([last_today]), legal_basis=(OF_ENDED,), applies_to=TODAY)
    assert seen(changed) == []


def test_the_old_law_of_the_small_snapshot_has_no_known_end() -> None:
    assert seen(with_answer(ANSWER, legal_basis=(OLD_LAW,))) == []


def _parameter(citation: Citation) -> Parameter:
    made = parameter("muc_tro_cap", (date(2025, 1, 1), None, 540_000))
    return replace(made, values=(replace(made.values[0], legal_basis=citation),))
