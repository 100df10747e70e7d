"""The review in a real Chromium: from the queue to a decision, a regression case and the figures."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.conversation.review.models import ReviewItem, ReviewTurn
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, heading, press, sign_in
from tests.console.conftest import PASSWORD
from tests.console.reviewing.conftest import ASKED, OTHERWISE
from tests.conversation.review.conftest import citizen, logged
from tests.widget.conftest import NewPage, browser, need, new_page
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]


@pytest.fixture
def site(tmp_path: Path, published_in_sqlite: Path) -> Iterator[ConsoleSite]:
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    shutil.copy(published_in_sqlite, tmp_path)
    with ConsoleSite(tmp_path) as site:
        now = dt.datetime.now(dt.timezone.utc)
        given = {"topic": "health_insurance", "program": "bhyt_can_ngheo", "aspect": "benefit"}
        with Session(site.engine) as db, db.begin():
            people.create(db, By("(dòng lệnh)", now), "lan.pham", "Phạm Thị Lan", [Role.REVIEWER], PASSWORD)
            db.get_one(OfficerRow, "lan.pham").must_change_password = False
            item = ReviewItem(state="open", turns=2, first_at=now, last_at=now, aspect="benefit")
            db.add_all([citizen(), item])
            db.flush()
            for number, question in enumerate((OTHERWISE, ASKED), 1):
                row = logged(number, question, at=dt.datetime(2026, 11, 24, 8, number, tzinfo=dt.timezone.utc), **given)
                db.add(row)
                db.flush()
                db.add(ReviewTurn(turn_id=row.turn_id, item_id=item.id, reason="thumbs_down", found_at=now))
        yield site


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_reviewers_day(site: ConsoleSite, new_page: NewPage, size: ViewportSize) -> None:
    look = Looker("review-phone" if size is PHONE else "review-desktop")
    page = new_page(f"{site.address}/console/queue", viewport=size, bypass_csp=True)
    sign_in(page, PASSWORD)
    heading(page, "Cần xem lại")
    look(page, "queue")
    page.get_by_role("link", name=ASKED).click()
    press(page, "Nhận xem mục này")
    page.get_by_label("Hiểu sai: câu này phải dẫn tới mục khác").check()
    page.get_by_label("Vì sao quyết định như vậy").fill("hỏi trợ cấp hưu trí xã hội")
    page.get_by_label("Tìm mục đúng: chương trình, hỏi đáp hoặc lĩnh vực").fill("trợ cấp hưu trí xã hội")
    press(page, "Tìm mục đúng")
    expect(page.get_by_label("Vì sao quyết định như vậy")).to_have_value("hỏi trợ cấp hưu trí xã hội")
    page.locator('input[value="program:huu_tri_xa_hoi"]').check()
    page.get_by_label("Người dân hỏi về").select_option("benefit")
    look(page, "item")
    page.get_by_role("button", name="Ghi quyết định").last.click()
    expect(page.get_by_text(re.compile("Từ nay câu này dẫn tới: Chương trình"))).to_be_visible()
    look(page, "decided")

    page.get_by_role("link", name="Chạy lại các câu kiểm tra").click()
    press(page, "Chạy lại tất cả")
    expect(page.get_by_text("Đã chạy 1 câu")).to_be_visible()
    look(page, "cases")
    for path, title in (
        ("log", "Nhật ký hội thoại"), ("samples", "Mẫu đánh giá"), ("learned", "Những câu đã dạy"),
        ("tasks", "Việc cần sửa"), ("figures", "Số liệu tháng 11 năm 2026"),
    ):  # fmt: skip
        page.goto(f"{site.address}/console/{path}")
        heading(page, title)
        look(page, path)
    page.goto(f"{site.address}/console/log")
    page.locator("#rows tbody a").first.click()
    look(page, "conversation")
