"""What a change set would change: run in a process of its own, shown with progress, kept for just this draft."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import Engine

from bot.console.roles import Role
from tests.console.conftest import Browser, Site
from tests.console.policy import engine, save, seen
from tests.console.test_changes import drafted

__all__ = ["engine"]


async def ended(browser: Browser, path: str) -> str:
    """The page of a run once it is over."""
    for _ in range(600):
        page = (await browser.get(path)).text
        if "hx-trigger" not in page:
            return page
        await asyncio.sleep(0.1)
    raise AssertionError(page)


async def test_a_draft_is_run_over_and_a_new_write_asks_for_a_new_run(site: Site, browser: Browser) -> None:
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    await save(browser, "/programs/loan", first="2027-01-01")
    path = "/provisions/loan%2F2027-01-01"
    for at in ("benefits-0", "groups-0"):
        page = (await browser.get(f"{path}/edit?in=1")).text
        await browser.post(f"{path}/remove", draft="1", seen=seen(page), at=at)
    page = (await browser.get("/changes/1")).text
    assert "/console/changes/1/impact" in page
    assert "Chạy thử" in (await browser.get("/changes/1/impact")).text
    assert (await browser.post("/changes/1/impact")).leads_to == "/console/changes/1/impact"
    page = await ended(browser, "/changes/1/impact")
    assert "30/11/2026, 01/01/2027" in page
    assert "kết quả khác đi" in page
    assert "Hộ mô phỏng" in page
    assert "Mức vay" in page
    page = (await browser.get(f"{path}/edit?in=1")).text
    await browser.post(f"{path}/remove", draft="1", seen=seen(page), at="steps-0")
    assert "Chạy thử" in (await browser.get("/changes/1/impact")).text
    assert (await browser.get("/changes/9/impact")).status == 404


async def test_an_approver_sees_beside_the_button_what_was_run_over(site: Site, browser: Browser) -> None:
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    await save(browser, "/programs/loan", first="2027-01-01")
    path = "/provisions/loan%2F2027-01-01"
    page = (await browser.get(f"{path}/edit?in=1")).text
    await browser.post(f"{path}/remove", draft="1", seen=seen(page), at="benefits-0")
    assert "Chưa chạy thử tác động của lần thay đổi này." in (await browser.get("/changes/1")).text
    await browser.post("/changes/1/impact")
    await ended(browser, "/changes/1/impact")
    await browser.post("/changes/1/submit")
    site.person("minh", Role.APPROVER)
    approver = site.browser()
    await approver.sign_in("minh")
    page = (await approver.get("/changes/1")).text
    steps = page.partition("Việc tiếp theo")[2]
    assert re.search(r"Đã chạy thử bản này: \d+ kết quả khác đi, trong đó \d+ kết luận", steps)
    assert ("Xem từng kết quả" in steps, "Duyệt và công bố ngay" in steps) == (True, True)


async def test_what_no_verdict_rests_on_is_not_run_over(site: Site, browser: Browser, engine: Engine) -> None:
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    number = drafted(engine)
    assert "Chưa chạy thử" not in (await browser.get(f"/changes/{number}")).text
