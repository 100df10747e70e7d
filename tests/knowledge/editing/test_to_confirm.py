from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.domain import Citation, Evidence
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.renewals import to_renew
from bot.knowledge.editing.to_confirm import confirm_unit, expiring, still_cited, unconfirmed
from bot.knowledge.editing.units import Kind
from bot.knowledge.loader import load
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.editing.test_publishing import changes, do, snapshot

TODAY = date(2026, 11, 25)


def _waiting(engine: Engine) -> list[tuple[Kind, str]]:
    with Session(engine) as session:
        return [(each.kind, each.key) for each in unconfirmed(session)]


def test_a_confirmed_unit_waits_no_more_and_counts_as_read(engine: Engine, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert _waiting(engine)[0] == (Kind.OFFICE, "bank")
    assert (Kind.FAQ, "loan_amount") in _waiting(engine)
    for kind, key in _waiting(engine):
        before = snapshot(engine).version
        do(engine, "minh", confirm_unit, kind, key)
        assert changes(engine, before) == {(kind.value, key, "changed")}
    assert _waiting(engine) == []
    assert snapshot(engine).offices["bank"].evidence is Evidence.TEXT
    load(engine, tmp_path / "data")
    assert _waiting(engine) == []
    with pytest.raises(NotAllowedError, match="đã được minh xác nhận"):
        do(engine, "minh", confirm_unit, Kind.OFFICE, "bank")


def ending(rows: Snapshot, last: date, *, followed_from: date | None = None) -> Snapshot:
    """The loan, ending on ``last``; with a provision from another day on if given."""
    loan = rows.programs["loan"]
    *before, now = loan.provisions
    after = [replace(now, key="next", applies_from=followed_from)] if followed_from else []
    made = replace(loan, provisions=(*before, replace(now, applies_to=last), *after))
    return replace(rows, programs={"loan": made})


def test_what_ends_and_nothing_follows_is_listed(engine: Engine) -> None:
    rows = snapshot(engine)
    assert expiring(rows, TODAY) == []  # Without a last day.
    assert expiring(rows, date(2024, 6, 1)) == []  # Another provision follows at once.
    last = TODAY + timedelta(days=60)
    assert expiring(ending(rows, last), TODAY) == [("loan/2024", last)]
    assert expiring(ending(rows, TODAY), TODAY) == [("loan/2024", TODAY)]
    assert expiring(ending(rows, last + timedelta(days=1)), TODAY) == []
    assert expiring(ending(rows, last, followed_from=last + timedelta(days=1)), TODAY) == []
    assert expiring(ending(rows, last, followed_from=last + timedelta(days=2)), TODAY) == [("loan/2024", last)]


def test_the_nearest_end_comes_first(engine: Engine) -> None:
    rows = ending(snapshot(engine), TODAY + timedelta(days=30))
    sooner = ending(rows, TODAY + timedelta(days=3)).programs["loan"]
    both = replace(rows, programs={**rows.programs, "sooner": replace(sooner, id="sooner")})
    assert [key for key, _ in expiring(both, TODAY)] == ["sooner/2024", "loan/2024"]


def test_what_cites_an_ended_document_is_listed_while_it_holds(engine: Engine) -> None:
    rows = snapshot(engine)
    decree = replace(rows.documents["2/2024/NĐ-CP"], effective_to=TODAY)
    rows = replace(rows, documents={**rows.documents, decree.number: decree})
    found = {finding.row for finding in still_cited(rows, TODAY + timedelta(days=1)) if decree.number in finding.wrong}
    assert found >= {"parameters › luong › 01/07/2024", "programs › loan › 2024", "faq_entries › loan_amount"}
    assert all("programs › loan › 2021" not in row for row in found)
    assert all(decree.number not in finding.wrong for finding in still_cited(rows, TODAY - timedelta(days=1)))


def test_a_successor_of_known_day_ends_what_it_replaces(engine: Engine) -> None:
    rows = snapshot(engine)
    old = rows.documents["1/2020/NĐ-CP"]
    assert old.effective_to is None
    faq = replace(rows.faqs["loan_amount"], legal_basis=(Citation(old.number),))
    (finding,) = still_cited(replace(rows, faqs={faq.id: faq}, programs={}, parameters={}), TODAY)
    assert finding.row == "faq_entries › loan_amount"
    assert "30/06/2024" in finding.wrong
    assert "2/2024/NĐ-CP" in finding.mend


def test_rows_that_rest_on_a_document_are_to_be_renewed(engine: Engine) -> None:
    rows = snapshot(engine)
    assert to_renew(rows, "2/2024/NĐ-CP", TODAY) == [
        (Kind.PARAMETER_VALUE, "luong/2024-07-01"), (Kind.PROVISION, "loan/2024"), (Kind.FAQ, "loan_amount"),
    ]  # fmt: skip
    assert to_renew(rows, "9/9999/NĐ-CP", TODAY) == []
    assert all("1/2020/NĐ-CP" in finding.wrong for finding in still_cited(rows, TODAY))
