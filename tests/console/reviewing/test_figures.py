"""Figures and the report, for every role; the page of privacy, for administrators."""

from __future__ import annotations

import datetime as dt
import io
import json

import docx
import openpyxl
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.pages.figures import shown
from bot.console.pages.privacy import STEPS
from bot.console.roles import Role
from bot.conversation.models import CaseRow, TurnLog
from bot.conversation.report.content import Amount, Column
from bot.conversation.retention import steps
from bot.conversation.retention.models import RetentionRun
from tests.console.conftest import START, Browser, Site
from tests.console.reviewing.conftest import ASKED, signed_in
from tests.conversation.review.conftest import logged, wish


def test_cells_in_words() -> None:
    number, share = Column("x", "number"), Column("x", "share")
    told = [shown(cell, number) for cell in (None, 1234, Amount(0.855, "share"), Amount(0.4, "seconds"), "chữ")]
    assert told == ["–", "1.234", "85,5%", "0,40 giây", "chữ"]
    assert shown(0.5, share) == "50,0%"


@pytest.mark.parametrize("kind", ["day", "week", "month", "quarter", "year"])
async def test_each_kind_of_period(reviewer: Browser, turns: list[str], engine: Engine, kind: str) -> None:
    page = (await reviewer.get(f"/figures?kind={kind}&day=2026-11-29")).text
    assert "Bảo hiểm y tế" not in page, "a small count"
    assert "không công bố vì có số dưới 5 câu" in page
    with Session(engine) as db, db.begin():
        at = START - dt.timedelta(days=1)
        db.add_all(logged(number, "thẻ bảo hiểm", at=at, topic="health_insurance") for number in range(10, 14))
    page = (await reviewer.get(f"/figures?kind={kind}&day=2026-11-29")).text
    assert "Bảo hiểm y tế" in page
    assert 'class="bar-line bar-line-20"' in page
    for senseless in ("day=hôm+nay", "day=0001-01-01", "day=9999-12-31", "kind=x"):
        assert (await reviewer.get(f"/figures?{senseless}")).status == 200


async def test_the_report_as_files(site: Site, turns: list[str]) -> None:
    approver = await signed_in(site, "duyet", Role.APPROVER)
    client = approver.client
    address = "/console/report?kind=month&day=2026-11-01"
    async with client.get(f"{address}&file=xlsx") as answer:
        book = openpyxl.load_workbook(io.BytesIO(await answer.read()))
    assert "Chỉ tiêu" in book.sheetnames
    async with client.get(f"{address}&file=docx&form=state") as answer:
        text = "".join(docx.Document(io.BytesIO(await answer.read())).element.body.itertext())
    assert "tháng 11 năm 2026" in text
    for nowhere in (f"{address}&file=pdf", "/report?kind=week&file=docx"):
        assert (await approver.get(nowhere)).status == 404
    assert [act for _, act, _ in site.acts()].count("export") == 2


async def test_questions_in_citizens_words_are_for_reviewers_and_each_look_is_written_down(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    with Session(engine) as db, db.begin():
        db.get_one(TurnLog, turns[0]).status = "not_covered"
    approver = await signed_in(site, "duyet", Role.APPROVER)
    month = "kind=month&day=2026-11-01"
    page = (await approver.get(f"/figures?{month}")).text
    assert (ASKED in page, "chỉ người có vai trò Rà soát hội thoại" in page) == (False, True)
    assert ASKED in (await reviewer.get(f"/figures?{month}")).text
    await reviewer.get(f"/figures?{month}")
    for browser, told in ((approver, False), (reviewer, True)):
        async with browser.client.get(f"/console/report?{month}&file=xlsx") as answer:
            book = openpyxl.load_workbook(io.BytesIO(await answer.read()))
        assert any(cell == ASKED for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row) == told
    assert [act for act in site.acts() if act[1] in {"read", "export"}] == [
        ("lan", "read", "tháng 11 năm 2026"),
        ("duyet", "export", "tháng 11 năm 2026 (xlsx)"),
        ("lan", "export", "tháng 11 năm 2026 (xlsx)"),
    ]


def test_each_step_of_the_nightly_job_has_its_words() -> None:
    assert STEPS.keys() == steps.STEPS.keys()


async def test_the_page_of_privacy(site: Site, turns: list[str], engine: Engine) -> None:
    chief = await signed_in(site, "chu", Role.ADMINISTRATOR)
    assert "Chưa có lần dọn nào" in (await chief.get("/privacy")).text
    with Session(engine) as db, db.begin():
        turn = db.get_one(TurnLog, turns[0])
        request = wish(turn)
        request.code = "AS-7K3M9X"
        db.add_all([request, CaseRow(session_id="s1", data={})])
        done = {"log_text": 12, "mail": 0}
        ended = START - dt.timedelta(hours=5)
        db.add(
            RetentionRun(day=START.date(), owner="x", started_at=ended, lease_until=ended, ended_at=ended, done=done)
        )
    page = (await chief.get("/privacy")).text
    assert "Xoá lời người dân khỏi nhật ký" in page
    assert "Xong lúc 30/11/2026 09:00" in page
    refused = await chief.post("/privacy/export", code="không nhớ")
    assert (refused.status, "Mã hẹn có dạng" in refused.text) == (422, True)
    assert "Không có câu hỏi nào" in (await chief.post("/privacy/export", code="AS-777777")).text
    form = {"csrf": chief.csrf, "code": "as 7k3m9x"}
    async with chief.client.post("/console/privacy/export", data=form) as answer:
        kept = json.loads(await answer.text())
    assert kept["conversations"][0]["log"][0]["question"] == ASKED
    assert ("chu", "export", "AS-7K3M9X") in site.acts()
    reviewer = await signed_in(site, "lan", Role.REVIEWER)
    assert (await reviewer.get("/privacy")).status == 403
