"""Every page that the console has, looked at by an officer who may see all: axe, and no scrolling sideways."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.pages import ALL
from bot.console.people import By
from bot.console.roles import Role
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, is_too_wide, press, sign_in
from tests.console.conftest import PASSWORD
from tests.console.everything import fill
from tests.widget.conftest import NewPage, browser, need, new_page
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]

NO_PAGES = {
    "/excel/download", "/excel/runs/{id}/workbook", "/report", "/guide/pictures/{name}", "/static/{name}",
    "/inbox/news", "/inbox/{code}/talk",
}  # fmt: skip
"""Files, and parts that are seen in other pages."""

ASKED = {
    "/provisions/{id}/row": ("at=groups", "at=benefits", "at=documents", "at=steps"),
    "/changes/{id}/renewals": (f"old={quote('188/2025/NĐ-CP')}&new={quote('176/2025/NĐ-CP')}",),
}
"""What an address has to ask for besides."""


@pytest.fixture
def site(tmp_path: Path, published_in_sqlite: Path) -> Iterator[ConsoleSite]:
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    shutil.copy(published_in_sqlite, tmp_path)
    with ConsoleSite(tmp_path) as site:
        yield site


def routes() -> list[str]:
    """What a browser can be sent to."""
    found = {definition.path for each in ALL for definition, _ in each if definition.method == "GET"}
    return sorted(found - NO_PAGES)


def addresses(rows: Mapping[str, str]) -> list[str]:
    """Each route with rows that are there; a route that none of ``rows`` is for fails."""
    found = []
    for route in routes():
        before, holes, after = re.fullmatch(r"([^{]*)((?:\{\w+\}/?)*)(.*)", route).groups()  # type: ignore[union-attr]
        assert not holes or before in rows, f"{route} needs an example in tests/console/everything.py"
        path = f"{before}{rows[before]}/{after}".rstrip("/") if holes else route
        found += [f"{path}?{query}" for query in ASKED.get(route, ("",))]
    return [address.removesuffix("?") for address in found]


def test_a_page_without_an_example_is_found() -> None:
    with pytest.raises(AssertionError, match="needs an example"):
        addresses({})


def test_every_page_is_for_everyone(site: ConsoleSite, new_page: NewPage) -> None:
    now = dt.datetime.now(dt.timezone.utc)
    with Session(site.engine) as db, db.begin():
        people.create(db, By("(dòng lệnh)", now), "lan.pham", "Phạm Thị Lan", [*Role], PASSWORD)
        db.get_one(OfficerRow, "lan.pham").must_change_password = False
    rows = fill(site.engine, "lan.pham", now)
    look = Looker("every")
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(f"{site.address}/console/account", viewport=PHONE, bypass_csp=True)
    sign_in(page, PASSWORD)
    # Only afterwards there is a secret to show.
    press(page, "Bật xác thực hai bước")
    faults = []
    for path in addresses(rows):
        answer = page.goto(f"{site.address}/console{path}")
        assert answer is not None
        assert answer.status == 200, path
        try:
            look(page, re.sub(r"\W+", "-", path))
        except AssertionError as fault:
            faults.append(f"{path}: {fault}")
        page.set_viewport_size(DESKTOP)
        if is_too_wide(page):
            faults.append(f"{path} is wider than the screen of a desktop")
        page.set_viewport_size(PHONE)
    assert not faults, "\n".join(faults)
