"""The guide: each page is there, as is what it shows and where it leads."""

from __future__ import annotations

import re

from bot.console.menu import MENU
from bot.console.pages.guide import FOLDER
from bot.console.roles import Role
from tests.console.conftest import Browser, Site

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
        "/guide/pictures/..%2Fdang-nhap.md",
        "/guide/pictures/x.png",
    ):
        assert (await browser.get(path)).status == 404, path
