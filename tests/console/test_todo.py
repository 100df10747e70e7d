"""The to-do page: what waits is counted and leads somewhere; a confirmed row waits no more."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.zalo_oa.models import ZaloToken
from bot.console import waiting
from bot.console.roles import Role
from bot.conversation.retention.models import RetentionRun
from bot.knowledge.repository import load_snapshot
from tests.console.conftest import START, Browser, Site
from tests.console.policy import engine
from tests.postgres import BOTH, address_of

__all__ = ["engine"]

DAY = dt.date(2026, 11, 30)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


def parts(engine: Engine) -> dict[str, waiting.Part]:
    with Session(engine) as db:
        return {part.title: part for part in waiting.gather(db, load_snapshot(db), DAY, START)}


def test_what_waits_is_counted(engine: Engine) -> None:
    found = parts(engine)
    assert found["Dòng chưa xác nhận"].count == 4
    assert found["Câu hỏi thường gặp chưa ai duyệt"].count == 1
    assert found["Người dân chờ cán bộ"].count == 0
    assert found["Dọn dữ liệu cá nhân"].lines[0].text == "Chưa chạy lần nào."


def test_tokens_that_cannot_be_renewed_for_long_are_named(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        for number, renewed in enumerate((START - dt.timedelta(days=80), START)):
            expires = renewed + dt.timedelta(hours=25) if number else START + dt.timedelta(hours=1)
            token = ZaloToken(app_id=str(number), access="x", refresh="x", expires_at=expires, renewed_at=renewed)
            db.add(token)
    (line,) = parts(engine)["Khoá Zalo cần xem lại"].lines
    assert line.text == "Hết hạn làm mới lúc 10/12/2026 14:00"


def test_a_run_that_stopped_is_told(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        db.add(RetentionRun(day=DAY, owner="a", started_at=START, lease_until=START, done={}, problem="đĩa đầy"))
    assert "đĩa đầy" in parts(engine)["Dọn dữ liệu cá nhân"].lines[0].text


async def test_a_confirmed_row_waits_no_more(site: Site, browser: Browser) -> None:
    site.person("minh", Role.APPROVER)
    await browser.sign_in("minh")
    page = (await browser.get("/todo")).text
    assert 'href="/console/todo/confirm?faq=no"' in page
    assert "Ngân hàng Chính sách" in (await browser.get("/todo/confirm?faq=no")).text
    page = (await browser.get("/todo/confirm/provision/loan%2F2024")).text
    assert "https://example.org/2" in page
    for told in (
        "Người già làm nông:",
        "– Từ 60 tuổi (máy xét: ",
        "0,5 × Lương cơ sở trở",
        "Nhóm điều kiện: Người già",
    ):
        assert told in page
    for key in ("Mã", "So sánh", "poor", "80.5"):
        assert key not in page.partition("<main")[2]
    answer = await browser.post("/todo/confirm/provision/loan%2F2024")
    assert answer.leads_to == "/console/todo/confirm"
    assert site.acts()[-1] == ("minh", "confirm", "loan/2024")
    assert "từ 01/07/2024" not in (await browser.get("/todo/confirm?faq=no")).text
    again = await browser.post("/todo/confirm/provision/loan%2F2024")
    assert (again.status, "đã được minh xác nhận" in again.text) == (409, True)
    assert (await browser.get("/todo/confirm/nothing/x")).status == 404


async def test_an_editor_compares_and_does_not_confirm(site: Site, browser: Browser) -> None:
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    page = (await browser.get("/todo/confirm/office/bank")).text
    assert "xác nhận đúng" not in page
    assert (await browser.post("/todo/confirm/office/bank")).status == 403


async def test_a_link_leads_nobody_to_a_closed_door(site: Site, browser: Browser) -> None:
    site.person("minh", Role.APPROVER)
    await browser.sign_in("minh")
    page = (await browser.get("/todo")).text
    assert ("Câu chưa trả lời được" in page, 'href="/console/queue"' in page) == (True, False)
    links = set(re.findall(r'href="/console(/[^"]+)"', page.partition("<main")[2].partition("<footer")[0]))
    assert links
    for link in links:
        assert (await browser.get(html.unescape(link))).status == 200, link
    site.person("tam", Role.REVIEWER)
    reviewer = site.browser()
    await reviewer.sign_in("tam")
    assert 'href="/console/queue"' in (await reviewer.get("/todo")).text


async def test_rows_are_confirmed_one_after_the_other_as_they_are_filtered(site: Site, browser: Browser) -> None:
    site.person("minh", Role.APPROVER)
    await browser.sign_in("minh")
    asked = "?faq=no&order=title"
    page = (await browser.get(f"/todo/confirm{asked}")).text
    links = [html.unescape(link) for link in re.findall(r'href="/console(/todo/confirm/[^"]+)"', page)]
    assert len(links) == 4
    for link, following in zip(links, [*links[1:], f"/todo/confirm{asked}"], strict=True):
        assert link.endswith(asked)
        assert "Xác nhận và xem dòng tiếp" in (await browser.get(link)).text
        assert (await browser.post(link, then="next")).leads_to == f"/console{following}"
    page = (await browser.get(f"/todo/confirm{asked}")).text
    assert "Đó là dòng cuối của danh sách đang lọc." in page
    assert "Không có mục nào như vậy." in page


async def test_the_list_is_as_it_was_after_a_row_is_confirmed(site: Site, browser: Browser) -> None:
    site.person("minh", Role.APPROVER)
    await browser.sign_in("minh")
    answer = await browser.post("/todo/confirm/office/bank?faq=no&page=2")
    assert answer.leads_to == "/console/todo/confirm?faq=no&page=2"
    assert "3 mục" in (await browser.get(answer.leads_to)).text


async def test_an_administrator_sees_what_they_may_act_on(site: Site, browser: Browser, engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        renewed = START - dt.timedelta(days=80)
        db.add(ZaloToken(app_id="1", access="x", refresh="x", expires_at=START, renewed_at=renewed))
    site.person("chu", Role.ADMINISTRATOR)
    await browser.sign_in("chu")
    assert 'href="/console/todo"' in (await browser.get("/")).text
    page = (await browser.get("/todo")).text
    for told in ("Hết hạn làm mới lúc 10/12/2026 14:00", 'href="/console/privacy"', 'href="/console/inbox"'):
        assert told in page
    for hidden in ("Dòng chưa xác nhận", "Lần thay đổi chờ duyệt", "Câu chưa trả lời được"):
        assert hidden not in page
    assert (await browser.get("/todo/confirm")).status == 403
