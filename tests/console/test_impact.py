"""What a change set would change: run in a process of its own, shown with progress, kept for just this draft."""

from __future__ import annotations

import asyncio

from bot.console.roles import Role
from tests.console.conftest import Browser, Site
from tests.console.policy import engine, save, seen

__all__ = ["engine"]


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
    for _ in range(600):
        page = (await browser.get("/changes/1/impact")).text
        if "hx-trigger" not in page:
            break
        await asyncio.sleep(0.1)
    assert "30/11/2026, 01/01/2027" in page
    assert "kết quả khác đi" in page
    assert "Hộ mô phỏng" in page
    assert "Mức vay" in page
    page = (await browser.get(f"{path}/edit?in=1")).text
    await browser.post(f"{path}/remove", draft="1", seen=seen(page), at="steps-0")
    assert "Chạy thử" in (await browser.get("/changes/1/impact")).text
    assert (await browser.get("/changes/9/impact")).status == 404
