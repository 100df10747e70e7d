"""Workbooks through the console: down, up, tried out, taken over; on both databases."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.console.pages.excel import RUNS
from bot.console.parts import PREFIX
from bot.console.roles import Role
from bot.console.runs import Outcome, Report
from bot.knowledge.audit import Audit
from bot.knowledge.editing import changesets, publishing
from bot.knowledge.editing.tables import ChangeSetRecord, RunRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.loader import load
from bot.knowledge.sheets.safe import MOST_BYTES
from tests.console.conftest import START, Answer, Browser, Site
from tests.knowledge.seeds import seeds, write
from tests.knowledge.sheets.books import cell, saved
from tests.postgres import BOTH, address_of


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


@pytest.fixture
def engine(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, write(tmp_path / "data", seeds()))
    return engine


@pytest.fixture
async def lan(site: Site) -> Browser:
    """An editor on the page."""
    site.person("lan", Role.EDITOR)
    browser = site.browser()
    await browser.sign_in("lan")
    await browser.get("/excel")
    return browser


async def downloaded(browser: Browser, what: str = "tat-ca") -> bytes:
    async with browser.client.get(f"{PREFIX}/excel/download?what={what}") as response:
        assert response.status == 200
        assert f'filename="an-sinh-{what}-2026-11-30.xlsx"' in response.headers["Content-Disposition"]
        return await response.read()


async def upload(browser: Browser, content: bytes, path: str = "/excel", **fields: str) -> Answer:
    # Browsers send names as they are, not percent-encoded.
    form = aiohttp.FormData({"csrf": browser.csrf, **fields}, quote_fields=False)
    form.add_field("file", io.BytesIO(content), filename="Tệp/mới.xlsx")
    return await browser.call("POST", path, data=form)


async def outcome(browser: Browser, answer: Answer) -> tuple[str, Answer]:
    """Where the dry run is shown, and the page once it has ended."""
    assert answer.status == 303, answer.text
    for _ in range(200):
        page = await browser.get(answer.leads_to)
        if "hx-trigger" not in page.text:
            return answer.leads_to, page
        assert "<progress" in page.text
        await asyncio.sleep(0.05)
    raise AssertionError("the dry run does not end")


async def edited(browser: Browser, value: Any = "Câu trả lời mới.", title: str = "Câu trả lời") -> bytes:
    book = load_workbook(io.BytesIO(await downloaded(browser, "faq")))
    cell(book, "FAQ", title, 2).value = value
    return saved(book)


async def test_an_edited_workbook_becomes_one_draft_with_its_audit_log(site: Site, lan: Browser) -> None:
    where, page = await outcome(lan, await upload(lan, await edited(lan)))
    assert "mới.xlsx" in page.text
    assert "Tệp/" not in page.text
    assert "thêm 0, sửa 1, bỏ 0" in page.text
    assert "<ins>Câu trả lời mới.</ins>" in page.text
    with Session(site.engine) as db:
        assert db.scalar(select(func.count()).select_from(ChangeSetRecord)) == 0, "a dry run writes nothing"
    answer = await lan.post(f"{where}/accept", title="Sửa trong Excel")
    assert answer.leads_to == f"{PREFIX}/changes/1"
    with Session(site.engine) as db:
        (draft,) = db.scalars(select(ChangeSetRecord))
        assert (draft.author, draft.title, len(draft.changes)) == ("lan", "Sửa trong Excel", 1)
        acts = db.execute(select(Audit.action, Audit.kind).where(Audit.officer == "lan", Audit.kind != "officer")).all()
    assert [tuple(act) for act in acts] == [("create", "change_set"), ("draft", "faq")]
    assert (await lan.get(where)).status == 404, "it is not taken twice"


async def test_an_error_keeps_everything_out(site: Site, lan: Browser) -> None:
    where, page = await outcome(lan, await upload(lan, await edited(lan, "lung tung", "Hỏi về")))
    assert ("FAQ!G2" in page.text, "lung tung" in page.text, "Chọn một trong" in page.text) == (True, True, True)
    assert f"{where}/accept" not in page.text
    assert "còn lỗi" in (await lan.post(f"{where}/accept", title="Cứ nhập")).text
    with Session(site.engine) as db:
        assert db.scalar(select(func.count()).select_from(ChangeSetRecord)) == 0


async def test_an_unknown_document_is_found_by_the_checks_and_told_at_its_cell(lan: Browser) -> None:
    title = "Căn cứ (mỗi dòng: số hiệu | điều)"
    _, page = await outcome(lan, await upload(lan, await edited(lan, "99/2099/NĐ-CP | Điều 1", title)))
    assert "FAQ!H2" in page.text
    assert "99/2099/NĐ-CP" in page.text


async def test_what_was_published_meanwhile_asks_for_a_new_dry_run(site: Site, lan: Browser) -> None:
    where, _ = await outcome(lan, await upload(lan, await edited(lan)))
    with Session(site.engine) as db, db.begin():
        work, other = Work(db, "hoa", START), Work(db, "minh", START)
        draft = changesets.create(work, "x")
        content = changesets.published_content(db, Kind.FAQ, "loan_amount")
        changesets.put(work, draft.id, Kind.FAQ, {**(content or {}), "answer": "Khác."})
        changesets.submit(work, draft.id)
        changesets.approve(other, draft.id)
        publishing.publish(other, draft.id)
    answer = await lan.post(f"{where}/accept", title="x")
    assert (answer.status, "tải tệp lên lại" in answer.text) == (422, True)


async def test_a_list_of_questions_is_tried_out_as_a_workbook(lan: Browser) -> None:
    fields = {"topic": "credit", "aspect": "other", "evidence": "press"}
    text = "Hỏi,Đáp\nThẻ hết hạn thì sao?,Mình đến xã.\n"
    where, page = await outcome(lan, await upload(lan, text.encode(), "/excel/list", **fields))
    assert "FAQ!D2" in page.text
    async with lan.client.get(f"{where}/workbook") as response:
        book = load_workbook(io.BytesIO(await response.read()))
    cell(book, "FAQ", "Cách hỏi khác (mỗi dòng một, ít nhất ba)", 2).value = "một\nhai\nba"
    await lan.get("/excel")
    _, page = await outcome(lan, await upload(lan, saved(book)))
    assert "thêm 1, sửa 0" in page.text
    await lan.get("/excel")
    answer = await upload(lan, text.encode(), "/excel/list", **{**fields, "topic": "khong_co"})
    assert answer.status == 422


# aiohttp leaves the file of a form that is too large to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_what_cannot_be_read_is_refused_in_a_sentence(lan: Browser) -> None:
    _, page = await outcome(lan, await upload(lan, b"%PDF-1.7"))
    assert "không phải tệp Excel" in page.text
    await lan.get("/excel")
    assert "Hãy chọn tệp Excel" in (await lan.post("/excel")).text
    await lan.get("/excel")
    answer = await upload(lan, bytes(MOST_BYTES + 100_000))
    assert (answer.status, "bấm Quay lại để không mất chữ đã gõ" in answer.text) == (413, True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_file_larger_than_other_forms_is_taken(lan: Browser) -> None:
    _, page = await outcome(lan, await upload(lan, b"PK\x03\x04" + bytes(5 * 1024 * 1024)))
    assert "bị hỏng" in page.text
    await lan.get("/account")
    assert (await upload(lan, bytes(3 * 1024 * 1024), "/logout")).status == 413


async def test_a_dry_run_is_its_officers_own_and_ends_with_the_hour(site: Site, lan: Browser) -> None:
    where, _ = await outcome(lan, await upload(lan, await edited(lan)))
    site.person("hoa", Role.EDITOR)
    hoa = site.browser()
    await hoa.sign_in("hoa")
    assert (await hoa.get(where)).status == 404
    site.time.pass_by(minutes=20)
    assert (await lan.get(where)).status == 200
    site.time.pass_by(minutes=20)
    assert (await lan.get(where)).status == 200
    site.time.pass_by(minutes=21)
    assert (await lan.get(where)).status == 404


async def at_another_gateway(browser: Browser, open_site: Callable[..., Awaitable[Site]]) -> Browser:
    """The same browser, whose requests the proxy now brings to a second gateway over the same database."""
    other = (await open_site()).browser()
    cookies = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url(PREFIX))
    other.client.session.cookie_jar.update_cookies(cookies, other.client.make_url(PREFIX))
    return other


async def test_any_gateway_shows_a_dry_run_and_takes_it_over_once(
    site: Site, lan: Browser, open_site: Callable[..., Awaitable[Site]]
) -> None:
    answer = await upload(lan, await edited(lan))
    other = await at_another_gateway(lan, open_site)
    where, page = await outcome(other, answer)
    assert ("mới.xlsx" in page.text, "<ins>Câu trả lời mới.</ins>" in page.text) == (True, True)
    await lan.get(where)
    both = await asyncio.gather(*(each.post(f"{where}/accept", title="Sửa trong Excel") for each in (lan, other)))
    (made,) = [each.leads_to for each in both if each.status == 303]
    assert re.fullmatch(rf"{PREFIX}/changes/\d+", made)
    with Session(site.engine) as db:
        assert [row.title for row in db.scalars(select(ChangeSetRecord))] == ["Sửa trong Excel"]


async def test_any_gateway_shows_how_far_a_dry_run_is(
    site: Site, lan: Browser, open_site: Callable[..., Awaitable[Site]]
) -> None:
    end = asyncio.Event()

    async def work(report: Report) -> Outcome:
        report("So sánh trang FAQ", 300, 500)
        await end.wait()
        return Outcome({"version": 1, "rows": [], "problems": [], "notes": [], "unchanged": 0, "changes": []})

    await site.console[RUNS].start("lau", "lan", "lớn.xlsx", work)
    other = await at_another_gateway(lan, open_site)
    for _ in range(100):
        page = await other.get("/excel/runs/lau")
        if "300/500" in page.text:
            break
        await asyncio.sleep(0.1)
    assert "lớn.xlsx: So sánh trang FAQ (300/500)" in page.text
    assert '<progress value="300" max="500"' in page.text
    end.set()
    _, page = await outcome(other, Answer(303, "", {"Location": f"{PREFIX}/excel/runs/lau"}))
    assert "Tệp giống hệt nội dung đang công bố" in page.text


async def test_a_dry_run_whose_gateway_is_gone_is_told_as_lost(site: Site, lan: Browser) -> None:
    with Session(site.engine) as db, db.begin():
        times = {"began_at": START, "beat_at": START, "kept_until": START.replace(hour=8)}
        said = {"kind": "excel", "name": "x.xlsx", "doing": "Đọc", "done": 1, "total": 9}
        db.add_all(RunRecord(id=name, officer=name, **said, **times) for name in ("lan", "hoa"))
    assert "hx-trigger" in (await lan.get("/excel/runs/lan")).text
    site.time.pass_by(minutes=2)
    page = await lan.get("/excel/runs/lan")
    assert ("hx-trigger" in page.text, "dừng giữa chừng" in page.text) == (False, True)
    assert "Hãy làm lại" in page.text
    assert (await lan.get("/excel/runs/hoa")).status == 404


async def test_a_run_that_another_gateway_began_anew_is_left_to_it(site: Site) -> None:
    end = asyncio.Event()

    async def work(report: Report) -> Outcome:
        await end.wait()
        return Outcome({})

    await site.console[RUNS].start("lai", "lan", "x.xlsx", work)
    with Session(site.engine) as db, db.begin():
        db.get_one(RunRecord, "lai").began_at = START.replace(hour=9)
    end.set()
    await site.console[RUNS].close()
    with Session(site.engine) as db:
        assert db.get_one(RunRecord, "lai").seconds is None


async def test_an_approver_downloads_and_does_not_upload(site: Site) -> None:
    site.person("minh", Role.APPROVER)
    minh = site.browser()
    await minh.sign_in("minh")
    page = await minh.get("/excel")
    assert ("multipart" in page.text, "tat-ca" in page.text) == (False, True)
    assert len(await downloaded(minh, "faq")) > 1000
    assert (await upload(minh, b"x")).status == 403
    assert (await minh.get("/excel/download?what=x")).status == 404
