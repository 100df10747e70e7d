"""A provision's next version and its rows, as an editor changes them; and how a program reads on a day."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.console.provision_rows import Place, moved_up, with_row, without_row
from bot.console.roles import Role
from bot.knowledge.editing.faults import NotAllowedError
from tests.console.conftest import Answer, Browser, Site
from tests.console.policy import changes, engine, save, seen

__all__ = ["engine"]

PATH = "/provisions/loan%2F2027-01-01"
WORTH = ("100.000.000 đồng/hộ", "6,6% năm", "1,5 × Lương cơ sở")


@pytest.fixture
async def editor(site: Site, browser: Browser) -> Browser:
    """An editor with a new version of the loan in a draft."""
    site.person("lan", Role.EDITOR)
    await browser.sign_in("lan")
    answer = await save(browser, "/programs/loan", first="2027-01-01")
    assert answer.leads_to == f"/console{PATH}/edit?in=1"
    return browser


def drafted(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = changes(site.engine, 1)["loan/2027-01-01"]
    return found


async def row(editor: Browser, at: str, fact: str = "", **fields: Any) -> Answer:
    page = (await editor.get(f"{PATH}/row?in=1&at={at}&fact={fact}")).text
    # As a browser sends them: the selects that nobody touched too.
    untouched = {"document": "", "parameter": "", "period": ""}
    return await editor.post(f"{PATH}/row", draft="1", seen=seen(page), at=at, fact=fact, **{**untouched, **fields})


async def test_a_new_version_closes_the_last(site: Site, editor: Browser) -> None:
    told = changes(site.engine, 1)
    assert told["loan/2024"]["applies_to"] == "2026-12-31"
    assert told["loan/2027-01-01"]["benefits"] == told["loan/2024"]["benefits"]
    page = (await editor.get(f"{PATH}/edit?in=1")).text
    for words in ("Ngoài xã A", "không thuộc: Xã A", "Hộ nghèo", "0,5 × Lương cơ sở", "Giấy đề nghị vay", *WORTH):
        assert words in page


async def test_a_version_cannot_begin_before_the_last(editor: Browser) -> None:
    answer = await save(editor, "/programs/loan", first="2024-07-01")
    assert (answer.status, "phải bắt đầu sau ngày đó. Đã nhập: 01/07/2024" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("fact", "fields", "row_made"),
    [
        ("age", {"op": "ge", "value": "75"}, {"op": "ge", "value": 75, "label": "age từ 75 trở lên"}),
        ("age", {"op": "lt", "value": "80,5"}, {"value": {"decimal": "80.5"}, "label": "age dưới 80,5"}),
        ("income", {"op": "le", "parameter": "luong", "factor": "1,5"}, {"parameter": "luong", "factor": "1.5"}),
        (
            "farming",
            {"op": "eq", "value": "no", "label": "Không làm nông"},
            {"value": False, "label": "Không làm nông"},
        ),
        ("household_class", {"op": "eq", "value": "poor"}, {"value": "poor", "label": "Loại hộ là Hộ nghèo"}),
        ("commune", {"op": "in", "value": ["20001", "20002"]}, {"value": ["20001", "20002"]}),
        ("farming", {"op": "unsettled"}, {"op": "unsettled"}),
    ],
)
async def test_a_criterion_is_built_in_words(
    site: Site, editor: Browser, fact: str, fields: dict[str, Any], row_made: dict[str, Any]
) -> None:
    answer = await row(editor, "common", fact, **fields)
    assert answer.leads_to == f"/console{PATH}/edit?in=1", answer.text
    made = drafted(site)["common"][-1]
    assert made["fact"] == fact
    assert {name: made.get(name) for name in row_made} == row_made


@pytest.mark.parametrize(
    ("fact", "fields", "said"),
    [
        ("age", {"op": "ge"}, "Hãy điền một trong hai"),
        ("age", {"op": "ge", "value": "75", "parameter": "luong"}, "Hãy điền một trong hai"),
        ("farming", {"op": "eq"}, "Hãy chọn Có hoặc Không"),
        ("household_class", {"op": "eq", "value": ["poor", "other"]}, "đã chọn 2"),
        ("household_class", {"op": "in"}, "ít nhất một giá trị"),
    ],
)
async def test_a_criterion_that_says_too_little_or_too_much(
    site: Site, editor: Browser, fact: str, fields: dict[str, Any], said: str
) -> None:
    answer = await row(editor, "common", fact, **fields)
    assert (answer.status, said in answer.text) == (422, True)
    assert len(drafted(site)["common"]) == 1


async def test_the_fact_is_chosen_first(editor: Browser) -> None:
    page = (await editor.get(f"{PATH}/row?in=1&at=common")).text
    assert page.partition("<select")[2].partition("<option ")[2].startswith('value="">– chọn –')
    assert '<optgroup label="Về hộ gia đình">' in page
    assert "Loại hộ" in page
    page = (await editor.get(f"{PATH}/row?in=1&at=common&fact=age")).text
    assert "từ … trở lên" in page
    assert (await editor.get(f"{PATH}/row?in=1&at=nowhere")).status == 404
    assert (await editor.get(f"{PATH}/row?in=1&at=common-9")).status == 404


async def test_a_criterion_is_edited_with_what_it_says(site: Site, editor: Browser) -> None:
    page = (await editor.get(f"{PATH}/row?in=1&at=groups-1-criteria-0")).text
    assert re.search(r'name="value"[^>]* value="60"', page)
    await row(editor, "groups-1-criteria-0", "age", op="ge", value="65", label="Từ 65 tuổi")
    assert drafted(site)["groups"][1]["criteria"][0]["value"] == 65


async def test_groups_come_and_go(site: Site, editor: Browser) -> None:
    answer = await row(editor, "groups", "age", op="ge", value="75")
    assert (answer.status, "Hãy đặt tên cho nhóm" in answer.text) == (422, True)
    await row(editor, "groups", "age", op="ge", value="75", group="Người rất già")
    assert [group["key"] for group in drafted(site)["groups"]] == ["poor", "old", "nhom_1"]
    await row(editor, "groups-2", label="Người cao tuổi")
    assert drafted(site)["groups"][2]["label"] == "Người cao tuổi"
    page = (await editor.get(f"{PATH}/edit?in=1")).text
    await editor.post(f"{PATH}/remove", draft="1", seen=seen(page), at="groups-1")
    assert [group["key"] for group in drafted(site)["groups"]] == ["poor", "nhom_1"]
    assert drafted(site)["benefits"][2].get("groups", []) == []


async def test_papers_steps_and_benefits(site: Site, editor: Browser) -> None:
    await row(editor, "documents", name="Sổ hộ nghèo", note="bản sao")
    await row(editor, "steps-0", text="Nộp đơn ở xã", time_limit="3 ngày")
    await row(editor, "benefits-0", label="Mức vay", amount="200.000.000", unit="đồng/hộ", at_most="y")
    told = drafted(site)
    assert told["documents"][-1] == {"name": "Sổ hộ nghèo", "note": "bản sao"}
    assert told["steps"][0] == {"text": "Nộp đơn ở xã", "time_limit": "3 ngày"}
    assert told["benefits"][0] == {
        "label": "Mức vay", "amount": "200000000", "unit": "đồng/hộ", "at_most": True,
    }  # fmt: skip
    answer = await row(editor, "benefits", label="Hai kiểu", amount="5", text="năm đồng")
    assert (answer.status, "Đã điền: Số tiền, Bằng lời" in answer.text) == (422, True)
    page = (await editor.get(f"{PATH}/edit?in=1")).text
    await editor.post(f"{PATH}/up", draft="1", seen=seen(page), at="documents-2")
    assert drafted(site)["documents"][1]["name"] == "Sổ hộ nghèo"


async def test_an_old_page_overwrites_nothing(site: Site, editor: Browser) -> None:
    page = (await editor.get(f"{PATH}/edit?in=1")).text
    await editor.post(f"{PATH}/remove", draft="1", seen=seen(page), at="documents-0")
    answer = await editor.post(f"{PATH}/remove", draft="1", seen=seen(page), at="documents-0")
    assert (answer.status, "vừa được lưu hoặc công bố ở nơi khác" in answer.text) == (409, True)
    assert [each["name"] for each in drafted(site)["documents"]] == ["Căn cước"]


async def test_two_windows_before_there_is_a_draft_and_nothing_is_lost(site: Site, editor: Browser) -> None:
    path = "/provisions/loan%2F2024"
    await editor.post("/changes/1/withdraw")
    first = seen((await editor.get(f"{path}/edit")).text)
    await editor.post(f"{path}/remove", draft="new", seen=first, at="steps-0")
    answer = await editor.post(f"{path}/remove", draft="new", seen=first, at="documents-0")
    assert (answer.status, "vừa được lưu hoặc công bố ở nơi khác" in answer.text) == (409, True)
    assert (await editor.get("/changes/3")).status == 404


async def test_what_it_says_of_itself(site: Site, editor: Browser) -> None:
    basis = {"legal_basis-0-document": "2/2024/NĐ-CP", "legal_basis-0-article": "Điều 8", "legal_basis-1-document": ""}
    fields = {"state": "closed", "applies_from": "2027-01-01", "evidence": "text", **basis}
    answer = await save(editor, f"{PATH}/edit?in=1", draft="1", **fields)
    assert (answer.status, "cần một câu nói cho người dân" in answer.text) == (422, True)
    await save(editor, f"{PATH}/edit?in=1", draft="1", note="Đã hết.", **fields)
    told = drafted(site)
    assert (told["state"], told["note"]) == ("closed", "Đã hết.")
    assert told["legal_basis"] == [{"document": "2/2024/NĐ-CP", "article": "Điều 8"}]


async def test_a_program_reads_as_of_a_day(editor: Browser) -> None:
    page = (await editor.get("/programs?topic=credit&q=vay+ho+ngheo")).text
    assert "Cho vay hộ nghèo" in page
    page = (await editor.get("/programs/loan?day=2022-01-01")).text
    assert "Đã hết từ 01/7/2024." in page
    await row(editor, "benefits-0", label="Mức vay", amount="200.000.000", unit="đồng/hộ")
    assert "200.000.000 đồng/hộ" in (await editor.get("/programs/loan?day=2027-02-01&in=1")).text
    assert "200.000.000" not in (await editor.get("/programs/loan?day=2027-02-01")).text
    assert (await editor.get("/programs/nothing")).status == 404
    assert (await editor.get("/programs/loan?in=99")).status == 404


async def test_a_program_itself_is_edited(site: Site, editor: Browser) -> None:
    fields = {"name": "Cho vay hộ nghèo", "short_name": "Vay nghèo", "summary": "Vay vốn.", "keywords": "vay\nvốn\n\n"}
    fields |= {"topic": "credit", "scope": "household"}
    answer = await save(editor, "/programs/loan/edit?in=1", draft="1", office="bank", screened="y", **fields)
    assert answer.leads_to == "/console/changes/1", answer.text
    assert changes(site.engine, 1)["loan"]["keywords"] == ["vay", "vốn"]


def test_rows_are_found_by_their_place() -> None:
    content = {"groups": [{"key": "a", "criteria": [{"fact": "x"}]}], "steps": [{"text": "1"}, {"text": "2"}]}
    assert without_row(content, Place.read("groups-0-criteria-0"))["groups"] == []
    assert [each["text"] for each in moved_up(content, Place.read("steps-1"))["steps"]] == ["2", "1"]
    assert with_row(content, Place.read("documents"), {"name": "x"})["documents"] == [{"name": "x"}]
    for gone in ("steps-2", "groups-1-criteria-0", "groups-7-criteria"):
        with pytest.raises(NotAllowedError):
            without_row(content, Place.read(gone))
    with pytest.raises(NotAllowedError):
        Place.read("steps-x")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2022-01-01", ["Đã kết thúc", "Sắp áp dụng", "Sắp áp dụng"]),
        ("2026-11-30", ["Đã qua", "Đang áp dụng", "Sắp áp dụng"]),
        ("2027-01-01", ["Đã qua", "Đã qua", "Đang áp dụng"]),
    ],
)
async def test_a_provision_is_in_force_in_its_days_alone(editor: Browser, day: str, told: list[str]) -> None:
    page = (await editor.get(f"/programs/loan?in=1&day={day}")).text
    assert re.findall(r'<td data-title="Tình trạng">([^<]*?) ?<', page) == told
