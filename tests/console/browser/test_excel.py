"""An officer's way with a workbook in a real Chromium: download, edit, errors, what would change, the draft."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.knowledge.db import Base
from bot.knowledge.editing.tables import ChangeSetRecord, RunRecord
from bot.knowledge.loader import load
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, heading, press
from tests.console.conftest import PASSWORD
from tests.knowledge.seeds import seeds, write
from tests.knowledge.sheets.books import cell, saved
from tests.widget.conftest import NewPage, browser, need, new_page
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ConsoleSite]:
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    with ConsoleSite(tmp_path) as site:
        Base.metadata.create_all(site.engine)
        load(site.engine, write(tmp_path / "data", seeds()))
        with Session(site.engine) as db, db.begin():
            by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
            people.create(db, by, "lan.pham", "Phạm Thị Lan", [Role.EDITOR], PASSWORD)
            db.get_one(OfficerRow, "lan.pham").must_change_password = False
        yield site


def choose(page: Page, content: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Tệp Excel").set_input_files(FilePayload(name="FAQ đã sửa.xlsx", mimeType=kind, buffer=content))
    page.get_by_role("button", name="Xem trước").first.click()
    heading(page, "Xem trước khi nhập")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_workbook_goes_down_and_up(site: ConsoleSite, new_page: NewPage, size: ViewportSize) -> None:
    look = Looker("phone" if size is PHONE else "desktop")
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(f"{site.address}/console/excel", viewport=size, bypass_csp=True)
    page.get_by_label("Tên đăng nhập").fill("lan.pham")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")
    heading(page, "Excel")
    look(page, "excel")
    with page.expect_download() as download:
        page.get_by_role("link", name="Câu hỏi thường gặp").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))

    cell(book, "FAQ", "Hỏi về", 2).value = "lung tung"
    choose(page, saved(book))
    expect(page.get_by_text("1 lỗi, nên chưa nhập được dòng nào")).to_be_visible()
    look(page, "excel-errors")

    page.goto(f"{site.address}/console/excel")
    cell(book, "FAQ", "Hỏi về", 2).value = "Khác"
    cell(book, "FAQ", "Câu trả lời", 2).value = "Nay tối đa 200 triệu đồng."
    choose(page, saved(book))
    expect(page.get_by_text("Nay tối đa 200 triệu đồng.")).to_be_visible()
    look(page, "excel-changes")
    press(page, "Đưa vào lần thay đổi")
    page.wait_for_url("**/console/changes/1")
    with Session(site.engine) as db:
        assert [row.title for row in db.scalars(select(ChangeSetRecord))] == ["Nhập từ tệp FAQ đã sửa.xlsx"]


def test_the_bar_follows_a_long_dry_run_to_its_end(site: ConsoleSite, new_page: NewPage) -> None:
    now = dt.datetime.now(dt.timezone.utc)
    with Session(site.engine) as db, db.begin():
        times = {"began_at": now, "beat_at": now, "kept_until": now + dt.timedelta(hours=1)}
        said = {"kind": "excel", "officer": "lan.pham", "name": "lớn.xlsx", "doing": "So sánh trang FAQ"}
        db.add(RunRecord(id="lau", done=500, total=5000, **said, **times))
    page = new_page(f"{site.address}/console/excel/runs/lau", viewport=DESKTOP, bypass_csp=True)
    page.get_by_label("Tên đăng nhập").fill("lan.pham")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")
    bar = page.get_by_role("progressbar", name="Đã xong")
    expect(bar).to_have_attribute("max", "5000")
    expect(bar).to_have_js_property("value", 500)
    Looker("desktop")(page, "excel-running")
    with Session(site.engine) as db, db.begin():
        db.get_one(RunRecord, "lau").done = 4000
    expect(bar).to_have_js_property("value", 4000)
    with Session(site.engine) as db, db.begin():
        run = db.get_one(RunRecord, "lau")
        run.seconds = 4.2
        run.result = {"version": 1, "rows": [], "problems": [], "notes": [], "unchanged": 5000, "changes": []}
    expect(page.get_by_text("giữ nguyên 5000")).to_be_visible()
    expect(bar).to_have_count(0)
