"""New programs, parameters, facts and offices are written from the console alone, and changed again."""

from __future__ import annotations

import pytest

from bot.console.roles import Role
from tests.console.conftest import Answer, Browser, Site
from tests.console.policy import changes, editor, engine, save, seen

__all__ = ["editor", "engine"]

PROGRAM = {
    "name": "Hỗ trợ bê giống",
    "short_name": "Bê giống",
    "topic": "credit",
    "summary": "Cấp bê giống cho hộ nghèo.",
    "scope": "household",
    "keywords": "bê giống\nbò giống",
    "office": "bank",
    "screened": "y",
    "applies_from": "2026-10-01",
    "document": "2/2024/NĐ-CP",
    "article": "Điều 8",
    "evidence": "text",
}
KEY = "ho_tro_be_giong"
PROVISION = f"/provisions/{KEY}%2F2026-10-01"


async def test_a_new_program_begins_with_its_first_provision(site: Site, editor: Browser) -> None:
    answer = await save(editor, "/new-program", **PROGRAM)
    assert answer.leads_to == f"/console{PROVISION}/edit?in=1", answer.text
    told = changes(site.engine, 1)
    assert (told[KEY]["name"], told[KEY]["keywords"]) == ("Hỗ trợ bê giống", ["bê giống", "bò giống"])
    assert told[f"{KEY}/2026-10-01"]["legal_basis"] == [{"document": "2/2024/NĐ-CP", "article": "Điều 8"}]
    assert "Hỗ trợ bê giống: quy định từ 01/10/2026" in (await editor.get(f"{PROVISION}/edit?in=1")).text
    page = (await editor.get(f"/programs/{KEY}?in=1&day=2026-10-02")).text
    assert ("Cấp bê giống" in page, "Chép thành phiên bản mới" in page) == (True, False)
    answer = await save(editor, f"/programs/{KEY}/edit?in=1", **{**PROGRAM, "draft": "1", "short_name": "Bê"})
    assert answer.leads_to == "/console/changes/1", answer.text
    assert changes(site.engine, 1)[KEY]["short_name"] == "Bê"


async def test_two_programs_of_almost_one_name_have_two_keys(site: Site, editor: Browser) -> None:
    await save(editor, "/new-program", **PROGRAM)
    await save(editor, "/new-program", **{**PROGRAM, "name": "Hỗ trợ, bê giống"})
    assert f"{KEY}_2" in changes(site.engine, 2)


VALUE = {"unit": "đồng", "amount": "1", "applies_from": "2026-10-01", "document": "2/2024/NĐ-CP", "evidence": "text"}
THERE = [
    ("/new-program", {**PROGRAM, "name": "cho vay HO NGHEO"}, "Cho vay hộ nghèo", "/programs/loan/edit"),
    ("/new-parameter", {**VALUE, "name": "LƯƠNG cơ sở"}, "Lương cơ sở", "/parameters/luong/edit"),
    ("/new-fact?type=boolean", {"label": "loai ho", "question": "Hộ nào?", "scope": "household", "type": "boolean"},
     "Loại hộ", "/facts/household_class/edit"),
    ("/new-office", {"name": "NGAN HANG chính sách xã hội", "description": "x", "evidence": "text"},
     "Ngân hàng Chính sách xã hội", "/offices/bank/edit"),
    ("/new-document", {"number": "2/2024/nd-cp", "name": "Khác", "replaces": ""}, "2/2024/NĐ-CP",
     "/documents/2%2F2024%2FN%C4%90-CP/edit"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "fields", "name", "page"), THERE, ids=[each[0] for each in THERE])
async def test_what_is_there_already_is_not_added_again(
    site: Site, editor: Browser, path: str, fields: dict[str, str], name: str, page: str
) -> None:
    for _ in range(2):
        answer = await save(editor, path, **fields)
        assert (answer.status, f"“{name}” đã có" in answer.text) == (422, True), answer.text
        assert f'href="/console{page}"' in answer.text
    assert (await editor.get("/changes/1")).status == 404


