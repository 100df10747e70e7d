"""The public page of figures in a browser: axe finds nothing, and it fits a phone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize
from sqlalchemy.orm import Session

from bot.knowledge.db import Base
from bot.knowledge.tables import KnowledgeVersionRecord
from tests.conversation.conftest import add_turn
from tests.widget.conftest import DESKTOP, PHONE, NewPage
from tests.widget.site import Site
from tests.widget.test_access import judge

OCTOBER = dt.datetime(2026, 10, 10, tzinfo=dt.UTC)


@pytest.fixture
def counted(site: Site) -> Site:
    Base.metadata.create_all(site.engine)
    with Session(site.engine) as db, db.begin():
        db.add(KnowledgeVersionRecord(id=1, number=1, changed_at=OCTOBER))
        topics = {"health_insurance": 40, "housing_support": 25, "social_pension": 12, "credit": 2, "merit": 1}
        number = 0
        for topic, times in topics.items():
            for _ in range(times):
                number += 1
                add_turn(db, number, OCTOBER, topic=topic, status="answered" if number % 5 else "not_covered")
    return site


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    counted: Site, new_page: NewPage, size: ViewportSize, tmp_path: Path
) -> None:
    # axe makes elements of text for itself, which our policy would refuse.
    page = new_page(f"{counted.address}/so-lieu", viewport=size, bypass_csp=True)
    judge(page, "so-lieu")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("table .bar").first.bounding_box() is not None
    page.screenshot(path=tmp_path / "so-lieu.png", full_page=True)


def test_its_own_policy_lets_it_look_as_meant(counted: Site, new_page: NewPage) -> None:
    page = new_page(f"{counted.address}/so-lieu")
    longest = page.locator(".bar-20").bounding_box()
    assert longest is not None
    assert longest["width"] > 30
