"""Writing FAQ entries, as an editor does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.knowledge.editing import changesets
from bot.knowledge.editing.publishing import publish
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.work import Work
from bot.knowledge.retrieval import Found, Hit, Index
from tests.console.conftest import START, Browser, Site
from tests.console.test_changes import database_url, drafted, engine, lan, minh, someone

__all__ = ["database_url", "engine", "lan", "minh"]

_HIDDEN = re.compile(r'name="(mark)" value="([^"]*)"')
WRITTEN = {
    "question": "Vay để làm nhà vệ sinh được không?",
    "phrasings": "vay lam nha ve sinh\nvay tiền xây hố xí\n\n  vay vốn công trình vệ sinh  ",
    "answer": "Được ạ.\r\n\r\nHộ nghèo vay theo chương trình này.",
    "topic": "credit",
    "program": "loan",
    "aspect": "benefit",
    "evidence": "text",
    "into": "new",
}


def content_in(engine: Engine, number: int) -> Any:
    with Session(engine) as session:
        (change,) = session.get_one(ChangeSetRecord, number).changes
        return change.content


def number_in(path: str) -> int:
    return int(path.rsplit("/", 1)[1])


async def marks(browser: Browser, path: str) -> dict[str, str]:
    """The hidden fields of the form."""
    return dict(_HIDDEN.findall((await browser.get(path)).text))


def published(engine: Engine, number: int) -> None:
    with Session(engine) as session, session.begin():
        changesets.submit(Work(session, "hoa", START), number)
        changesets.approve(Work(session, "minh", START), number)
        publish(Work(session, "minh", START), number)


async def test_a_new_entry_is_drafted_with_its_citation(lan: Browser, engine: Engine) -> None:
    found = await lan.post("/faq-citations", find="2/2024")
    assert 'value="2/2024/NĐ-CP"' in found.text
    cited = {"cite": "new 1", "document new 1": "2/2024/NĐ-CP", "article new 1": "Điều 5"}
    answer = await lan.post("/new-faq", **WRITTEN, mark="new", **cited)
    content = content_in(engine, number_in(answer.leads_to))
    assert content == {
        "id": "vay_de_lam_nha_ve_sinh_duoc_khong",
        "topic": "credit",
        "program": "loan",
        "aspect": "benefit",
        "question": "Vay để làm nhà vệ sinh được không?",
        "phrasings": ["vay lam nha ve sinh", "vay tiền xây hố xí", "vay vốn công trình vệ sinh"],
        "answer": "Được ạ.\n\nHộ nghèo vay theo chương trình này.",
        "legal_basis": [{"document": "2/2024/NĐ-CP", "article": "Điều 5"}],
        "evidence": "text",
    }
    page = await lan.get("/faq?state=new&q=nha+ve+sinh")
    assert "1 mục" in page.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phrasings": "một\nhai"}, "Mới có 2."),
        ({"answer": " "}, "Hãy điền ô này."),
        ({"applies_from": "2027-01-01", "applies_to": "2026-12-31"}, "Đã chọn 31/12/2026"),
        ({"applies_from": "mai"}, "Đã nhập: “mai”"),
    ],
)
async def test_what_is_missing_is_said_and_what_was_typed_stays(
    lan: Browser, engine: Engine, wrong: dict[str, str], said: str
) -> None:
    answer = await lan.post("/new-faq", **{**WRITTEN, **wrong}, mark="new")
    assert (answer.status, said in answer.text) == (422, True)
    assert "Vay để làm nhà vệ sinh được không?" in answer.text
    with Session(engine) as session:
        assert session.get(ChangeSetRecord, 1) is None


async def test_while_typing_it_is_said_what_answers_already(lan: Browser) -> None:
    typed = {**WRITTEN, "question": "HO NGHEO VAY DUOC BAO NHIEU?", "answer": "Được 123.457 đồng. " + "chữ " * 130}
    part = (await lan.call("POST", "/faq-check", data={"csrf": lan.csrf, **typed}, headers={"HX-Request": "true"})).text
    assert "đã được viết y như vậy ở" in part
    assert "123.457" in part
    assert "dài quá 120 chữ" in part
    assert "<html" not in part
    whole = (await lan.post("/faq-check", **typed)).text
    assert "đã được viết y như vậy ở" in whole
    assert "HO NGHEO VAY DUOC BAO NHIEU?" in whole
    own = (await lan.post("/faq-check", **typed, key="loan_amount")).text
    assert "đã được viết y như vậy ở" not in own


@pytest.mark.parametrize(
    ("score", "said", "silent"),
    [
        (0.7, "đã được trả lời bằng câu hỏi", "gần giống"),
        (0.6, "gần giống câu hỏi", "đã được trả lời bằng"),
        (0.5, "Máy chưa thấy câu hỏi nào gần giống", "đã được trả lời bằng"),
    ],
)
async def test_it_is_said_how_sure_a_likeness_is(
    lan: Browser, monkeypatch: pytest.MonkeyPatch, score: float, said: str, silent: str
) -> None:
    monkeypatch.setattr(Index, "search", lambda *_: Found((), (Hit("faq", "loan_amount", score),), ()))
    part = await lan.call("POST", "/faq-check", data={"csrf": lan.csrf, **WRITTEN}, headers={"HX-Request": "true"})
    assert (said in part.text, silent in part.text) == (True, False)


async def test_an_entry_is_changed_in_a_draft_and_again_in_it(lan: Browser, engine: Engine) -> None:
    hidden = await marks(lan, "/faq/loan_amount/edit")
    first = await lan.post("/faq/loan_amount/edit", **WRITTEN, **hidden)
    number = number_in(first.leads_to)
    page = await lan.get(f"/faq/loan_amount/edit?in={number}")
    assert "Hộ nghèo vay theo chương trình này." in page.text
    again = dict(_HIDDEN.findall(page.text))
    second = await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Hai.", "into": str(number)}, **again)
    assert number_in(second.leads_to) == number
    assert content_in(engine, number)["answer"] == "Hai."
    stale = await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Ba.", "into": str(number)}, **again)
    assert (stale.status, "vừa được lưu hoặc công bố" in stale.text, "Ba." in stale.text) == (409, True, True)
    assert content_in(engine, number)["answer"] == "Hai."
    told = dict(_HIDDEN.findall(stale.text))
    await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Ba.", "into": str(number)}, **told)
    assert content_in(engine, number)["answer"] == "Ba."


async def test_two_windows_before_there_is_a_draft_and_nothing_is_lost(lan: Browser, engine: Engine) -> None:
    hidden = await marks(lan, "/faq/loan_amount/edit")
    first = await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Của cửa sổ một."}, **hidden)
    second = await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Của cửa sổ hai."}, **hidden)
    assert (second.status, "Của cửa sổ hai." in second.text, "cửa sổ <del>một" in second.text) == (409, True, True)
    number = number_in(first.leads_to)
    assert content_in(engine, number)["answer"] == "Của cửa sổ một."
    again = dict(_HIDDEN.findall(second.text))
    saved = await lan.post(
        "/faq/loan_amount/edit", **{**WRITTEN, "answer": "Của cửa sổ hai.", "into": str(number)}, **again
    )
    assert number_in(saved.leads_to) == number
    assert content_in(engine, number)["answer"] == "Của cửa sổ hai."


async def test_an_entry_begins_a_set_of_its_own_unless_one_is_chosen(lan: Browser, engine: Engine) -> None:
    theirs = drafted(engine)
    page = (await lan.get("/new-faq")).text
    assert page.index('<option value="new">') < page.index(f'<option value="{theirs}">')
    assert f'<option value="{theirs}" selected>' in (await lan.get(f"/new-faq?in={theirs}")).text
    assert 'href="/console/faq"' in page.partition("</nav>")[2]
    removal = number_in((await lan.post("/faq/loan_amount/remove")).leads_to)
    assert removal != theirs


async def test_the_second_of_two_editors_is_told_and_loses_nothing(site: Site, lan: Browser, engine: Engine) -> None:
    theirs = drafted(engine, "hoa", "Tối đa 300 triệu đồng.")
    page = await lan.get("/faq/loan_amount/edit")
    assert "hoa cũng đang sửa mục này" in page.text
    hidden = dict(_HIDDEN.findall(page.text))
    published(engine, theirs)
    answer = await lan.post("/faq/loan_amount/edit", **{**WRITTEN, "answer": "Của Lan."}, **hidden)
    assert answer.status == 409
    assert "vừa được lưu hoặc công bố ở nơi khác" in answer.text
    assert "Của Lan." in answer.text
    assert "300" in answer.text
    saved = await lan.post(
        "/faq/loan_amount/edit", **{**WRITTEN, "answer": "Của Lan."}, **dict(_HIDDEN.findall(answer.text))
    )
    assert content_in(engine, number_in(saved.leads_to))["answer"] == "Của Lan."


async def test_history_shows_who_changed_what_and_a_version_comes_back(lan: Browser, engine: Engine) -> None:
    published(engine, drafted(engine, "hoa", "Tối đa 300 triệu đồng."))
    page = await lan.get("/faq/loan_amount")
    assert "<ins>300</ins>" in page.text
    assert "Bản ban đầu" in page.text
    answer = await lan.post("/faq/loan_amount/restore", version="first")
    assert content_in(engine, number_in(answer.leads_to))["answer"].startswith("Tối đa 100 triệu")
    assert (await lan.post("/faq/loan_amount/restore", version="77")).status == 400


async def test_an_entry_is_taken_away_and_stays_in_the_archive(lan: Browser, minh: Browser, engine: Engine) -> None:
    number = number_in((await lan.post("/faq/loan_amount/remove")).leads_to)
    assert "Bỏ mục này" in (await lan.get(f"/changes/{number}")).text
    await lan.post(f"/changes/{number}/submit")
    await minh.post(f"/changes/{number}/approve", when="now")
    assert "Lưu trữ: đã bỏ" in (await lan.get("/faq?state=removed")).text
    await lan.post("/faq/loan_amount/restore", version="first")


async def test_the_list_is_searched_without_accents_and_exported(lan: Browser) -> None:
    page = await lan.get("/faq?q=ho+ngheo+vay&topic=credit&aspect=benefit&state=live")
    assert "1 mục" in page.text
    assert "0 mục" in page.text or "Không có mục" in (await lan.get("/faq?state=over")).text
    export = await lan.get("/faq?export=csv")
    assert "Tối đa 100 triệu" in export.text


async def test_an_approver_reads_and_does_not_write(site: Site, minh: Browser) -> None:
    page = await minh.get("/faq/loan_amount")
    assert (page.status, "/edit" in page.text) == (200, False)
    assert (await minh.get("/faq/loan_amount/edit")).status == 403
    reviewer = await someone(site, "tam", Role.REVIEWER)
    assert (await reviewer.get("/faq")).status == 200
