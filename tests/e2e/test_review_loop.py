"""The whole loop in a real Chromium, with the real processes: a bad answer in the widget becomes a right one."""

from __future__ import annotations

import datetime as dt
import io
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.review.phrases import learn
from bot.conversation.review.targets import Target
from bot.knowledge.db import make_engine
from bot.knowledge.domain import Aspect, Learned
from tests.console.browser.test_pages import DESKTOP, Looker, heading, press, sign_in
from tests.console.conftest import PASSWORD
from tests.console.reviewing.conftest import ASKED, OTHERWISE
from tests.e2e.running import TODAY, AnSinh, wait_for
from tests.widget.conftest import PHONE, NewPage, ask, begin, browser, new_page

__all__ = ["browser", "new_page"]

IN_OTHER_WORDS = "thất thập ngũ thì xã phát lương già mấy đồng vậy"
WRONG, RIGHT = "Bảo hiểm y tế hộ cận nghèo", "Hưu trí xã hội"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Real processes on a busy machine take longer than a fake: nothing here is about time."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def an_sinh(tmp_path: Path) -> Iterator[AnSinh]:
    """One of this test's own: its queue is looked at every second, and ``ASKED`` was once taught wrongly."""
    patient = {"ANSINH_TURN_TIMEOUT_SECONDS": "60", "ANSINH_RETENTION_HOUR": "24"}
    with AnSinh(tmp_path, ANSINH_REVIEW_SECONDS="1", **patient) as running:
        engine = make_engine(f"sqlite:///{running.database}")
        with Session(engine) as db, db.begin():
            by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
            people.create(db, by, "lan.pham", "Phạm Thị Lan", [Role.REVIEWER], PASSWORD)
            db.get_one(OfficerRow, "lan.pham").must_change_password = False
            learn(db, ASKED, Target(Learned.PROGRAM, "bhyt_can_ngheo", Aspect.BENEFIT), "lan.pham", by.at)
        engine.dispose()
        yield running


def let_two_minutes_pass(an_sinh: AnSinh) -> None:
    """The queue leaves the last minute alone: turns and thumbs move back instead."""
    moved = "strftime('%Y-%m-%d %H:%M:%f', {0}, '-2 minutes') || '000'".format
    with sqlite3.connect(an_sinh.database, timeout=10) as db:
        db.execute(f"UPDATE turn_log SET asked_at = {moved('asked_at')}")  # noqa: S608
        db.execute(f"UPDATE feedback SET given_at = {moved('given_at')}")  # noqa: S608


def put_on_the_fixed_day(an_sinh: AnSinh) -> None:
    """The log has real times, the figures end with the fixed day: what was asked and decided moves there."""
    noon = f"{TODAY} 05:00:00.000000"
    with sqlite3.connect(an_sinh.database, timeout=10) as db:
        db.execute("UPDATE turn_log SET asked_at = ?", (noon,))
        db.execute("UPDATE review_decision SET decided_at = ?", (noon,))


def answer_to(page: Page, question: str) -> str:
    ask(page, question)
    return page.get_by_role("article").last.inner_text()


def test_a_bad_answer_becomes_a_right_one(  # noqa: PLR0915 - one story, told in order
    an_sinh: AnSinh, new_page: NewPage
) -> None:
    look = Looker("loop")
    citizen = new_page(an_sinh.address, viewport=PHONE, bypass_csp=True)
    citizen.set_default_timeout(60_000)
    begin(citizen)
    assert WRONG in answer_to(citizen, ASKED)
    look(citizen, "1-bad-answer")
    press(citizen, "Chưa đúng")
    citizen.get_by_label("Em hiểu sai câu hỏi").check()
    press(citizen, "Gửi góp ý")
    expect(citizen.get_by_text("Em cảm ơn góp ý của mình.")).to_be_attached()
    look(citizen, "2-thumbs-down")

    let_two_minutes_pass(an_sinh)
    waiting = "SELECT count(*) FROM review_turn WHERE reason = 'thumbs_down'"
    wait_for(lambda: an_sinh.rows(waiting) == [(1,)], 240)
    reviewer = new_page(f"{an_sinh.address}/console/queue", viewport=DESKTOP, bypass_csp=True)
    reviewer.set_default_timeout(60_000)
    sign_in(reviewer, PASSWORD)
    heading(reviewer, "Cần xem lại")
    expect(reviewer.get_by_role("row").filter(has_text=ASKED)).to_contain_text("người dân chê (1)")
    look(reviewer, "3-queue")
    reviewer.get_by_role("link", name=ASKED).click()
    heading(reviewer, ASKED)
    reviewer.get_by_role("link", name=ASKED).click()
    expect(reviewer.get_by_text("Người dân ghi: “Em hiểu sai câu hỏi”")).to_be_visible()
    expect(reviewer.locator("article.chosen")).to_contain_text(WRONG)
    look(reviewer, "4-conversation")
    reviewer.go_back()
    heading(reviewer, ASKED)
    press(reviewer, "Nhận xem mục này")
    reviewer.get_by_label("Hiểu sai: câu này phải dẫn tới mục khác").check()
    reviewer.get_by_label("Vì sao quyết định như vậy").fill("hỏi trợ cấp hưu trí, không phải thẻ bảo hiểm")
    reviewer.get_by_label("Câu kiểm tra, cùng ý nhưng nói cách khác").fill(OTHERWISE)
    reviewer.get_by_label("Tìm mục đúng: chương trình, hỏi đáp hoặc lĩnh vực").fill("trợ cấp hưu trí xã hội")
    press(reviewer, "Tìm mục đúng")
    reviewer.locator('input[value="program:huu_tri_xa_hoi"]').check()
    reviewer.get_by_label("Người dân hỏi về").select_option("benefit")
    look(reviewer, "5-decision")
    reviewer.get_by_role("button", name="Ghi quyết định").last.click()
    expect(reviewer.get_by_text(re.compile("Từ nay câu này dẫn tới: Chương trình"))).to_be_visible()
    look(reviewer, "6-decided")

    assert RIGHT in answer_to(citizen, IN_OTHER_WORDS)
    look(citizen, "7-right-answer")

    reviewer.get_by_role("link", name="Chạy lại các câu kiểm tra").click()
    press(reviewer, "Chạy lại tất cả")
    expect(reviewer.get_by_text("Đã chạy 1 câu: 1 đúng, 0 chưa đúng.")).to_be_visible()
    expect(reviewer.get_by_role("row").filter(has_text=OTHERWISE)).to_contain_text("Đúng")
    look(reviewer, "8-case")

    put_on_the_fixed_day(an_sinh)
    reviewer.goto(f"{an_sinh.address}/console/figures?kind=month&day={TODAY}")
    expect(reviewer.get_by_role("row", name="Lượt chê")).to_contain_text("1")
    expect(reviewer.get_by_role("row", name="Trợ lý hiểu sai: đã dạy lại")).to_contain_text("1")
    look(reviewer, "9-figures")
    address = f"{an_sinh.address}/console/report?kind=month&day={TODAY}&form=party&file=docx"
    report = reviewer.request.get(address, timeout=120_000)
    tables = docx.Document(io.BytesIO(report.body())).tables
    rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert ["Trợ lý hiểu sai: đã dạy lại", "1", "0"] in rows, "one this month, none the month before"
    assert ["Lượt chê", "1", "0"] in rows
    assert ["Số câu hỏi", "2", "0"] in rows, "the bad answer and the right one"
    assert ["Đã trả lời", "2", "100,0%", "0"] in rows
    assert not any(ASKED in row for row in rows), "what was answered is not among what could not be"
