"""The audit log: it grows, it is found again, and nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.knowledge.audit import Audit, record
from tests.console.conftest import START, Browser, Site
from tests.postgres import BOTH, address_of


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


def write(engine: Engine, key: str, days: int = 0, **after: object) -> None:
    with Session(engine) as db, db.begin():
        record(db, START + dt.timedelta(days=days), "lan", "change", "officer", key, {"name": "Cũ"}, after or None)


def test_what_json_does_not_know_becomes_text(engine: Engine) -> None:
    write(engine, "x", day=dt.date(2027, 1, 1), sum=Decimal("2340000.00"), words=["a", 1, None])
    with Session(engine) as db:
        row = db.query(Audit).one()
    assert row.after == {"day": "2027-01-01", "sum": "2340000.00", "words": ["a", 1, None]}
    assert row.at == START


@pytest.mark.parametrize("statement", ["UPDATE audit SET officer = 'ai'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_it(engine: Engine, statement: str) -> None:
    write(engine, "x")
    with pytest.raises(DatabaseError, match="only grows"), engine.begin() as db:
        db.execute(text(statement))
    with Session(engine) as db:
        assert db.query(Audit).one().officer == "lan"


async def test_is_searched_without_accents_and_by_days(site: Site, browser: Browser, engine: Engine) -> None:
    site.person("duyet", Role.APPROVER)
    await browser.sign_in("duyet")
    write(engine, "mot", name="Nguyễn Văn Đạt 100%")
    write(engine, "hai", days=3, name="Đặng Thị Bưởi")
    for query, found in (
        ("q=nguyen+dat", {"mot"}), ("q=BƯỞI", {"hai"}), ("q=100%25", {"mot"}), ("q=%25", {"mot"}), ("q=_", set()),
        ("from=2026-12-01", {"hai"}), ("to=2026-11-30&action=change", {"mot"}),
        ("from=2026-12-03&to=2026-12-03", {"hai"}),
        ("kind=officer&action=change", {"mot", "hai"}), ("from=hôm+qua&action=change", {"mot", "hai"}),
        ("to=9999-12-31&action=change", {"mot", "hai"}),
    ):  # fmt: skip
        page = (await browser.get(f"/audit?{query}")).text
        assert {key for key in ("mot", "hai") if f">{key}<" in page} == found, query


async def test_one_act_shows_what_it_changed(site: Site, browser: Browser, engine: Engine) -> None:
    site.person("duyet", Role.APPROVER)
    await browser.sign_in("duyet")
    write(engine, "mot", name="Mới <b>")
    with Session(engine) as db:
        key = db.query(Audit.id).filter(Audit.key == "mot").scalar()
    page = (await browser.get(f"/audit/{key}")).text
    assert "<del>Cũ</del><ins>Mới &lt;b&gt;</ins>" in page
    assert "30/11/2026 14:00" in page
    for nowhere in ("0", "x", "9" * 30, "²"):
        assert (await browser.get(f"/audit/{nowhere}")).status == 404
