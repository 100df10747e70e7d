"""The widget on pages of others: a frame that a strict policy lets in, and that only listed sites may show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, ViewportSize, expect

from tests.widget.conftest import DESKTOP, PHONE, NewPage
from tests.widget.site import Site
from tests.widget.test_access import judge

PAGE = """<!doctype html><html lang="vi"><head><title>Trang của xã</title>
<meta name="viewport" content="width=device-width"><script src="{site}/widget.js" async {data}></script></head>
<body><main><h1>Trang của xã</h1><p>Thông báo.</p></main></body></html>"""


def policy(site: str) -> str:
    """As strict as a page can be that lets the widget in: nothing inline, and no style at all."""
    return f"default-src 'none'; script-src {site}; frame-src {site}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A gateway under a name of its own, so that to the browser it is another site than the page around."""
    with Site(tmp_path, embed_origins="http://127.0.0.1:*") as site:
        site.address = site.address.replace("127.0.0.1", "localhost")
        yield site


@pytest.fixture
def commune(site: Site) -> str:
    """The address of a commune's page with the widget."""
    return site.host(PAGE.format(site=site.address, data=""), policy(site.address))


def frame(page: Page) -> FrameLocator:
    """The chat in the page."""
    return page.frame_locator("iframe[title^='An Sinh']")


def begin(page: Page) -> None:
    frame(page).get_by_role("button", name="Em hiểu rồi, bắt đầu hỏi").click()
    frame(page).get_by_text("Dạ em chào").wait_for()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_opens_talks_and_closes_under_a_strict_policy(
    site: Site, commune: str, new_page: NewPage, size: ViewportSize
) -> None:
    page = new_page(commune, viewport=size)
    launcher = page.get_by_role("button", name="Hỏi An Sinh")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()
    begin(page)
    frame(page).get_by_label("Câu hỏi của mình").fill("hỏi")
    frame(page).get_by_role("button", name="Gửi", exact=True).click()
    frame(page).get_by_text("Câu 1: hỏi").wait_for()
    box = page.locator("iframe").bounding_box()
    assert box is not None
    if size is PHONE:
        assert (box["width"], box["height"]) == (360, 640)
    else:
        assert box["width"] < 450
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] >= 0
    frame(page).get_by_role("button", name="Đóng").click()
    expect(page.locator("iframe")).to_be_hidden()
    expect(launcher).to_be_focused()
    launcher.click()
    expect(frame(page).get_by_text("Câu 1: hỏi")).to_be_visible()
    frame(page).get_by_label("Câu hỏi của mình").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()


def test_axe_finds_nothing_around_or_inside(commune: str, new_page: NewPage) -> None:
    page = new_page(commune, viewport=DESKTOP, bypass_csp=True)
    page.get_by_role("button", name="Hỏi An Sinh").click()
    begin(page)
    judge(page.frames[1], "frame")
    judge(page.main_frame, "page around")


def test_the_history_is_there_on_the_next_page_of_the_site(
    commune: str, new_page: NewPage, profile: BrowserContext
) -> None:
    page = new_page(commune, context=profile)
    page.get_by_role("button", name="Hỏi An Sinh").click()
    begin(page)
    page.reload()
    page.get_by_role("button", name="Hỏi An Sinh").click()
    frame(page).get_by_text("Dạ em chào").wait_for()


def test_where_frames_may_keep_nothing_the_notice_says_so(commune: str, new_page: NewPage) -> None:
    page = new_page(commune)
    page.get_by_role("button", name="Hỏi An Sinh").click()
    expect(frame(page).get_by_text("trên máy này đến khi đóng trang")).to_be_visible()


def test_news_while_it_is_closed_show_on_the_button(site: Site, commune: str, new_page: NewPage) -> None:
    page = new_page(commune)
    page.get_by_role("button", name="Hỏi An Sinh").click()
    begin(page)
    frame(page).get_by_role("button", name="Đóng").click()
    site.officer_says("Chào bà.")
    page.get_by_role("button", name="Hỏi An Sinh Có tin mới").click()
    expect(frame(page).get_by_text("Chào bà.")).to_be_visible()
    expect(page.get_by_text("Có tin mới")).to_be_hidden()


def test_the_page_chooses_words_and_side(site: Site, new_page: NewPage) -> None:
    data = 'data-label="Hỏi chính sách" data-side="left"'
    page = new_page(site.host(PAGE.format(site=site.address, data=data), policy(site.address)), viewport=DESKTOP)
    launcher = page.get_by_role("button", name="Hỏi chính sách")
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 50


def test_included_twice_it_is_there_once(site: Site, new_page: NewPage) -> None:
    twice = PAGE.replace("</head>", '<script src="{site}/widget.js"></script></head>')
    page = new_page(site.host(twice.format(site=site.address, data=""), policy(site.address)))
    expect(page.get_by_role("button", name="Hỏi An Sinh")).to_have_count(1)


def test_a_site_that_is_not_listed_gets_the_way_to_the_full_page(tmp_path: Path, new_page: NewPage) -> None:
    with Site(tmp_path) as site:
        address = site.address.replace("127.0.0.1", "localhost")
        page = new_page("about:blank", watch=False)
        page.clock.install()
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text))
        page.goto(site.host(PAGE.format(site=address, data=""), policy(address)))
        page.get_by_role("button", name="Hỏi An Sinh").click()
        page.wait_for_timeout(300)
        page.clock.run_for(21_000)
        link = page.get_by_role("link", name="Mở An Sinh ở trang riêng")
        expect(link).to_have_attribute("href", f"{address}/")
        assert "frame-ancestors" in " ".join(refused)
        page.get_by_role("button", name="Đóng An Sinh").first.click()
        expect(link).to_be_hidden()


def test_the_frame_heeds_the_loader_alone(commune: str, new_page: NewPage) -> None:
    page = new_page(commune)
    page.get_by_role("button", name="Hỏi An Sinh").click()
    begin(page)
    # Any page can post messages: none but our frame's close it.
    page.evaluate("postMessage({ansinh: 'close'}, '*')")
    page.frames[1].evaluate("parent.postMessage({ansinh: 'nonsense'}, '*')")
    say_box = frame(page).get_by_label("Câu hỏi của mình")
    say_box.fill("còn mở")
    expect(say_box).to_be_visible()
