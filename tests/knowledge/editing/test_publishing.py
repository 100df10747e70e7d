from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.knowledge.audit import Audit
from bot.knowledge.domain import Evidence
from bot.knowledge.editing import changesets
from bot.knowledge.editing.faults import ConflictError, FaultyError, NotAllowedError, StaleError
from bot.knowledge.editing.publishing import approve_and_publish, publish_due
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.journal import changes_since
from bot.knowledge.loader import load
from bot.knowledge.repository import load_snapshot
from bot.knowledge.snapshot import Snapshot

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
OLD_VALUE, NEW_VALUE = "luong/2024-07-01", "luong/2027-01-01"
DOCUMENT = {"number": "3/2026/NĐ-CP", "title": "Nghị định về lương cơ sở", "effective_from": "2027-01-01"}
VALUE = {
    "parameter": "luong", "applies_from": "2027-01-01", "amount": "2530000", "evidence": "text",
    "legal_basis": {"document": "3/2026/NĐ-CP", "article": "Điều 3"},
}  # fmt: skip


def do(engine: Engine, officer: str, step: Any, *arguments: Any, at: datetime = NOW, **more: Any) -> Any:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return step(Work(session, officer, at), *arguments, **more)


def content(engine: Engine, kind: Kind, key: str) -> Any:
    with Session(engine) as session:
        return changesets.published_content(session, kind, key)


def snapshot(engine: Engine) -> Snapshot:
    with engine.connect() as connection:
        return load_snapshot(connection)


def new_decree(engine: Engine) -> int:
    """A draft of Lan's: document, value, the end of the value before, and an FAQ entry."""
    number: int = do(engine, "lan", changesets.create, "Lương cơ sở 2027").id
    old = content(engine, Kind.PARAMETER_VALUE, OLD_VALUE)
    faq = content(engine, Kind.FAQ, "loan_amount")
    do(engine, "lan", changesets.put, number, Kind.PARAMETER_VALUE, VALUE)
    do(engine, "lan", changesets.put, number, Kind.PARAMETER_VALUE, {**old, "applies_to": "2026-12-31"})
    do(engine, "lan", changesets.put, number, Kind.FAQ, {**faq, "answer": "Tối đa 200 triệu đồng."})
    do(engine, "lan", changesets.put, number, Kind.LEGAL_DOCUMENT, DOCUMENT)
    return number


def published(engine: Engine, number: int) -> int:
    do(engine, "lan", changesets.submit, number)
    version: int = do(engine, "minh", approve_and_publish, number)
    return version


def changes(engine: Engine, since: int) -> set[tuple[str, str, str]]:
    with Session(engine) as session:
        journal = changes_since(session, since, limit=100)
        return {(change.kind, change.key, change.action) for change in journal.changes}


def test_what_was_published_is_noted_for_those_who_keep_a_copy(engine: Engine) -> None:
    first = published(engine, new_decree(engine))
    assert changes(engine, first - 1) == {
        ("parameter_value", OLD_VALUE, "changed"),
        ("parameter_value", NEW_VALUE, "added"),
        ("legal_document", "3/2026/NĐ-CP", "added"),
        ("faq", "loan_amount", "changed"),
    }
    number: int = do(engine, "lan", changesets.create, "Bỏ câu hỏi").id
    do(engine, "lan", changesets.remove, number, Kind.FAQ, "loan_amount")
    published(engine, number)
    assert changes(engine, first) == {("faq", "loan_amount", "removed")}


def test_an_approved_set_is_live_as_a_whole(engine: Engine) -> None:
    before = snapshot(engine)
    number = new_decree(engine)
    assert snapshot(engine) == before
    assert published(engine, number) == before.version + 1
    after = snapshot(engine)
    assert after.version == before.version + 1
    assert [value.amount for value in after.parameters["luong"].values][-1] == Decimal(2530000)
    assert after.parameters["luong"].values[-2].applies_to == date(2026, 12, 31)
    assert after.documents["3/2026/NĐ-CP"].title == "Nghị định về lương cơ sở"
    assert after.faqs["loan_amount"].answer == "Tối đa 200 triệu đồng."
    assert after.faqs["loan_amount"].evidence is Evidence.TEXT


def test_what_officers_published_survives_a_reload(engine: Engine, tmp_path: Path) -> None:
    number = new_decree(engine)
    do(engine, "lan", changesets.remove, number, Kind.COMMUNE, "20002")
    published(engine, number)
    after = snapshot(engine)
    assert "20002" not in after.communes
    load(engine, tmp_path / "data")
    assert snapshot(engine) == after


