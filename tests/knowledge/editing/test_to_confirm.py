from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.domain import Evidence
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.renewals import to_renew
from bot.knowledge.editing.to_confirm import confirm_unit, expiring, still_cited, unconfirmed
from bot.knowledge.editing.units import Kind
from bot.knowledge.loader import load
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


def test_what_ends_and_nothing_follows_is_listed(engine: Engine) -> None:
    rows = snapshot(engine)
    assert expiring(rows, date(2024, 6, 1)) == []  # Another provision follows.
    assert expiring(rows, TODAY) == []


def test_rows_that_rest_on_a_document_are_to_be_renewed(engine: Engine) -> None:
    rows = snapshot(engine)
    assert to_renew(rows, "2/2024/NĐ-CP", TODAY) == [
        (Kind.PARAMETER_VALUE, "luong/2024-07-01"), (Kind.PROVISION, "loan/2024"), (Kind.FAQ, "loan_amount"),
    ]  # fmt: skip
    assert to_renew(rows, "9/9999/NĐ-CP", TODAY) == []
    assert all("1/2020/NĐ-CP" in finding.wrong for finding in still_cited(rows, TODAY))
