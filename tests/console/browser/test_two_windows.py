"""One editor, one unit, two windows of a real Chromium: the second to save is told, and what both typed is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser.test_faq import officer, silent_site
from tests.console.browser.test_pages import ConsoleSite, press
from tests.widget.conftest import NewPage, browser, new_page

__all__ = ["browser", "new_page", "silent_site"]

FORMS = [
    ("/faq/htxh_bao_nhieu/edit", "Câu trả lời", "Lưu bản soạn"),
    ("/values/tro_cap_huu_tri_xa_hoi%2F2026-07-01/edit", "Điều, khoản", "Ghi vào lần thay đổi"),
    ("/programs/huu_tri_xa_hoi/edit", "Tóm tắt cho người dân", "Ghi vào lần thay đổi"),
    (None, "Ghi chú cho người dân", "Ghi vào lần thay đổi"),
]


def provision(page: Page, site: ConsoleSite) -> str:
    """The path of the program's provision in force."""
    page.goto(f"{site.address}/console/programs/huu_tri_xa_hoi")
    path = page.get_by_role("link", name="Sửa quy định từ").last.get_attribute("href")
    assert path
    return path.removeprefix("/console")


@pytest.mark.parametrize(("path", "label", "save"), FORMS, ids=["faq", "value", "program", "provision"])
def test_the_second_window_is_told_and_nothing_is_lost(
    silent_site: ConsoleSite, new_page: NewPage, path: str | None, label: str, save: str
) -> None:
    first = officer(silent_site, new_page, "lan")
    first.context.set_default_timeout(30_000)  # what is typed is looked over first, with all entries
    second = first.context.new_page()
    path = path or provision(first, silent_site)
    windows = ((first, "Của cửa sổ một."), (second, "Của cửa sổ hai."))
    for page, _ in windows:
        page.goto(f"{silent_site.address}/console{path}")
    for page, text in windows:
        page.get_by_label(label, exact=True).fill(text)
        press(page, save)
    drafts = f"{silent_site.address}/console/changes?state=draft&who=me"
    expect(second.get_by_role("alert")).to_contain_text("vừa được lưu hoặc công bố ở nơi khác")
    expect(second.get_by_label(label, exact=True)).to_have_value("Của cửa sổ hai.")
    expect(second.get_by_text("Của cửa sổ một.").or_(second.locator("td.diff", has_text="một")).first).to_be_visible()
    first.goto(drafts)
    expect(first.get_by_text("1 mục")).to_be_visible()
    press(second, save)
    second.goto(drafts)
    expect(second.get_by_text("1 mục")).to_be_visible()
    second.goto(f"{silent_site.address}/console{path}")
    expect(second.get_by_label(label, exact=True)).to_have_value("Của cửa sổ hai.")
