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


async def test_a_rejected_set_shows_the_reason_without_personal_numbers(
    site: Site, lan: Browser, minh: Browser, engine: Engine
) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/submit")
    await minh.post(f"/changes/{number}/reject", reason="  ")
    assert "Hãy ghi lý do" in (await minh.get(f"/changes/{number}")).text
    await minh.post(f"/changes/{number}/reject", reason="Thiếu căn cứ, gọi 0905123456")
    assert "Thiếu căn cứ, gọi [số điện thoại]" in (await lan.get(f"/changes/{number}")).text
    assert site.told("reject") == [{"value": "Thiếu căn cứ, gọi [số điện thoại]"}]
    await lan.post(f"/changes/{number}/withdraw")
    assert stored(engine, number).state == "withdrawn"


async def test_a_withdrawn_set_is_opened_again_by_its_author(
    site: Site, lan: Browser, minh: Browser, engine: Engine
) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/submit")
    await minh.post(f"/changes/{number}/approve", when="later", publish_at="2026-12-01T08:00")
    page = (await lan.get(f"/changes/{number}")).text
    assert page.index("<summary>Rút lại, không dùng nữa") < page.index(f"/changes/{number}/withdraw")
    await lan.post(f"/changes/{number}/withdraw")
    other = await someone(site, "hoa", Role.EDITOR)
    await other.post(f"/changes/{number}/reopen")
    assert stored(engine, number).state == "withdrawn"
    assert "Mở lại để soạn tiếp" in (await lan.get(f"/changes/{number}")).text
    await lan.post(f"/changes/{number}/reopen")
    again = stored(engine, number)
    assert (again.state, again.approver, again.publish_at) == ("draft", None, None)
    assert ("lan", "reopen", str(number)) in site.acts()
    assert f"Mức vay mới (số {number})" in (await minh.get("/audit?action=reopen")).text
    await lan.post(f"/changes/{number}/submit")
    assert stored(engine, number).state == "submitted"


async def test_a_draft_is_renamed(site: Site, lan: Browser, engine: Engine) -> None:
    number = drafted(engine)
    assert f"/changes/{number}/rename" in (await lan.get(f"/changes/{number}")).text
    await lan.post(f"/changes/{number}/rename", title="  ")
    assert stored(engine, number).title == "Mức vay mới"
    await lan.post(f"/changes/{number}/rename", title="Vay  vốn 2027")
    assert stored(engine, number).title == "Vay vốn 2027"
    assert site.told("rename") == [{"value": "Vay vốn 2027"}]
    await lan.post(f"/changes/{number}/submit")
    await lan.post(f"/changes/{number}/rename", title="Khác")
    assert stored(engine, number).title == "Vay vốn 2027"


async def test_a_unit_is_dropped_only_after_a_second_thought(lan: Browser, engine: Engine) -> None:
    page = (await lan.get(f"/changes/{drafted(engine)}")).text
    opened = page.rindex("<details>", 0, page.index("/drop"))
    assert "</details>" not in page[opened : page.index("/drop")]


@pytest.mark.parametrize(
    ("step", "said"), [("submit", "chỉ làm được khi"), ("undo", "chưa được công bố"), ("withdraw", "đã rút;")]
)
async def test_a_refusal_is_shown_as_one(lan: Browser, engine: Engine, step: str, said: str) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/withdraw")
    await lan.get(f"/changes/{number}")
    await lan.post(f"/changes/{number}/{step}")
    _, found, rest = (await lan.get(f"/changes/{number}")).text.partition('<div class="refused" role="alert">')
    assert found
    assert said in rest.partition("</div>")[0]
    assert 'class="said"' not in rest
    assert 'role="alert"' not in (await lan.get(f"/changes/{number}")).text


async def test_a_time_to_publish_is_not_years_away(lan: Browser, minh: Browser, engine: Engine) -> None:
    number = drafted(engine)
    await lan.post(f"/changes/{number}/submit")
    await minh.post(f"/changes/{number}/approve", when="later", publish_at="2099-01-01T08:00")
    assert "trong vòng hai năm tới. Đã chọn: 01/01/2099 08:00." in (await minh.get(f"/changes/{number}")).text
    assert stored(engine, number).state == "submitted"


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