async def test_what_is_drafted_already_is_not_added_again_and_its_form_opens_in_its_draft(editor: Browser) -> None:
    await save(editor, "/new-office", name="Trạm thú y", description="Tiêm phòng.", phone="", evidence="text")
    answer = await save(editor, "/new-office", name="Trạm thú y", description="x", phone="", evidence="text")
    assert (answer.status, "/console/offices/tram_thu_y/edit" in answer.text) == (422, True)
    page = (await editor.get("/offices/tram_thu_y/edit")).text
    assert ("Tiêm phòng." in page, '<option selected value="1">' in page) == (True, True)


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        ("abc điện thoại", 422),
        ("12345", 422),
        ("0235 3852 123, x", 422),
        ("0235 3852 123, 1900 6363", 303),
        ("111", 303),
    ],
)
async def test_a_telephone_number_can_be_dialled(editor: Browser, phone: str, status: int) -> None:
    answer = await save(editor, "/new-office", name="Trạm", description="x", phone=phone, evidence="text")
    assert answer.status == status
    assert status == 303 or "Cần số điện thoại gọi được" in answer.text


async def test_what_a_new_program_lacks_is_said_at_its_field(editor: Browser) -> None:
    answer = await save(editor, "/new-program", **{**PROGRAM, "topic": "", "document": "", "applies_from": "32/1/2026"})
    assert answer.status == 422
    for said in ("Hãy chọn một chủ đề.", "Hãy chọn văn bản.", "Đã nhập: 32/1/2026."):
        assert said in answer.text


async def test_a_document_added_in_another_window_can_be_chosen_and_nothing_is_lost(editor: Browser) -> None:
    page = await editor.get("/new-program")
    given = {"draft": "new", "seen": seen(page.text), **PROGRAM, "document": ""}
    await save(editor, "/new-document", number="9/2026/NĐ-CP", name="Nghị định bê giống", replaces="")
    answer = await editor.post("/new-program", **given)
    assert (answer.status, "Cấp bê giống cho hộ nghèo." in answer.text) == (422, True)
    assert '<option value="9/2026/NĐ-CP">' in answer.text
    answer = await editor.post("/new-program", **{**given, "draft": "1", "document": "9/2026/NĐ-CP"})
    assert answer.leads_to == f"/console{PROVISION}/edit?in=1", answer.text


async def test_a_new_parameter_has_its_first_value_and_is_used_at_once(site: Site, editor: Browser) -> None:
    fields = {
        "name": "Mức bê giống",
        "unit": "đồng/hộ",
        "amount": "12.000.000",
        "applies_from": "2026-10-01",
        "document": "2/2024/NĐ-CP",
        "article": "Điều 8",
        "evidence": "text",
    }
    answer = await save(editor, "/new-parameter", **fields)
    assert answer.leads_to == "/console/changes/1", answer.text
    told = changes(site.engine, 1)
    assert told["muc_be_giong"] == {"id": "muc_be_giong", "name": "Mức bê giống", "unit": "đồng/hộ"}
    assert told["muc_be_giong/2026-10-01"]["amount"] == "12000000"
    assert "{muc_be_giong}" in (await editor.get("/changes/1")).text
    value = await editor.get("/values/muc_be_giong%2F2026-10-01/edit?in=1")
    assert (value.status, "12.000.000" in value.text) == (200, True)
    answer = await save(editor, "/parameters/muc_be_giong/edit?in=1", draft="1", name="Mức bò giống", unit="đồng")
    assert answer.leads_to == "/console/changes/1", answer.text
    assert changes(site.engine, 1)["muc_be_giong"]["name"] == "Mức bò giống"
    row = (await editor.get("/provisions/loan%2F2024/row?in=1&at=benefits")).text
    assert '<option value="muc_be_giong">Mức bò giống</option>' in row


async def new_fact(editor: Browser, kind: str, path: str = "/new-fact?", **fields: str) -> Answer:
    given = {
        "label": "Đất chăn nuôi",
        "question": "Nhà mình có đất chăn nuôi không?",
        "scope": "household",
        "askable": "y",
    }
    return await save(editor, f"{path}type={kind}", type=kind, **{**given, **fields})


