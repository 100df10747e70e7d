"""Every list of the menu is searched without accents, narrowed down and exported."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.menu import MENU
from bot.console.parts import PREFIX
from bot.console.roles import Role
from bot.conversation.review.models import ReviewItem
from tests.console.conftest import START, Browser, Site
from tests.console.everything import CHECKED, TAUGHT, fill
from tests.console.reviewing.conftest import ASKED, signed_in

# What a search is to find: words without accents, and what the page then holds.
FOUND = {
    "/faq": ("tro cap", "rợ cấp"),
    "/programs": ("huu tri xa hoi", "hưu trí xã hội"),
    "/parameters": ("luong co so", "ương cơ sở"),
    "/documents": ("nghi dinh", "Nghị định"),
    "/offices": ("bao hiem", "Bảo hiểm"),
    "/topics": ("bao hiem", "ảo hiểm"),
    "/facts": ("tuoi", "tuổi"),
    "/changes": ("sua mot cau", "Sửa một câu trả lời"),
    "/inbox": ("as-", "AS-"),
    "/inbox/log": ("can.bo", "can.bo"),
    "/queue": ("that thap ngu", ASKED),
    "/tasks": ("sai muc tien", "Sai mức tiền"),
    "/log": ("that thap ngu", ASKED),
    "/cases": ("ong ba cao tuoi", CHECKED),
    "/learned": ("ba con lon tuoi", TAUGHT),
    "/samples": ("can.bo", "can.bo"),
    "/training": ("khong thanh", "Không thành"),
    "/officers": ("can bo", "can.bo"),
    "/audit": ("can.bo", "can.bo"),
    "/todo/confirm": ("muc", "ức"),
}
NO_LISTS = {"/todo", "/excel", "/figures", "/switches", "/privacy"}


@pytest.fixture
async def everyone(site: Site, engine: Engine) -> Browser:
    """An officer who may do everything, with something on every page."""
    browser = await signed_in(site, "can.bo", *Role)
    fill(engine, "can.bo", START)
    return browser


def test_each_entry_of_the_menu_is_a_list_or_known_as_none() -> None:
    assert {entry.path for entry in MENU} <= FOUND.keys() | NO_LISTS


@pytest.mark.parametrize("path", FOUND)
async def test_a_list_is_searched_and_exported(everyone: Browser, path: str) -> None:
    words, held = FOUND[path]
    page = (await everyone.get(f"{path}?q={quote(words)}")).text
    rows = page.partition('id="rows"')[2]
    assert 'type="search"' in page
    assert held in rows
    addresses = [
        found.replace("&amp;", "&") for found in re.findall(r'href="(?:/console[^"?]*)?(\?[^"]*export=[^"]+)"', rows)
    ]
    assert len(addresses) == 2, "xlsx and csv"
    assert all(f"q={quote(words).replace('%20', '+')}" in address.replace("%20", "+") for address in addresses)
    for address in addresses:
        async with everyone.client.get(f"{PREFIX}{path}{address}") as answer:
            assert "attachment" in answer.headers["Content-Disposition"]
            content = await answer.read()
        if "xlsx" in address:
            cells = [[str(cell) for cell in row] for row in load_workbook(io.BytesIO(content)).active.values]
        else:
            cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(cells) > 1
        assert any(held in cell for row in cells[1:] for cell in row), cells[:3]
    assert 'id="rows"' in (await everyone.get(f"{path}?q=khongcogithe")).text
    assert held not in (await everyone.get(f"{path}?q=khongcogithe")).text.partition('id="rows"')[2]
    assert "<select" in page or 'type="date"' in page, "something to narrow it down by"


@pytest.mark.parametrize(("path", "kind"), [("/queue", "review_item"), ("/log", "conversation")])
async def test_an_export_of_what_citizens_wrote_is_written_down(
    site: Site, everyone: Browser, path: str, kind: str
) -> None:
    await everyone.get(f"{path}?q=that+thap+0905123456&export=csv")
    assert ("can.bo", "export", "*") in site.acts()
    assert site.told("export")[-1] == {"search": "“that thap [số điện thoại]”"}


async def test_the_queue_is_narrowed_down_by_reason_claim_and_fact(
    site: Site, everyone: Browser, engine: Engine
) -> None:
    with Session(engine) as db, db.begin():
        db.add(ReviewItem(state="open", turns=5, first_at=START, last_at=START, fact="household_class"))
    assert ASKED in (await everyone.get("/queue?reason=thumbs_down")).text
    assert ASKED not in (await everyone.get("/queue?reason=officer")).text
    assert ASKED in (await everyone.get("/queue?claimed=no")).text
    page = (await everyone.get("/queue?q=vuong+o+cau+hoi")).text
    assert ("Vướng ở câu hỏi" in page, ASKED in page) == (True, False)
    await everyone.get("/queue/1")
    await everyone.post("/queue/1/claim")
    assert ASKED in (await everyone.get("/queue?claimed=yes")).text
    assert ASKED not in (await everyone.get("/queue?claimed=no")).text
