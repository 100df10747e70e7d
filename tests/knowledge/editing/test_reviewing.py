"""A draft is looked at before it is published: what it newly breaks, and what was so before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Rule
from bot.knowledge.editing import changesets
from bot.knowledge.editing.reviewing import Review, review
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.repository import load_snapshot

DAY = date(2026, 11, 25)


def reviewed(engine: Engine, kind: Kind, key: str, **fields: Any) -> Review:
    """The review of a draft that gives one unit other ``fields``."""
    with Session(engine) as session, session.begin():
        work = Work(session, "lan", datetime(2026, 11, 25, 2, tzinfo=UTC))
        made = changesets.create(work, "Thử")
        content = changesets.published_content(session, kind, key)
        changesets.put(work, made.id, kind, {**(content or {}), **fields})
        return review(session, made, DAY, audit(load_snapshot(session), DAY))


@pytest.mark.parametrize(("last", "error"), [("2026-10-31", True), ("2027-03-31", False)])
def test_days_without_a_provision_are_an_error_and_those_to_come_a_warning(
    engine: Engine, last: str, error: bool
) -> None:
    found = reviewed(engine, Kind.PROVISION, "loan/2024", applies_to=last)
    (gap,) = found.errors if error else found.warnings
    assert (gap.rule, gap.row) == (Rule.GAP, "programs › loan")
    assert found.clear is not error
    assert not found.faults


def test_a_figure_of_former_days_is_an_error(engine: Engine) -> None:
    found = reviewed(engine, Kind.FAQ, "loan_amount", answer="Lương cơ sở là 1.490.000 đồng.")
    assert [each.rule for each in found.errors] == [Rule.OUTDATED_FIGURE]


def test_what_was_found_before_is_no_fault_of_the_draft(engine: Engine) -> None:
    with Session(engine) as session:
        assert audit(load_snapshot(session), DAY), "the small world has findings of its own"
    assert reviewed(engine, Kind.OFFICE, "bank", phone="0255 111 222") == Review()


def test_rows_that_do_not_fit_together_are_told_and_not_audited(engine: Engine) -> None:
    found = reviewed(engine, Kind.PROGRAM, "loan", office="nowhere")
    assert [(fault.key, fault.field) for fault in found.faults] == [("loan", ("office",))]
    assert (found.findings, found.clear) == ((), False)


def test_rows_that_still_cite_an_ended_document_do_not_hold_its_successor_up(engine: Engine) -> None:
    found = reviewed(engine, Kind.LEGAL_DOCUMENT, "2/2024/NĐ-CP", effective_to="2026-10-31")
    assert {each.rule for each in found.warnings} == {Rule.ENDED_DOCUMENT}
    assert found.clear
