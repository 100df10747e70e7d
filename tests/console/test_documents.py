"""A document that replaces another: the old one ends, and what rests on it is renewed in the same draft."""

from __future__ import annotations

from tests.console.conftest import Browser, Site
from tests.console.policy import changes, editor, engine, save

__all__ = ["editor", "engine"]

OLD = "2/2024/NĐ-CP"
NEW = {
    "number": "3/2026/NĐ-CP",
    "name": "Nghị định thay thế",
    "effective_from": "2027-01-01",
    "replaces": OLD,
}
PATH = "/documents/2%2F2024%2FN%C4%90-CP"
RENEWALS = "/changes/1/renewals?old=2%2F2024%2FN%C4%90-CP&new=3%2F2026%2FN%C4%90-CP"


async def test_the_list_and_one_document(editor: Browser) -> None:
    page = (await editor.get("/documents?q=nghi+dinh+cu")).text
    assert "Đã được thay" in page
    page = (await editor.get(PATH)).text
    for told in ("01/07/2024", "Lương cơ sở từ 01/07/2024", "Hộ nghèo vay được bao nhiêu?"):
        assert told in page
    assert (await editor.get("/documents/x")).status == 404


async def test_the_old_document_ends_and_what_rests_on_it_is_listed(site: Site, editor: Browser) -> None:
    answer = await save(editor, "/new-document", **NEW)
    assert answer.leads_to == f"/console{RENEWALS}"
    told = changes(site.engine, 1)
    assert (told[OLD]["replaced_by"], told[OLD]["effective_to"]) == ("3/2026/NĐ-CP", "2026-12-31")
    page = (await editor.get(RENEWALS)).text
    assert 'href="/console/parameters/luong/value?in=1&amp;document=3%2F2026%2FN%C4%90-CP"' in page
    assert 'href="/console/faq/loan_amount/edit?in=1"' in page
    form = (await editor.get("/parameters/luong/value?in=1&document=3%2F2026%2FN%C4%90-CP")).text
    assert '<option selected value="3/2026/NĐ-CP">' in form


async def test_a_provision_is_copied_and_an_answer_cites_the_new_document(site: Site, editor: Browser) -> None:
    await save(editor, "/new-document", **NEW)
    await editor.get(RENEWALS)
    both = {"old": OLD, "new": "3/2026/NĐ-CP"}
    await editor.post("/changes/1/renewals", kind="provision", key="loan/2024", **both)
    answer = await editor.post("/changes/1/renewals", kind="faq", key="loan_amount", **both)
    assert answer.leads_to == f"/console{RENEWALS}"
    told = changes(site.engine, 1)
    assert told["loan/2024"]["applies_to"] == "2026-12-31"
    copied = told["loan/2027-01-01"]
    assert copied["legal_basis"][0] == {"document": "3/2026/NĐ-CP"}
    assert copied["benefits"][2]["legal_basis"] == {"document": "3/2026/NĐ-CP"}
    assert copied["legal_basis"][1] == {"document": "1/2020/NĐ-CP"}
    assert told["loan_amount"]["legal_basis"] == [{"document": "3/2026/NĐ-CP"}]
    assert "Đã có trong lần thay đổi" in (await editor.get(RENEWALS)).text


async def test_what_is_not_there_is_told(editor: Browser) -> None:
    await save(editor, "/new-document", **NEW)
    await editor.get(RENEWALS)
    await editor.post("/changes/1/renewals", kind="provision", key="x/y", old=OLD, new="3/2026/NĐ-CP")
    assert "Không có x/y để thay căn cứ" in (await editor.get(RENEWALS)).text
    assert (await editor.get("/changes/9/renewals")).status == 404


async def test_a_document_is_edited(site: Site, editor: Browser) -> None:
    answer = await save(editor, f"{PATH}/edit", name="Nghị định về vay vốn", effective_from="01/07/2024", replaces="")
    assert answer.leads_to == "/console/changes/1"
    assert changes(site.engine, 1)[OLD]["title"] == "Nghị định về vay vốn"


async def test_an_address_that_is_none_is_refused(editor: Browser) -> None:
    answer = await save(editor, "/new-document", **{**NEW, "url": "javascript:alert(1)"})
    assert (answer.status, "phải bắt đầu bằng http" in answer.text) == (422, True)
