"""A parameter's new value: what changes with it is told first, and the value before it is closed in the same draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.console.roles import Role
from tests.console.conftest import Browser, Site
from tests.console.policy import changes, editor, engine, seen
from tests.postgres import BOTH, address_of

__all__ = ["editor", "engine"]

NEW = {
    "amount": "2.530.000",
    "applies_from": "2027-01-01",
    "document": "2/2024/NĐ-CP",
    "article": "Điều 3",
    "evidence": "text",
}


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


async def test_the_list_and_the_page_tell_todays_value(editor: Browser) -> None:
    page = (await editor.get("/parameters?q=luong+co")).text
    assert "2.340.000 đồng/tháng" in page
    page = (await editor.get("/parameters/luong")).text
    assert "01/07/2024" in page
    assert "(hiện nay)" in page
    assert (await editor.get("/parameters/nothing")).status == 404


async def test_what_changes_is_told_before_anything_is_saved(site: Site, editor: Browser) -> None:
    form = (await editor.get("/parameters/luong/value")).text
    answer = await editor.post("/parameters/luong/value", do="preview", draft="new", seen=seen(form), **NEW)
    assert "Chưa có gì được lưu" in answer.text
    for told in ("Cho vay hộ nghèo", "Thu nhập thấp: 1.265.000 đồng/tháng", "3.795.000 đồng", "vay được bao nhiêu?"):
        assert told in answer.text
    assert site.acts()[-1][1] == "sign_in"


async def test_the_value_before_is_closed_in_the_same_draft(site: Site, editor: Browser) -> None:
    form = (await editor.get("/parameters/luong/value")).text
    answer = await editor.post("/parameters/luong/value", do="save", draft="new", seen=seen(form), **NEW)
    assert answer.leads_to == "/console/changes/1"
    told = changes(site.engine, 1)
    assert told["luong/2024-07-01"]["applies_to"] == "2026-12-31"
    assert told["luong/2027-01-01"]["amount"] == "2530000"
    assert ("lan", "draft", "luong/2027-01-01") in site.acts()


async def test_a_value_between_two_ends_where_the_later_begins(site: Site, editor: Browser) -> None:
    await editor.get("/parameters/luong/value")
    await editor.post("/parameters/luong/value", do="save", draft="new", **NEW)
    await editor.get("/parameters/luong/value")
    between = {**NEW, "applies_from": "01/07/2026", "amount": "2400000,5"}
    await editor.post("/parameters/luong/value", do="save", draft="1", **between)
    told = changes(site.engine, 1)
    assert told["luong/2024-07-01"]["applies_to"] == "2026-06-30"
    assert (told["luong/2026-07-01"]["applies_to"], told["luong/2026-07-01"]["amount"]) == ("2026-12-31", "2400000.5")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("amount", "hai triệu rưỡi", "Đã nhập: hai triệu rưỡi"),
        ("applies_from", "31/02/2027", "Đã nhập: 31/02/2027"),
        ("applies_to", "2026-01-01", "đứng trước ngày đầu (01/01/2027)"),
        ("document", "", "Hãy chọn văn bản"),
    ],
)
async def test_what_cannot_be_read_is_named(editor: Browser, field: str, value: str, said: str) -> None:
    await editor.get("/parameters/luong/value")
    answer = await editor.post("/parameters/luong/value", do="save", draft="new", **{**NEW, field: value})
    assert (answer.status, said in answer.text) == (422, True)


async def test_two_windows_on_one_value_and_nothing_is_lost(site: Site, editor: Browser) -> None:
    await editor.get("/parameters/luong/value")
    await editor.post("/parameters/luong/value", do="save", draft="new", **NEW)
    form = (await editor.get("/values/luong%2F2027-01-01/edit?in=1")).text
    for amount in ("2.600.000", "2.700.000"):
        last = await editor.post(
            "/parameters/luong/value", do="save", draft="1", seen=seen(form), **{**NEW, "amount": amount}
        )
    assert last.status == 409
    assert "2.700.000" in last.text
    assert "2.600.000" in last.text
    assert changes(site.engine, 1)["luong/2027-01-01"]["amount"] == "2600000"
    again = {**NEW, "amount": "2.700.000"}
    await editor.post("/parameters/luong/value", do="save", draft="1", seen=seen(last.text), **again)
    assert changes(site.engine, 1)["luong/2027-01-01"]["amount"] == "2700000"


async def test_two_windows_before_there_is_a_draft_and_nothing_is_lost(site: Site, editor: Browser) -> None:
    form = (await editor.get("/values/luong%2F2024-07-01/edit")).text
    value = {**NEW, "applies_from": "2024-07-01", "draft": "new", "do": "save", "seen": seen(form)}
    await editor.post("/parameters/luong/value", **{**value, "amount": "2.600.000"})
    second = await editor.post("/parameters/luong/value", **{**value, "amount": "2.700.000"})
    assert (second.status, "2.600.000" in second.text, "2.700.000" in second.text) == (409, True, True)
    assert '<option selected value="1">' in second.text
    assert (await editor.get("/changes/2")).status == 404


async def test_a_value_of_nothing_is_asked_about(editor: Browser) -> None:
    given = {**NEW, "amount": "0", "do": "save", "draft": "new"}
    assert "Đúng là 0" not in (await editor.get("/parameters/luong/value")).text
    answer = await editor.post("/parameters/luong/value", **given)
    assert (answer.status, "Mức đang ghi là 0" in answer.text, 'name="nothing"' in answer.text) == (422, True, True)
    assert (await editor.post("/parameters/luong/value", **given, nothing="y")).status == 303


async def test_a_change_begins_a_set_of_its_own_unless_one_is_chosen(site: Site, editor: Browser) -> None:
    await editor.get("/parameters/luong/value")
    await editor.post("/parameters/luong/value", do="save", draft="new", **NEW)
    unrelated = (await editor.get("/topics/credit/edit")).text
    assert '<option selected value="new">' in unrelated
    assert '<option selected value="1">' in (await editor.get("/topics/credit/edit?in=1")).text
    assert '<option selected value="1">' in (await editor.get("/values/luong%2F2027-01-01/edit")).text
    named = {"draft": "1", "title": "Nơi liên hệ mới", "seen": seen(unrelated), "office": "bank", "keywords": "vay"}
    answer = await editor.post("/topics/credit/edit", **named)
    assert answer.leads_to == "/console/changes/2"
    assert "Nơi liên hệ mới" in (await editor.get("/changes/2")).text


async def test_a_reader_sees_and_does_not_edit(site: Site, browser: Browser) -> None:
    site.person("minh", Role.REVIEWER)
    await browser.sign_in("minh")
    assert (await browser.get("/parameters/luong")).status == 200
    assert (await browser.get("/parameters/luong/value")).status == 403
