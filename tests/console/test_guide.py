"""The guide: each page is there, as is what it shows and where it leads."""

from __future__ import annotations

import re

from bot.console.menu import MENU
from bot.console.pages import ALL
from bot.console.pages.guide import FOLDER
from bot.console.roles import Role
from tests.console.conftest import Browser, Site

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
PICTURE = re.compile(r"!\[([^\]]+)\]\(pictures/([a-z-]+)\.webp\)")
LARGEST = 60_000
LINK = re.compile(r'(?:href|src)="(/console/[^"#]+)"')


async def test_every_page_of_the_menu_has_its_guide(site: Site, browser: Browser) -> None:
    site.person("chu", *Role)
    await browser.sign_in("chu")
    for entry in MENU:
        found = re.search(r'class="help" href="(/console/guide/[a-z-]+)"', (await browser.get(entry.address)).text)
        assert found, entry.title
        assert (await browser.get(found[1])).status == 200, entry.title


async def test_every_link_and_picture_of_the_guide_leads_somewhere(site: Site, browser: Browser) -> None:
    site.person("lan")
    await browser.sign_in("lan")
    contents = (await browser.get("/guide")).text
    for path in FOLDER.glob("*.md"):
        assert f"/console/guide/{path.stem}" in contents
        page = (await browser.get(f"/guide/{path.stem}")).text
        assert ".md" not in page, "a link to a neighbour leads to its file"
        for address in LINK.findall(page):
            if "/static/" not in address:
                assert (await browser.get(address)).status == 200, (path.stem, address)


async def test_nothing_outside_of_the_guide_is_shown(browser: Browser) -> None:
    for path in (
        "/guide/..%2Fnoi-zalo",
        "/guide/khong-co",
        f"/guide/{'a' * 400}",
        f"/guide/pictures/{'a' * 400}.webp",
        "/guide/pictures/..%2Fdang-nhap.md",
        "/guide/pictures/x.webp",
    ):
        assert (await browser.get(path)).status == 404, path


def test_every_question_mark_opens_a_page_with_a_picture_and_every_page_has_one() -> None:
    assert set().union(*(routes.guides for routes in ALL)) == set(PAGES)
    assert [name for name, text in PAGES.items() if not PICTURE.search(text)] == []


def test_every_picture_is_there_small_and_shown_once_with_words_for_who_cannot_see_it() -> None:
    shown = [name for text in PAGES.values() for _, name in PICTURE.findall(text)]
    there = {path.stem: path.stat().st_size for path in (FOLDER / "pictures").iterdir()}
    assert sorted(shown) == sorted(there)
    assert {name: size for name, size in there.items() if size > LARGEST} == {}