def ending(engine: Engine, last: str) -> int:
    """A draft that ends the one open provision."""
    with Session(engine) as session, session.begin():
        work = Work(session, "lan", START)
        content = changesets.published_content(session, Kind.PROVISION, "loan/2024")
        made = changesets.create(work, "Hết hạn")
        changesets.put(work, made.id, Kind.PROVISION, {**(content or {}), "applies_to": last})
        return made.id


async def test_what_a_draft_would_break_stands_in_its_way(lan: Browser, engine: Engine) -> None:
    number = ending(engine, "2026-10-31")
    page = (await lan.get(f"/changes/{number}")).text
    assert "Phải sửa trước khi gửi duyệt (1)" in page
    assert "Cho vay hộ nghèo" in page
    assert "Không có quy định nào cho các ngày từ 01/11/2026." in page
    assert "Gửi duyệt</button>" not in page
    await lan.post(f"/changes/{number}/submit")
    assert "bản soạn làm 1 chỗ không còn đúng" in (await lan.get(f"/changes/{number}")).text
    assert stored(engine, number).state == "draft"


async def test_a_warning_is_shown_to_author_and_approver_and_stops_nobody(
    lan: Browser, minh: Browser, engine: Engine
) -> None:
    number = ending(engine, "2027-03-31")
    page = (await lan.get(f"/changes/{number}")).text
    assert ("Nên xem lại (1)" in page, "Phải sửa" in page) == (True, False)
    await lan.post(f"/changes/{number}/submit")
    assert stored(engine, number).state == "submitted"
    page = (await minh.get(f"/changes/{number}")).text
    assert "Nên xem lại (1)" in page
    assert "/edit" not in page


def many(engine: Engine, size: int) -> int:
    """A draft of so many new FAQ entries and one program; the third entry quotes a figure that no table has."""
    with Session(engine) as session, session.begin():
        work = Work(session, "lan", START)
        faq = changesets.published_content(session, Kind.FAQ, "loan_amount") or {}
        program = changesets.published_content(session, Kind.PROGRAM, "loan") or {}
        made = changesets.create(work, "Nhập từ Excel")
        entries = {
            (Kind.FAQ, f"moi_{at}"): {**faq, "id": f"moi_{at}", "question": f"Câu hỏi thứ {at}?", "answer": "Có."}
            for at in range(size)
        }
        entries[(Kind.FAQ, "moi_2")]["answer"] = "Được 777.000.000 đồng."
        renamed = {**program, "short_name": "Vay"}
        changesets.put_all(work, made.id, {**entries, (Kind.PROGRAM, "loan"): renamed})
        return made.id


async def test_a_list_with_nothing_to_show_says_whether_it_was_asked_for_less(lan: Browser) -> None:
    assert "Chưa có mục nào." in (await lan.get("/changes")).text
    assert "Không có mục nào như vậy." in (await lan.get("/changes?q=vay")).text


async def test_a_huge_draft_comes_in_pages(lan: Browser, engine: Engine) -> None:
    number = many(engine, 45)
    page = (await lan.get(f"/changes/{number}")).text
    assert "46 mục, đang xem 1–20." in page
    assert ("Câu hỏi thứ 19?" in page, "Câu hỏi thứ 20?" in page) == (True, False)
    page = (await lan.get(f"/changes/{number}?page=3")).text
    assert "đang xem 41–46" in page
    page = (await lan.get(f"/changes/{number}?page=99")).text
    assert "đang xem 41–46" in page
    answer = await lan.post(f"/changes/{number}/drop?page=3", kind="faq", key="moi_41")
    assert answer.leads_to == f"/console/changes/{number}?page=3"


@pytest.mark.parametrize(
    ("query", "told", "shown"),
    [
        ("?kind=program", "46 mục, 1 mục như đang tìm.", "Chương trình: Cho vay hộ nghèo"),
        ("?look=yes", "46 mục, 1 mục như đang tìm.", "Câu hỏi thứ 2?"),
        ("?q=cau+hoi+thu+33", "46 mục, 1 mục như đang tìm.", "Câu hỏi thứ 33?"),
        ("?q=khong+co+gi", "46 mục, 0 mục như đang tìm.", "Không có mục nào như vậy."),
    ],
)
async def test_a_huge_draft_is_searched(lan: Browser, engine: Engine, query: str, told: str, shown: str) -> None:
    page = (await lan.get(f"/changes/{many(engine, 45)}{query}")).text
    assert told in page
    assert shown in page
    assert "Câu hỏi thường gặp (45)" in page
