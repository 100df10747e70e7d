"""Each page in a real Chromium: an administrator's day, what axe finds, and pictures to look at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from aiohttp import web
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy.orm import Session

from bot.cli.serve import create_service
from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.knowledge.db import Base
from bot.settings import Settings
from tests.console.conftest import PASSWORD, TABLES
from tests.widget.conftest import NewPage, browser, need, new_page
from tests.widget.site import Site
from tests.widget.test_access import judge
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]

PICTURES = ROOT / "var/screenshots/console"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
NEW = "Một câu ngắn là dễ nhớ."


class ConsoleSite(Site):
    """The gateway with the console mounted."""

    def _app(self, settings: Settings) -> web.Application:
        return create_service(settings)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ConsoleSite]:
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    with ConsoleSite(tmp_path) as site:
        Base.metadata.create_all(site.engine, tables=TABLES)
        with Session(site.engine) as db, db.begin():
            by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
            people.create(db, by, "lan.pham", "Phạm Thị Lan", [Role.ADMINISTRATOR, Role.EDITOR], PASSWORD)
            for number in range(30):
                people.create(db, by, f"can.bo.{number:02}", f"Nguyễn Văn Đạt {number}", [Role.EDITOR], PASSWORD)
        yield site


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill("lan.pham")
    page.get_by_label("Mật khẩu").fill(password)
    press(page, "Đăng nhập")


def choose(page: Page, section: str, title: str) -> None:
    """Opens a section of the menu and goes to a page of it."""
    menu = page.get_by_role("navigation", name="Các phần")
    menu.locator("summary", has_text=section).click()
    menu.get_by_role("link", name=title, exact=True).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def is_too_wide(page: Page) -> bool:
    """Whether it scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