def test_nobody_approves_their_own(engine: Engine) -> None:
    number = new_decree(engine)
    do(engine, "lan", changesets.submit, number)
    with pytest.raises(NotAllowedError, match="không tự duyệt"):
        do(engine, "lan", changesets.approve, number)
    with Session(engine) as session:
        session.get_one(ChangeSetRecord, number).approver = "lan"
        with pytest.raises(IntegrityError):
            session.commit()


def test_a_unit_published_meanwhile_is_a_conflict_until_rebased(engine: Engine) -> None:
    mine, theirs = new_decree(engine), new_decree(engine)
    published(engine, theirs)
    with pytest.raises(ConflictError) as caught:
        do(engine, "lan", changesets.submit, mine)
    conflict = next(each for each in caught.value.conflicts if each.kind == "faq")
    assert conflict.base is not None
    assert conflict.published is not None
    assert conflict.base["answer"].startswith("Tối đa 100 triệu")
    assert conflict.published["answer"] == "Tối đa 200 triệu đồng."
    for each in caught.value.conflicts:
        do(engine, "lan", changesets.rebase, mine, Kind(each.kind), each.key)
    do(engine, "lan", changesets.submit, mine)


def test_a_fault_names_unit_and_field(engine: Engine) -> None:
    number = do(engine, "lan", changesets.create, "Thiếu văn bản").id
    do(engine, "lan", changesets.put, number, Kind.PARAMETER_VALUE, VALUE)
    with pytest.raises(FaultyError) as caught:
        do(engine, "lan", changesets.submit, number)
    missing, overlap = sorted(caught.value.faults, key=lambda fault: fault.field, reverse=True)
    assert (missing.kind, missing.key, missing.field) == ("parameter_value", NEW_VALUE, ("legal_basis", "document"))
    assert missing.value == "3/2026/NĐ-CP"
    assert "Sửa lại tên" in missing.mend
    assert (overlap.key, overlap.field) == (NEW_VALUE, ("applies_from",))


def test_a_unit_that_others_need_is_not_removed(engine: Engine) -> None:
    number = do(engine, "lan", changesets.create, "Bỏ tham số").id
    do(engine, "lan", changesets.remove, number, Kind.PARAMETER, "luong")
    with pytest.raises(FaultyError, match="Không có tham số nào là luong"):
        do(engine, "lan", changesets.submit, number)


def test_a_set_goes_back_with_a_reason_and_comes_again(engine: Engine) -> None:
    number = new_decree(engine)
    do(engine, "lan", changesets.submit, number)
    with pytest.raises(NotAllowedError, match="đã gửi duyệt"):
        do(engine, "lan", changesets.put, number, Kind.LEGAL_DOCUMENT, DOCUMENT)
    do(engine, "minh", changesets.reject, number, "Thiếu điều khoản")
    do(engine, "lan", changesets.put, number, Kind.LEGAL_DOCUMENT, DOCUMENT)
    published(engine, number)


def test_what_was_written_after_the_look_is_not_handed_over(engine: Engine) -> None:
    number = new_decree(engine)
    with Session(engine) as session:
        seen = session.get_one(ChangeSetRecord, number).revision
    do(engine, "lan", changesets.put, number, Kind.LEGAL_DOCUMENT, {**DOCUMENT, "title": "Một"})
    with pytest.raises(StaleError):
        do(engine, "lan", changesets.submit, number, seen=seen)
    do(engine, "lan", changesets.submit, number, seen=seen + 1)


def test_a_scheduled_set_waits_for_its_time(engine: Engine) -> None:
    number = new_decree(engine)
    do(engine, "lan", changesets.submit, number)
    do(engine, "minh", changesets.approve, number, NOW + timedelta(hours=1))
    assert publish_due(engine, NOW) == []
    (done,) = publish_due(engine, NOW + timedelta(hours=1))
    assert (done.change_set, done.problem) == (number, None)
    with Session(engine) as session:
        acts = {(act.officer, act.action) for act in session.scalars(select(Audit))}
    assert acts == {("hệ thống", "publish")}
    assert snapshot(engine).faqs["loan_amount"].answer == "Tối đa 200 triệu đồng."


def test_a_scheduled_set_that_conflicts_goes_back(engine: Engine) -> None:
    later, now = new_decree(engine), new_decree(engine)
    do(engine, "lan", changesets.submit, later)
    do(engine, "minh", changesets.approve, later, NOW + timedelta(hours=1))
    published(engine, now)
    (done,) = publish_due(engine, NOW + timedelta(hours=1))
    assert done.problem is not None
    with Session(engine) as session:
        found = session.get_one(ChangeSetRecord, later)
        assert (found.state, found.reason, found.approver) == ("draft", done.problem, None)
        assert len(found.changes) == 4
