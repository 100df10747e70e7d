"""The way of a change from draft to published and back, on both databases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.knowledge.editing import changesets
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.loader import load
from tests.console.conftest import START, Browser, Site
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of

NEW = "Tối đa 200 triệu đồng."


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


@pytest.fixture
def engine(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write(tmp_path / "data", seeds()))
    return engine


@pytest.fixture
async def lan(site: Site) -> Browser:
    """An editor."""
    return await someone(site, "lan", Role.EDITOR)


@pytest.fixture
async def minh(site: Site) -> Browser:
    """An approver."""
    return await someone(site, "minh", Role.APPROVER)


async def someone(site: Site, login: str, *roles: Role) -> Browser:
    site.person(login, *roles)
    browser = site.browser()
    await browser.sign_in(login)
    return browser


def drafted(engine: Engine, officer: str = "lan", answer: str = NEW) -> int:
    """A draft that gives the entry ``loan_amount`` another answer."""
    with Session(engine) as session, session.begin():
        work = Work(session, officer, START)
        content = changesets.published_content(session, Kind.FAQ, "loan_amount")
        assert content is not None
        made = changesets.create(work, "Mức vay mới")
        changesets.put(work, made.id, Kind.FAQ, {**content, "answer": answer})
        return made.id


def stored(engine: Engine, number: int) -> ChangeSetRecord:
    with Session(engine) as session:
        return session.get_one(ChangeSetRecord, number)


def answer_of(engine: Engine) -> Any:
    with Session(engine) as session:
        return (changesets.published_content(session, Kind.FAQ, "loan_amount") or {}).get("answer")


async def test_from_draft_to_published_and_back(site: Site, lan: Browser, minh: Browser, engine: Engine) -> None:
    old, number = answer_of(engine), drafted(engine)
    page = await lan.get(f"/changes/{number}")
    assert "<ins>200</ins>" in page.text
    await lan.post(f"/changes/{number}/submit")
    await minh.get(f"/changes/{number}")
    await minh.post(f"/changes/{number}/approve", when="now")
    assert answer_of(engine) == NEW
    assert ("minh", "publish", str(number)) in site.acts()
    back = await lan.post(f"/changes/{number}/undo")
    undone = int(back.leads_to.rsplit("/", 1)[1])
    await lan.post(f"/changes/{undone}/submit")
    await minh.post(f"/changes/{undone}/approve", when="now")
    assert answer_of(engine) == old


async def test_the_author_does_not_approve(site: Site, engine: Engine) -> None:
    both = await someone(site, "lan", Role.EDITOR, Role.APPROVER)
    number = drafted(engine)
    await both.post(f"/changes/{number}/submit")
    page = await both.get(f"/changes/{number}")
    assert ("Đang chờ một người duyệt khác" in page.text, "Duyệt và công bố ngay" in page.text) == (True, False)
    await both.post(f"/changes/{number}/approve", when="now")
    assert "không tự duyệt" in (await both.get(f"/changes/{number}")).text
    assert stored(engine, number).state == "submitted"


async def test_a_rejected_set_shows_the_reason(lan: Browser, minh: Browser, engine: Engine) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/submit")
    await minh.post(f"/changes/{number}/reject", reason="  ")
    assert "Hãy ghi lý do" in (await minh.get(f"/changes/{number}")).text
    await minh.post(f"/changes/{number}/reject", reason="Thiếu căn cứ")
    assert "Thiếu căn cứ" in (await lan.get(f"/changes/{number}")).text
    await lan.post(f"/changes/{number}/withdraw")
    assert stored(engine, number).state == "withdrawn"


async def test_a_time_to_publish_lies_ahead(site: Site, lan: Browser, minh: Browser, engine: Engine) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/submit")
    for wrong in ("", "ngày mai", "2026-11-30T13:59"):
        await minh.post(f"/changes/{number}/approve", when="later", publish_at=wrong)
        assert "ở sau lúc này" in (await minh.get(f"/changes/{number}")).text, wrong
    await minh.post(f"/changes/{number}/approve", when="later", publish_at="2026-12-01T08:00")
    assert stored(engine, number).publish_at == dt.datetime(2026, 12, 1, 1, tzinfo=dt.timezone.utc)
    assert "01/12/2026 08:00" in (await lan.get(f"/changes/{number}")).text
    await minh.post(f"/changes/{number}/publish")
    assert answer_of(engine) == NEW


async def test_a_conflict_shows_both_sides_and_loses_nothing(
    site: Site, lan: Browser, minh: Browser, engine: Engine
) -> None:
    mine, theirs = drafted(engine), drafted(engine, "hoa", "Tối đa 300 triệu đồng.")
    hoa = await someone(site, "hoa", Role.EDITOR)
    await hoa.post(f"/changes/{theirs}/submit")
    await minh.post(f"/changes/{theirs}/approve", when="now")
    await lan.post(f"/changes/{mine}/submit")
    page = await lan.get(f"/changes/{mine}")
    assert "Chưa làm được" in page.text
    assert "Người khác vừa công bố" in page.text
    assert "<ins>300</ins>" in page.text
    assert "<ins>200</ins>" in page.text
    answer = await lan.post(f"/changes/{mine}/rebase", kind="faq", key="loan_amount")
    assert answer.leads_to == f"/console/faq/loan_amount/edit?in={mine}"
    await lan.post(f"/changes/{mine}/submit")
    assert stored(engine, mine).state == "submitted"


async def test_a_fault_is_shown_with_its_mend(lan: Browser, engine: Engine) -> None:
    number = drafted(engine)
    with Session(engine) as session, session.begin():
        work = Work(session, "lan", START)
        content = changesets.published_content(session, Kind.FAQ, "loan_amount")
        changesets.put(work, number, Kind.FAQ, {**(content or {}), "legal_basis": [{"document": "9/2026/NĐ-CP"}]})
    page = await lan.get(f"/changes/{number}")
    assert "Đã ghi: “9/2026/NĐ-CP”." in page.text
    assert "Gửi duyệt</button>" not in page.text
    await lan.post(f"/changes/{number}/submit")
    assert "còn 1 lỗi" in (await lan.get(f"/changes/{number}")).text
    await lan.post(f"/changes/{number}/drop", kind="faq", key="loan_amount")
    assert "chưa có nội dung nào" in (await lan.get(f"/changes/{number}")).text


async def test_the_list_is_filtered_by_state_and_author(lan: Browser, engine: Engine) -> None:
    first, second = drafted(engine), drafted(engine, "hoa")
    await lan.post(f"/changes/{first}/submit")
    for query, shown in (
        ("", {first, second}),
        ("?who=me", {first}),
        ("?who=others", {second}),
        ("?state=draft", {second}),
    ):
        page = await lan.get(f"/changes{query}")
        assert {number for number in (first, second) if f'/changes/{number}"' in page.text} == shown, query


async def test_what_is_no_change_set_is_not_found(lan: Browser) -> None:
    for number in ("999", "x", "9" * 30):
        assert (await lan.get(f"/changes/{number}")).status == 404
