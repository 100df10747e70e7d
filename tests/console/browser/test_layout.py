"""How pages are laid out in a real Chromium: what belongs together stands together, on a desk and on a telephone."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, ViewportSize
from sqlalchemy.orm import Session

from bot.console.rehearsals import run_of
from bot.knowledge.editing import changesets
from bot.knowledge.editing.tables import ChangeSetRecord, RunRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from tests.console.browser.test_faq import officer, silent_site
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker
from tests.widget.conftest import NewPage, browser, new_page

__all__ = ["browser", "new_page", "silent_site"]

NARROW: ViewportSize = {"width": 390, "height": 844}
PARAMETER = "tro_cap_huu_tri_xa_hoi"
OUTCOME = {"verdict": "eligible", "benefits": ["Trợ cấp mỗi tháng: 540.000 đồng/người/tháng"]}
RESULT = {
    "households": 200,
    "cases": 0,
    "days": ["2026-11-30"],
    "changed": 1,
    "verdicts": 1,
    "unread": None,
    "told": [
        {
            "situation": "hộ mô phỏng 17",
            "day": "2026-11-30",
            "household": "loại hộ: hộ cận nghèo; mẹ 76 tuổi; lương hưu: 0 đồng",
            "program": "Hưu trí xã hội",
            "member": "mẹ",
            "before": {"verdict": "not_eligible", "benefits": []},
            "after": OUTCOME,
        }
    ],
}


def rehearsed(site: ConsoleSite) -> int:
    """A draft of a parameter that was run over."""
    now = dt.datetime.now(dt.timezone.utc)
    with Session(site.engine) as db, db.begin():
        work = Work(db, "lan", now)
        number = changesets.create(work, "Tên tham số").id
        content = changesets.published_content(db, Kind.PARAMETER, PARAMETER)
        assert content is not None
        changesets.put(work, number, Kind.PARAMETER, {**content, "name": "Mức hưu trí"})
        run = run_of(db, db.get_one(ChangeSetRecord, number))
        times = {"began_at": now, "beat_at": now, "kept_until": now + dt.timedelta(days=30)}
        told = {"doing": "Đã xét", "done": 200, "total": 200, "seconds": 3.0, "result": RESULT}
        db.add(RunRecord(id=run, kind="impact", officer="lan", name="Tên tham số", **times, **told))
    return number


@pytest.mark.parametrize("path", ["programs/huu_tri_xa_hoi", f"parameters/{PARAMETER}"])
def test_headers_stand_above_their_columns(silent_site: ConsoleSite, new_page: NewPage, path: str) -> None:
    lan = officer(silent_site, new_page, "lan", DESKTOP)
    lan.goto(f"{silent_site.address}/console/{path}")
    Looker("layout")(lan, path.partition("/")[0])
    table = lan.locator("main table").first
    heads = [cell.bounding_box() for cell in table.locator("thead th").all()]
    for row in table.locator("tbody tr").all():
        for head, cell in zip(heads, [each.bounding_box() for each in row.locator("td").all()], strict=True):
            assert head is not None
            assert cell is not None
            assert (head["x"], head["width"]) == pytest.approx((cell["x"], cell["width"]), abs=1)
            assert head["y"] + head["height"] <= cell["y"] + 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_hints_do_not_lie_over_labels(silent_site: ConsoleSite, new_page: NewPage, size: ViewportSize) -> None:
    lan = officer(silent_site, new_page, "lan", size)
    lan.goto(f"{silent_site.address}/console/new-fact")
    Looker("layout")(lan, "new-fact-phone" if size is PHONE else "new-fact")
    gaps = lan.locator("fieldset label").evaluate_all(
        """labels => labels.map(label => {
            const text = document.createRange();
            text.selectNode([...label.childNodes].find(node => node.nodeType === 3 && node.data.trim()));
            return label.querySelector("small").getBoundingClientRect().top - text.getBoundingClientRect().bottom;
        })"""
    )
    assert gaps
    assert min(gaps) >= -1


def test_what_a_run_found_can_be_read_on_a_telephone(silent_site: ConsoleSite, new_page: NewPage) -> None:
    number = rehearsed(silent_site)
    lan = officer(silent_site, new_page, "lan", PHONE)
    lan.goto(f"{silent_site.address}/console/changes/{number}/impact")
    Looker("layout")(lan, "impact-phone")
    assert narrowest(lan) > 250
    lan.goto(f"{silent_site.address}/console/changes/{number}")
    Looker("layout")(lan, "change-set-phone")


def narrowest(page: Page) -> float:
    """The width of the narrowest cell of the first table."""
    cells = page.locator("main table").first.locator("tbody th, tbody td")
    return min(box["width"] for box in (cell.bounding_box() for cell in cells.all()) if box is not None)


def test_a_row_to_confirm_is_easy_to_press_on_a_telephone(silent_site: ConsoleSite, new_page: NewPage) -> None:
    minh = officer(silent_site, new_page, "minh", NARROW)
    minh.goto(f"{silent_site.address}/console/todo/confirm?faq=no")
    minh.locator("#rows tbody a").first.click()
    minh.get_by_role("button", name="Xác nhận và xem dòng tiếp").wait_for()
    Looker("layout")(minh, "confirm-narrow")
