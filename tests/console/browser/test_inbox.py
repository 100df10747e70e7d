"""A citizen asks for a person and gets an answer, each in a Chromium of their own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.models import CaseRow, HandoverDraft, HandoverRow
from bot.knowledge.db import Base
from bot.knowledge.loader import load
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, heading, press
from tests.console.conftest import PASSWORD, TABLES
from tests.knowledge.seeds import seeds, write
from tests.widget.conftest import NewPage, begin, browser, need, new_page, say
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]

NUMBER = "0905 123 456"
OFFICERS = {"lan.pham": "Phạm Thị Lan", "minh.vo": "Võ Văn Minh"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ConsoleSite]:
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    with ConsoleSite(tmp_path) as site:
        Base.metadata.create_all(site.engine, tables=TABLES)
        load(site.engine, write(tmp_path / "data", seeds()))
        with Session(site.engine) as db, db.begin():
            by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
            for login, name in OFFICERS.items():
                people.create(db, by, login, name, [Role.EDITOR, Role.REVIEWER], PASSWORD)
                db.get_one(OfficerRow, login).must_change_password = False
        yield site


def officer(site: ConsoleSite, new_page: NewPage, login: str, size: ViewportSize) -> Page:
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(f"{site.address}/console/inbox", viewport=size, bypass_csp=True)
    page.clock.install()  # so that it can run ahead
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")
    heading(page, "Hộp thư")
    return page


def hears(page: Page, news: Locator) -> None:
    """What is stored by now an open page tells within 15 seconds."""
    page.clock.run_for(15_500)
    expect(news).to_be_visible()


def citizen(site: ConsoleSite, new_page: NewPage) -> Page:
    page = new_page(site.address)
    begin(page)
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name="Gặp cán bộ").click()
    page.get_by_text("cần hỏi cán bộ điều gì").wait_for()
    say(page, "Đơn vay vốn của tôi nộp hôm 10/11, bao giờ thì có tiền?")
    page.get_by_role("button", name="Không để số").wait_for()
    say(page, NUMBER)
    page.get_by_text("Mã tiếp nhận").wait_for()
    with Session(site.engine) as db, db.begin():
        row = db.scalars(select(HandoverRow)).one()
        case = db.get_one(CaseRow, row.session_id)
        case.data = {**case.data, "facts": [[None, "household_class", "poor"]]}
    return page


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_question_finds_its_officer_and_the_answer_its_citizen(
    site: ConsoleSite, new_page: NewPage, size: ViewportSize
) -> None:
    look = Looker("phone-inbox" if size is PHONE else "desktop-inbox")
    lan = officer(site, new_page, "lan.pham", size)
    expect(lan.get_by_text("Không có mục nào như vậy.")).to_be_visible()
    look(lan, "empty")
    chat = citizen(site, new_page)
    # The open list says so by itself.
    hears(lan, lan.get_by_text("Vừa có thêm 1 câu hỏi."))
    lan.get_by_role("link", name="Xem câu đang chờ").click()
    look(lan, "list")
    lan.get_by_role("link", name=re.compile("^AS-")).click()
    expect(
        lan.get_by_text("Nhận yêu cầu thì thấy").or_(lan.get_by_role("link", name="Xem cuộc trò chuyện"))
    ).to_be_visible()
    look(lan, "waiting")
    press(lan, "Nhận trả lời")
    expect(lan.get_by_text("loại hộ: hộ nghèo")).to_be_visible()
    expect(lan.get_by_text("anh/chị nhận")).to_be_visible()
    press(lan, "Xem số điện thoại")
    expect(lan.get_by_role("link", name="0905123456")).to_be_visible()
    look(lan, "claimed")
    lan.get_by_label("Thêm ghi chú").fill("Đã hỏi tổ trưởng tổ vay vốn.")
    press(lan, "Ghi chú")
    expect(lan.get_by_text("Đã hỏi tổ trưởng")).to_be_visible()

    lan.get_by_label("Trả lời người dân").fill(
        "Chào bác, hồ sơ đã duyệt. Thứ năm này bác mang căn cước tới xã nhận tiền nhé."
    )
    press(lan, "Gửi trả lời")
    expect(lan.get_by_text("Đã gửi câu trả lời.")).to_be_visible()
    look(lan, "answered")
    expect(chat.get_by_role("article", name="Cán bộ trả lời")).to_contain_text("Thứ năm này")

    with chat.expect_response("**/api/web/messages"):
        say(chat, "Cảm ơn, tôi sẽ tới.")
    hears(lan, lan.locator(".talk").get_by_text("tôi sẽ tới").first)
    press(lan, "Đóng yêu cầu")
    expect(lan.get_by_text("Đã đóng. Số điện thoại")).to_be_visible()
    look(lan, "closed")


def test_a_long_reply_survives_a_colleague_and_an_erasure(site: ConsoleSite, new_page: NewPage) -> None:
    chat = citizen(site, new_page)
    lan, minh = (officer(site, new_page, login, DESKTOP) for login in OFFICERS)
    for page in (lan, minh):
        page.get_by_role("link", name=re.compile("^AS-")).click()
    press(lan, "Nhận trả lời")
    press(minh, "Nhận trả lời")
    expect(minh.get_by_text("hiện do người khác nhận")).to_be_visible()

    typed = "Chào bác, việc này cần nhiều giấy tờ: " + "đơn, căn cước, xác nhận của xã; " * 20
    lan.get_by_label("Trả lời người dân").press_sequentially("Chào bác")
    lan.get_by_label("Trả lời người dân").fill(typed)
    lan.wait_for_timeout(2500)
    with Session(site.engine) as db:
        assert [row.text for row in db.scalars(select(HandoverDraft))] == [typed]
        code = db.scalars(select(HandoverRow.code)).one()
    with Session(site.engine) as db, db.begin():
        db.scalars(select(HandoverRow)).one().claimed_by = "minh.vo"
    # The page tells what happened and leaves alone what is being typed.
    hears(lan, lan.locator("#talk").get_by_text("Võ Văn Minh nhận").first)
    expect(lan.get_by_label("Trả lời người dân")).to_have_value(typed)
    press(lan, "Gửi trả lời")
    expect(lan.get_by_role("alert")).to_contain_text("hiện do người khác nhận")
    expect(lan.get_by_label("Nội dung anh/chị đã gõ")).to_have_value(typed.strip())
    Looker("desktop-inbox")(lan, "lost")

    minh.goto(f"{site.address}/console/inbox/{code}")
    minh.get_by_label("Trả lời người dân").fill("Một câu khác.")
    chat.get_by_role("button", name="Tùy chọn").click()
    chat.get_by_role("button", name="Xóa dữ liệu của tôi").click()
    chat.get_by_role("button", name=re.compile("^Xóa")).last.click()
    expect(chat.get_by_text("Em đã xóa xong dữ liệu của mình.")).to_be_attached()
    hears(minh, minh.get_by_role("alert").filter(has_text="đã xoá dữ liệu"))
    press(minh, "Gửi trả lời")
    heading(minh, f"Yêu cầu {code} không còn")
    expect(minh.get_by_label("Nội dung anh/chị đã gõ")).to_have_value("Một câu khác.")
    Looker("desktop-inbox")(minh, "gone")
