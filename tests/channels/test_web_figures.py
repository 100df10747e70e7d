"""The public page of figures as a browser gets it."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy.orm import Session

from bot.channels.web.figures import read
from bot.channels.web.templates import render
from bot.conversation.models import TurnLog
from bot.conversation.published import Published
from bot.conversation.review.models import ReviewSample, SampledTurn
from bot.knowledge.db import Base
from tests.channels.conftest import Api, OpenApi
from tests.conversation.conftest import add_turn

OCTOBER = dt.datetime(2026, 10, 10, 3, tzinfo=dt.UTC)


def fill(api: Api) -> None:
    Base.metadata.create_all(api.engine)
    with Session(api.engine) as db, db.begin():
        plan = [("health_insurance", "answered", 30), ("housing_support", "not_covered", 10)]
        number = 0
        for topic, status, times in [*plan, ("credit", "answered", 2), ("merit", "answered", 3)]:
            for _ in range(times):
                number += 1
                add_turn(
                    db, number, OCTOBER, topic=topic, status=status, question="Nhà ông Ba ở xóm Đèo", commune="20551"
                )
        add_turn(db, 1000, OCTOBER + dt.timedelta(days=40), topic="clean_water")


async def page(api: Api) -> str:
    async with api.client.get("/so-lieu") as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/html"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "public, max-age=600"
        return await response.text()


async def test_it_tells_rates_and_topics_of_ended_months(open_api: OpenApi) -> None:
    api = await open_api()
    fill(api)
    text = re.sub(r"\s+", " ", await page(api))
    assert '<span class="rate">77,8%</span><br>trong 45 câu hỏi' in text
    assert "Tháng 10 năm 2026: 45 câu hỏi" in text
    assert '<td class="count">30</td><td><span class="bar bar-20"></span></td>' in text
    assert '<td class="count">10</td><td><span class="bar bar-7"></span></td>' in text
    assert "tháng 11" not in text.lower()


async def test_it_tells_no_small_count_and_nobody(open_api: OpenApi) -> None:
    api = await open_api()
    fill(api)
    text = await page(api)
    assert "2 lĩnh vực khác" in text
    assert "credit" not in text
    assert "merit" not in text
    assert "ông Ba" not in text
    assert "20551" not in text
    assert "<script" not in text
    assert " style=" not in text


async def test_it_counts_once_for_many_visitors(open_api: OpenApi) -> None:
    api = await open_api()
    fill(api)
    first = await page(api)
    with Session(api.engine) as db, db.begin():
        db.query(TurnLog).delete()
    assert await page(api) == first


async def test_an_empty_log_is_told_in_words(open_api: OpenApi) -> None:
    api = await open_api()
    Base.metadata.create_all(api.engine)
    text = await page(api)
    assert "chưa tính tỷ lệ" in text
    assert "Chưa có tháng nào" in text


async def test_a_database_that_is_away_is_excused(open_api: OpenApi) -> None:
    api = await open_api()  # without the tables of the rows
    async with api.client.get("/so-lieu") as response:
        assert response.status == 503
        assert "chưa xem được số liệu" in await response.text()


async def test_a_reviewed_sample_is_told_with_its_interval(open_api: OpenApi) -> None:
    api = await open_api()
    fill(api)
    at = dt.datetime(2026, 10, 15, tzinfo=dt.UTC)
    with Session(api.engine) as db:
        db.add(ReviewSample(id=1, since=at, until=at, answered=100, drawn_by="lan", drawn_at=at))
        db.flush()
        judged = {"sample_id": 1, "asked_at": at, "judged_by": "lan", "judged_at": at}
        db.add_all(SampledTurn(**judged, turn_id=f"judged{number}", right=number >= 10) for number in range(100))
        db.flush()
        sheet = read(db, dt.date(2026, 11, 25), 5, Published())
    assert "90,0% (khoảng tin cậy 95%: từ 82,6% đến 94,5%)" in render("figures.html", sheet=sheet)