async def test_a_new_fact_of_yes_or_no(site: Site, editor: Browser) -> None:
    page = (await editor.get("/new-fact")).text
    assert "Có hay không" in page
    answer = await new_fact(editor, "boolean", phrases="có chuồng bò", negative_phrases="không có đất nuôi")
    assert answer.leads_to == "/console/changes/1", answer.text
    told = changes(site.engine, 1)["dat_chan_nuoi"]
    assert (told["type"], told["phrases"], told["negative_phrases"]) == (
        "boolean",
        ["có chuồng bò"],
        ["không có đất nuôi"],
    )


async def test_a_new_fact_with_choices_grows_and_shrinks_until_it_is_published(site: Site, editor: Browser) -> None:
    one = {"choices-0-id": "", "choices-0-label": "Bò", "choices-0-phrases": "nuôi bò"}
    answer = await new_fact(editor, "choice", label="Vật nuôi", **one)
    assert (answer.status, "Cần ít nhất hai câu trả lời" in answer.text) == (422, True)
    two = {**one, "choices-1-id": "", "choices-1-label": "Dê", "choices-2-id": "", "choices-2-label": ""}
    answer = await new_fact(editor, "choice", label="Vật nuôi", **two)
    assert [each["id"] for each in changes(site.engine, 1)["vat_nuoi"]["choices"]] == ["bo", "de"]
    kept = {"choices-0-id": "bo", "choices-0-label": "", "choices-1-id": "de", "choices-1-label": "Dê, cừu"}
    more = {"choices-2-id": "", "choices-2-label": "Heo"}
    fields = {"label": "Vật nuôi", "question": "Nuôi con gì?", "scope": "household", **kept, **more}
    answer = await save(editor, "/facts/vat_nuoi/edit?in=1", draft="1", **fields)
    assert answer.leads_to == "/console/changes/1", answer.text
    assert changes(site.engine, 1)["vat_nuoi"]["choices"] == [
        {"id": "de", "label": "Dê, cừu"},
        {"id": "heo", "label": "Heo"},
    ]


async def test_a_published_choice_is_not_taken_away(site: Site, editor: Browser) -> None:
    kept = {"choices-0-id": "poor", "choices-0-label": "", "choices-1-id": "other", "choices-1-label": "Không thuộc"}
    fields = {"label": "Loại hộ", "question": "Hộ nào?", "scope": "household", **kept}
    answer = await save(editor, "/facts/household_class/edit", **fields)
    assert (answer.status, "không bỏ được" in answer.text) == (422, True)


async def test_a_criterion_that_lacks_its_fact_gets_it_on_the_way(site: Site, editor: Browser) -> None:
    await save(editor, "/new-program", **PROGRAM)
    page = (await editor.get(f"{PROVISION}/row?in=1&at=common")).text
    path = f"/new-fact?in=1&amp;for={KEY}/2026-10-01&amp;at=common"
    assert f'href="/console{path}"' in page
    back = {"for": f"{KEY}/2026-10-01", "at": "common", "draft": "1"}
    answer = await new_fact(editor, "boolean", f"/new-fact?in=1&for={KEY}%2F2026-10-01&at=common&", **back)
    assert answer.leads_to == f"/console{PROVISION}/row?in=1&at=common&fact=dat_chan_nuoi", answer.text
    assert "Trợ lý hỏi: “Nhà mình có đất chăn nuôi không?”" in (await editor.get(answer.leads_to)).text


