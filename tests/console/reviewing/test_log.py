"""The log of conversations: found, read with what was told then, asked again, and each reading written down."""

from __future__ import annotations

import yaml
from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.pages.log import filters_of
from bot.console.review_words import INTENTS
from bot.conversation.figures.periods import midnight
from tests.console.conftest import START, Browser, Site
from tests.console.reviewing.conftest import ASKED, OTHERWISE
from tests.conversation.fake_rasa import FakeRasa
from tests.conversation.review.conftest import logged
from tools.bootstrap import ROOT


def test_the_form_becomes_filters() -> None:
    found = filters_of(
        {"from": "2026-11-01", "to": "2026-11-30", "rating": "down", "confidence": "low", "reviewed": "no"}
    )
    assert found.since is not None
    assert found.until is not None
    assert found.since == midnight(found.since.date())
    assert (found.until - found.since).days == 30, "the last day counts"
    assert (found.rating, found.confidence_below, found.reviewed) == (-1, 0.4, False)
    senseless = filters_of({"from": "hôm qua", "rating": "x", "confidence": "x", "reviewed": "x", "status": ""})
    assert senseless == filters_of({})


def test_every_intent_has_its_words() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    intents = {name for each in domain["intents"] for name in ([each] if isinstance(each, str) else each)}
    assert intents == set(INTENTS)


async def test_turns_are_found_and_paged(reviewer: Browser, turns: list[str], engine: Engine) -> None:
    page = (await reviewer.get("/log")).text
    assert ASKED in page
    assert OTHERWISE in page
    page = (await reviewer.get("/log?rating=down")).text
    assert (ASKED in page, OTHERWISE in page) == (True, False)
    assert "Không có lượt hỏi nào" in (await reviewer.get("/log?status=error")).text
    with Session(engine) as db, db.begin():
        db.add_all(logged(number, f"câu số {number}", session_id=None, at=START) for number in range(10, 61))
    page = (await reviewer.get("/log?channel=web")).text
    further = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "channel=web" in further
    page = (await reviewer.get(further)).text
    assert ASKED in page
    assert "câu số 60" not in page
    assert (await reviewer.get("/log?after=rubbish")).status == 200


async def test_what_was_searched_is_written_down_once_and_masked(
    site: Site, reviewer: Browser, turns: list[str]
) -> None:
    for address in ("", "", "?q=Bà+Tư+0905123456&rating=down", "?q=Bà+Tư+0905123456&rating=down&after=x", "?from=sai"):
        await reviewer.get(f"/log{address}")
    assert [act for act in site.acts() if act[1] == "search"] == [("lan", "search", "*")] * 3
    assert site.told("search") == [
        None, {"search": "“Bà Tư [số điện thoại]”; Đánh giá: chê"}, {"search": "Từ ngày: sai"},
    ]  # fmt: skip
    site.time.pass_by(minutes=6)
    await reviewer.get("/log")
    assert site.told("search")[3:] == [None]


async def test_a_conversation_shows_what_was_told_and_is_written_down(
    site: Site, reviewer: Browser, turns: list[str]
) -> None:
    page = (await reviewer.get(f"/log/{turns[0]}")).text
    told = (ASKED, OTHERWISE, "Điều 8, 188/2025/NĐ-CP", "29/11/2026", "người dân chê", "hiểu câu hỏi và trả lời: 12")
    assert [words for words in told if words not in page] == []
    assert ("lan", "read", turns[0]) in site.acts()
    assert (await reviewer.get("/log/nowhere")).status == 404


async def test_what_would_be_answered_now(reviewer: Browser, rasa: FakeRasa, turns: list[str]) -> None:
    await reviewer.get(f"/log/{turns[0]}")
    page = (await reviewer.post(f"/log/{turns[0]}", turn=turns[0])).text
    assert f"Câu 1: {ASKED}" in page
    assert [body["metadata"]["channel"] for body in rasa.seen] == ["review"]

    async def away(_body: object) -> web.StreamResponse:
        return web.json_response({}, status=500)

    rasa.behaviour = away
    page = (await reviewer.post(f"/log/{turns[0]}", turn=turns[0])).text
    assert "Rasa) chưa chạy" in page
