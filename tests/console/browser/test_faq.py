"""From a new FAQ entry to the citizen's answer and back, in a real Chromium, with the assistant over the database."""

from __future__ import annotations

import datetime as dt
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from bot.console import people
from bot.console.models import OfficerRow
from bot.console.people import By
from bot.console.roles import Role
from bot.knowledge.assistant import Library
from bot.knowledge.case import Case
from bot.knowledge.dialogue.understanding import Understanding
from tests.console.browser.test_pages import DESKTOP, PHONE, ConsoleSite, Looker, choose, heading, press
from tests.console.conftest import PASSWORD
from tests.conversation.fake_rasa import turn
from tests.widget.conftest import NewPage, browser, need, new_page
from tools.bootstrap import ROOT
from tools.frontend import CONSOLE

__all__ = ["browser", "new_page"]

QUESTION = "Trồng sâm Ngọc Linh dưới tán rừng có được hỗ trợ cây giống không?"
ANSWER = "Dạ chưa có chính sách phát cây giống sâm Ngọc Linh cho từng hộ; mình hỏi Ủy ban nhân dân xã ạ."


@pytest.fixture
def silent_site(tmp_path: Path, published_in_sqlite: Path) -> Iterator[ConsoleSite]:
    """The rows of data/ and two officers; nobody answers citizens."""
    need(CONSOLE.is_built(ROOT), "the console's styles are not built: run make widget")
    shutil.copy(published_in_sqlite, tmp_path)
    with ConsoleSite(tmp_path, turn_timeout_seconds=60) as site:
        with Session(site.engine) as db, db.begin():
            by = By("(dòng lệnh)", dt.datetime.now(dt.timezone.utc))
            for login, name, role in (("lan", "Phạm Lan", Role.EDITOR), ("minh", "Võ Minh", Role.APPROVER)):
                people.create(db, by, login, name, [role], PASSWORD)
                db.get_one(OfficerRow, login).must_change_password = False
        yield site


@pytest.fixture
def site(silent_site: ConsoleSite) -> ConsoleSite:
    """One that answers."""
    library = Library(silent_site.engine)
    library.assistant()  # made before the first question, as in a server that is ready

    async def answers(body: dict[str, Any]) -> web.Response:
        metadata = body["metadata"]
        draft, today = metadata.get("draft"), dt.date.fromisoformat(metadata["today"])
        assistant = library.assistant() if draft is None else library.drafted(draft)
        case = Case.from_json(metadata["case"])
        if metadata["button"]:
            replies, case = assistant.press(metadata["button"], case, today)
        else:
            replies, case = assistant.answer(Understanding(body["message"], "nlu_fallback", 0.9, today), case)
        return web.json_response(turn(*(reply.to_json() for reply in replies), case=case.to_json()))

    silent_site.rasa.behaviour = answers
    return silent_site


def officer(site: ConsoleSite, new_page: NewPage, login: str, size: Any = DESKTOP) -> Page:
    page = new_page(f"{site.address}/console/", viewport=size, bypass_csp=True)
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")
    heading(page, "Trang đầu")
    return page


def citizen_hears(site: ConsoleSite, page: Page) -> str:
    opened = page.request.post(f"{site.address}/api/web/session").json()
    answer = page.request.post(
        f"{site.address}/api/web/messages",
        headers={"Authorization": f"Bearer {opened['token']}"},
        data={"id": str(uuid.uuid4()), "text": QUESTION},
    ).json()
    return " ".join(message["text"] for message in answer["messages"])


def test_an_entry_is_written_approved_answered_and_taken_back(site: ConsoleSite, new_page: NewPage) -> None:
    look = Looker("faq")
    lan, minh = officer(site, new_page, "lan"), officer(site, new_page, "minh", PHONE)
    assert ANSWER not in citizen_hears(site, lan)

    choose(lan, "Nội dung", "Câu hỏi")
    heading(lan, "Câu hỏi thường gặp")
    look(lan, "list")
    lan.get_by_role("link", name="Thêm câu hỏi").click()
    lan.get_by_label("Câu hỏi", exact=True).fill(QUESTION)
    lan.get_by_label("Những cách hỏi khác").fill("giong sam ngoc linh\ncây giống sâm dưới rừng\nphát giống sâm")
    lan.get_by_label("Câu trả lời").fill(f"{ANSWER} Mức 123.457 đồng.")
    expect(lan.locator("#warnings")).to_contain_text("123.457", timeout=20_000)
    lan.get_by_label("Câu trả lời").fill(ANSWER)
    lan.get_by_label("Chủ đề").select_option("other")
    lan.get_by_label("Tìm văn bản").press_sequentially("188/2025")
    found = lan.get_by_role("checkbox", name="188/2025/NĐ-CP")
    found.check()
    lan.get_by_label("Điều, khoản của 188/2025/NĐ-CP").fill("Điều 1")
    look(lan, "edit")
    press(lan, "Lưu bản soạn")
    heading(lan, f"Thêm câu hỏi: {QUESTION}")
    expect(lan.get_by_text("Đang soạn")).to_be_visible()
    look(lan, "draft")
    draft = lan.url
    lan.get_by_role("link", name="Thử hỏi bản này").click()
    press(lan, "Hỏi")
    expect(lan.get_by_role("region", name="Với lần thay đổi này")).to_contain_text(ANSWER)
    expect(lan.get_by_role("region", name="Hiện nay người dân nhận được")).not_to_contain_text(ANSWER)
    look(lan, "try")
    lan.goto(draft)
    press(lan, "Gửi duyệt")

    minh.goto(f"{site.address}/console/changes?state=submitted")
    minh.get_by_role("link", name=f"Thêm câu hỏi: {QUESTION}").click()
    look(minh, "approve-phone")
    begin = time.monotonic()
    press(minh, "Duyệt và công bố ngay")
    expect(minh.get_by_text("Đã duyệt và công bố.")).to_be_visible()
    assert ANSWER in citizen_hears(site, minh)
    assert time.monotonic() - begin < 10

    lan.reload()
    press(lan, "Khôi phục như trước")
    press(lan, "Gửi duyệt")
    minh.goto(lan.url)
    press(minh, "Duyệt và công bố ngay")
    assert ANSWER not in citizen_hears(site, minh)
    minh.goto(f"{site.address}/console/switches")
    look(minh, "switches-phone")