async def test_rows_are_added_to_a_program_that_is_drafted_only(site: Site, editor: Browser) -> None:
    await save(editor, "/new-program", **PROGRAM)
    page = (await editor.get(f"{PROVISION}/row?in=1&at=common&fact=household_class")).text
    fields = {"at": "common", "fact": "household_class", "op": "eq", "value": "poor", "label": "", "document": ""}
    answer = await editor.post(f"{PROVISION}/row", draft="1", seen=seen(page), **fields)
    assert answer.leads_to == f"/console{PROVISION}/edit?in=1", answer.text
    (row,) = changes(site.engine, 1)[f"{KEY}/2026-10-01"]["common"]
    assert (row["fact"], row["label"]) == ("household_class", "Loại hộ là Hộ nghèo")
    assert "Thêm điều kiện chung" in (await editor.get(answer.leads_to)).text
    page = (await editor.get("/changes/1")).text
    assert "Loại hộ là Hộ nghèo" in page
    assert "So sánh:" not in page


@pytest.mark.parametrize("kind", ["several", "age", "commune", "x"])
async def test_types_that_code_rests_on_are_not_made_by_a_form(editor: Browser, kind: str) -> None:
    assert "chọn loại" in (await editor.get(f"/new-fact?type={kind}")).text
    assert (await editor.post("/new-fact", type=kind)).status == 404


async def test_an_office_is_added_and_changed(site: Site, editor: Browser) -> None:
    fields = {"name": "Trạm thú y", "description": "Tiêm phòng; tại xã.", "phone": "", "evidence": "text"}
    answer = await save(editor, "/new-office", **fields)
    assert answer.leads_to == "/console/changes/1", answer.text
    assert "phone" not in changes(site.engine, 1)["tram_thu_y"]
    assert '<option value="tram_thu_y">Trạm thú y</option>' in (await editor.get("/new-program?in=1")).text
    page = (await editor.get("/offices?q=ngan+hang")).text
    assert 'href="/console/offices/bank/edit"' in page
    answer = await save(editor, "/offices/bank/edit", draft="1", **{**fields, "phone": "0255 3822 222"})
    assert answer.leads_to == "/console/changes/1", answer.text
    assert changes(site.engine, 1)["bank"]["phone"] == "0255 3822 222"


async def test_a_topic_gets_another_office(site: Site, editor: Browser) -> None:
    await save(editor, "/new-office", name="Trạm thú y", description="Tiêm phòng.", phone="", evidence="text")
    assert 'href="/console/topics/credit/edit"' in (await editor.get("/topics?q=vay+von")).text
    fields = {"draft": "1", "office": "tram_thu_y", "keywords": "vay\nvốn"}
    answer = await save(editor, "/topics/credit/edit?in=1", **fields)
    assert answer.leads_to == "/console/changes/1", answer.text
    told = changes(site.engine, 1)["credit"]
    assert (told["office"], told["keywords"], told["name"]) == ("tram_thu_y", ["vay", "vốn"], "Vay vốn")
    assert (await save(editor, "/topics/credit/edit", **{**fields, "office": "khong_co"})).status == 422


async def test_who_only_reads_sees_no_way_to_write(site: Site, browser: Browser) -> None:
    site.person("minh", Role.APPROVER)
    await browser.sign_in("minh")
    for path in (
        "/offices",
        "/topics",
        "/programs",
        "/programs/loan",
        "/parameters/luong",
        "/documents/2%2F2024%2FN%C4%90-CP",
    ):
        page = await browser.get(path)
        assert page.status == 200, path
        assert not [word for word in ("/edit", "/new-", "/value") if word in page.text], path


async def test_a_form_overtaken_by_another_window_loses_nothing(site: Site, editor: Browser) -> None:
    page = await editor.get("/offices/bank/edit")
    fields = {"name": "Ngân hàng A", "description": "x", "phone": "", "evidence": "text"}
    await save(editor, "/offices/bank/edit", **fields)
    late = {"draft": "1", "seen": seen(page.text), **fields, "name": "Ngân hàng B"}
    answer = await editor.post("/offices/bank/edit", **late)
    assert (answer.status, "Ngân hàng B" in answer.text, "So sánh hai bản" in answer.text) == (409, True, True)
    answer = await editor.post("/offices/bank/edit", **{**late, "seen": seen(answer.text)})
    assert answer.leads_to == "/console/changes/1"
    assert changes(site.engine, 1)["bank"]["name"] == "Ngân hàng B"