class Looker:
    """Looks at a page: axe, no scrolling sideways, a picture."""

    def __init__(self, name: str) -> None:
        self.name = name
        PICTURES.mkdir(parents=True, exist_ok=True)

    def __call__(self, page: Page, view: str) -> None:
        page.screenshot(path=PICTURES / f"{self.name}-{view}.png", full_page=True)
        assert not is_too_wide(page), f"{view} is wider than the screen"
        judge(page, view)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_administrators_day(  # noqa: PLR0915 - one day, told in order
    site: ConsoleSite, new_page: NewPage, size: ViewportSize
) -> None:
    look = Looker("phone" if size is PHONE else "desktop")
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(f"{site.address}/console/", viewport=size, bypass_csp=True)
    heading(page, "Đăng nhập")
    look(page, "login")
    sign_in(page, "sai mật khẩu")
    look(page, "login-refused")
    sign_in(page, PASSWORD)
    heading(page, "Đổi mật khẩu")
    look(page, "password")
    for label, value in (("Mật khẩu hiện nay", PASSWORD), ("Mật khẩu mới", "ngắn"), ("Mật khẩu mới, nhập lại", "x")):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Đổi mật khẩu")
    look(page, "password-refused")
    for label, value in (("Mật khẩu hiện nay", PASSWORD), ("Mật khẩu mới", NEW), ("Mật khẩu mới, nhập lại", NEW)):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Đổi mật khẩu")
    heading(page, "Trang đầu")
    look(page, "start")

    choose(page, "Quản trị", "Người dùng")
    expect(page.get_by_text("31 mục, đang xem 1–25")).to_be_visible()
    look(page, "officers")
    page.get_by_role("link", name="Trang sau").click()
    expect(page.get_by_text("Trang 2 / 2")).to_be_visible()
    page.get_by_role("searchbox").fill("pham thi")
    expect(page.get_by_text("1 mục", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/console/officers\?q=pham.+thi&role=&active=$"))
    page.get_by_role("link", name="lan.pham").click()
    heading(page, "Cán bộ lan.pham")
    look(page, "officer")

    page.goto(f"{site.address}/console/new-officer")
    page.get_by_label("Tên đăng nhập").fill("Minh Võ")
    page.get_by_label("Họ tên").fill("Võ Minh")
    page.get_by_label("Phê duyệt").check()
    press(page, "Tạo tài khoản")
    expect(page.get_by_role("alert")).to_contain_text("Đã nhập: “minh võ”")
    look(page, "new-officer")
    page.get_by_label("Tên đăng nhập").fill("minh.vo")
    press(page, "Tạo tài khoản")
    heading(page, "Mật khẩu cho minh.vo")
    look(page, "new-password")
    page.get_by_role("link", name="Xong").click()
    expect(page.get_by_label("Phê duyệt")).to_be_checked()
    page.get_by_label("Họ tên").fill("Võ Văn Minh")
    press(page, "Lưu")
    expect(page.get_by_role("status")).to_have_text("Đã lưu.")

    page.goto(f"{site.address}/console/account")
    look(page, "account")
    press(page, "Bật xác thực hai bước")
    secret = page.locator("main li code").inner_text()
    page.get_by_label("Mã xác thực").fill(pyotp.TOTP(secret).now())
    look(page, "second-step")
    press(page, "Bật")
    expect(page.get_by_text("Đã bật xác thực hai bước.")).to_be_visible()

    page.goto(f"{site.address}/console/audit")
    look(page, "audit")
    page.get_by_role("searchbox").fill("vo van minh")
    expect(page.get_by_text("1 mục", exact=True)).to_be_visible()
    page.locator("#rows tbody a").first.click()
    heading(page, "Sửa: minh.vo")
    expect(page.locator("ins")).to_have_text("Văn ")
    look(page, "act")

    page.get_by_role("link", name="Hướng dẫn của trang này").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhật ký")
    look(page, "guide")
    page.goto(f"{site.address}/console/guide")
    look(page, "guides")
    page.goto(f"{site.address}/console/no-such-page")
    look(page, "not-found")
    page.goto(f"{site.address}/console/")
    press(page, "Đăng xuất")
    expect(page.get_by_text("Đã đăng xuất trên mọi thiết bị.")).to_be_visible()


def test_all_of_it_works_without_script_and_within_our_policy(site: ConsoleSite, new_page: NewPage) -> None:
    page = new_page(f"{site.address}/console/officers?q=dat+2", viewport=DESKTOP, java_script_enabled=False)
    sign_in(page, PASSWORD)
    for label, value in (("Mật khẩu hiện nay", PASSWORD), ("Mật khẩu mới", NEW), ("Mật khẩu mới, nhập lại", NEW)):
        page.get_by_label(label, exact=True).fill(value)
    press(page, "Đổi mật khẩu")
    choose(page, "Quản trị", "Người dùng")
    page.get_by_role("searchbox").fill("nguyen van dat 2")
    press(page, "Tìm")
    expect(page.get_by_text("12 mục")).to_be_visible()
    page.get_by_role("link", name="Họ tên").click()
    expect(page.get_by_role("searchbox")).to_have_value("nguyen van dat 2")
    expect(page.get_by_role("columnheader", name="Họ tên")).to_have_attribute("aria-sort", "ascending")


def test_a_list_follows_its_filters_and_leaves_a_click_alone(site: ConsoleSite, new_page: NewPage) -> None:
    with Session(site.engine) as db, db.begin():
        db.get_one(OfficerRow, "lan.pham").must_change_password = False
    page = new_page(f"{site.address}/console/officers", viewport=DESKTOP)
    sign_in(page, PASSWORD)
    page.get_by_label("Vai trò").select_option("administrator")
    expect(page.get_by_text("1 mục", exact=True)).to_be_visible()
    page.get_by_label("Vai trò").select_option("")
    page.get_by_role("searchbox").fill("pham thi")
    expect(page.get_by_text("1 mục", exact=True)).to_be_visible()
    page.get_by_role("link", name="lan.pham").hover()
    page.mouse.down()
    page.wait_for_timeout(300)  # As an unpractised hand presses: long enough for a list to be drawn anew.
    page.mouse.up()
    heading(page, "Cán bộ lan.pham")


def test_keys_alone_lead_past_the_menu(site: ConsoleSite, new_page: NewPage) -> None:
    page = new_page(f"{site.address}/console/login", viewport=DESKTOP)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Tới nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_menu_opens_by_key_or_click_one_section_at_a_time(
    site: ConsoleSite, new_page: NewPage, size: ViewportSize
) -> None:
    with Session(site.engine) as db, db.begin():
        db.get_one(OfficerRow, "lan.pham").must_change_password = False
    page = new_page(f"{site.address}/console/new-officer", viewport=size, bypass_csp=True)
    sign_in(page, PASSWORD)
    menu = page.get_by_role("navigation", name="Các phần")
    office = menu.locator("summary", has_text="Quản trị")
    expect(office).to_have_class("current")
    menu.locator("summary", has_text="Nội dung").press("Enter")
    expect(menu.get_by_role("link", name="Văn bản")).to_be_in_viewport(ratio=1)
    look = Looker("phone" if size is PHONE else "desktop")
    look(page, "menu")
    office.click()
    expect(menu.get_by_role("link", name="Văn bản")).to_be_hidden()
    expect(menu.locator("[aria-current=page]")).to_have_text("Người dùng")
    page.mouse.click(300, 700)
    expect(menu.locator("[aria-current=page]")).to_be_hidden()
    office.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(page, "Tắt, bật trả lời")
