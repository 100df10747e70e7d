"""Switching off and on, on both databases."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.knowledge.repository import published_switches
from tests.console.conftest import Browser, Site
from tests.console.test_changes import database_url, engine, lan, minh, someone

__all__ = ["database_url", "engine", "lan", "minh"]

LOAN = {"target": "program/loan", "reason": "Chờ hướng dẫn", "message": "Dạ phần vay vốn đang được rà soát ạ."}


def off(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        return [(switch.target, switch.message) for switch in published_switches(session)]


async def test_off_with_a_message_and_on_again(site: Site, minh: Browser, engine: Engine) -> None:
    await minh.get("/switches")
    await minh.post("/switches/off", **LOAN)
    assert off(engine) == [("loan", LOAN["message"])]
    page = await minh.get("/switches")
    assert "Chương trình Cho vay hộ nghèo" in page.text
    assert "Chờ hướng dẫn" in page.text
    await minh.post("/switches/off", **LOAN)
    assert "đang tắt rồi" in (await minh.get("/switches")).text
    await minh.post("/switches/on", target="program/loan")
    assert off(engine) == []
    assert [act for _, act, key in site.acts() if key == "loan"] == ["switch_off", "switch_on"]


async def test_a_reason_and_a_message_are_needed(minh: Browser, engine: Engine) -> None:
    for missing in ("target", "reason", "message"):
        answer = await minh.post("/switches/off", **{**LOAN, missing: " "})
        assert answer.status == 422, missing
    assert (await minh.post("/switches/on", target="king/loan")).status == 400
    assert off(engine) == []


async def test_a_reason_is_kept_without_personal_numbers_and_a_message_as_it_is(site: Site, minh: Browser) -> None:
    await minh.get("/switches")
    await minh.post("/switches/off", **{**LOAN, "reason": "Bà 0905123456 báo sai", "message": "Gọi 0905123456 ạ."})
    assert site.told("switch_off") == [{"reason": "Bà [số điện thoại] báo sai", "message": "Gọi 0905123456 ạ."}]


async def test_nothing_is_chosen_before_an_officer_chooses(minh: Browser, engine: Engine) -> None:
    form = (await minh.get("/switches")).text.partition('name="target"')[2].partition("</select>")[0]
    assert form.partition("<option ")[2].startswith('value="">– chọn –')
    answer = await minh.post("/switches/off", **{**LOAN, "target": ""})
    assert (answer.status, "Hãy chọn phần cần tắt." in answer.text) == (422, True)
    assert off(engine) == []


async def test_the_whole_assistant_is_for_administrators_too_not_for_editors(
    site: Site, lan: Browser, engine: Engine
) -> None:
    assert (await lan.get("/switches")).status == 403
    admin = await someone(site, "chu", Role.ADMINISTRATOR)
    await admin.get("/switches")
    await admin.post("/switches/off", **{**LOAN, "target": "assistant/"})
    assert off(engine) == [("", LOAN["message"])]
    assert "Toàn bộ trợ lý" in (await admin.get("/switches")).text
