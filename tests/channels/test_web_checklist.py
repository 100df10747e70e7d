"""The printable checklist as a browser gets it, with the published rows in the database."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.web import pages
from bot.conversation.models import MessageRow, TurnLog
from bot.knowledge.db import make_engine
from bot.knowledge.tables import KnowledgeVersionRecord, ProgramRecord
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn

CRITERIA = [
    {"label": "Từ đủ 75 tuổi", "verdict": "eligible", "value": "76 tuổi", "legal_basis": "Điều 21, 41/2024/QH15"},
    {"label": "Không có <lương> hưu", "verdict": "eligible", "value": "0 đồng", "legal_basis": "Điều 21"},
]
LAW = {
    "document": "41/2024/QH15",
    "article": "Điều 21",
    "effective_from": "2025-07-01",
    "effective_to": None,
    "url": "https://congbao.chinhphu.vn/41",
}
VERDICT: dict[str, Any] = {
    "source": "eligibility",
    "program": "huu_tri_xa_hoi",
    "member": "mother",
    "verdict": "eligible",
    "criteria": CRITERIA,
    "benefits": ["Trợ cấp mỗi tháng: 540.000 đồng/tháng"],
    "citations": [LAW],
    "office": "Ủy ban nhân dân xã",
    "as_of": "2026-11-25",
}


@pytest.fixture
def engine(published_in_sqlite: Path, tmp_path: Path) -> Engine:
    shutil.copy(published_in_sqlite, tmp_path / "ansinh.db")
    return make_engine(f"sqlite:///{tmp_path / 'ansinh.db'}")


def answering(rasa: FakeRasa, *answers: dict[str, Any]) -> None:
    async def behaviour(_body: dict[str, Any]) -> web.Response:
        return web.json_response(turn(*answers))

    rasa.behaviour = behaviour


async def address(api: Api, rasa: FakeRasa, **fields: Any) -> str:
    """The address of the checklist of an answer with these fields."""
    answering(rasa, answer("Dạ đủ điều kiện.", **{**VERDICT, **fields}))
    url: str = (await api.say("Mẹ tôi 76 tuổi được hưởng gì?"))[0]["answer"]["checklist_url"]
    return url


async def page(api: Api, url: str) -> tuple[int, str]:
    """Status and the words a reader sees."""
    async with api.client.get(url) as response:
        assert response.content_type == "text/html"
        text = re.sub(r"<[^>]+>", " ", await response.text())
        return response.status, " ".join(html.unescape(text).split())


class TestAddress:
    async def test_each_answer_of_a_turn_has_its_own(self, api: Api, rasa: FakeRasa) -> None:
        answering(
            rasa,
            answer("Một.", **VERDICT),
            answer("Hai.", source="policy", program="bhyt_can_ngheo", as_of="2026-11-25"),
        )
        first, second = [m["answer"]["checklist_url"] for m in await api.say("mẹ tôi 76 tuổi", "m-1")]
        assert "Trợ cấp hưu trí xã hội" in (await page(api, first))[1]
        assert "Hỗ trợ đóng bảo hiểm y tế" in (await page(api, second))[1]
        again = [m["answer"]["checklist_url"] for m in await api.say("mẹ tôi 76 tuổi", "m-1")]
        assert again == [first, second]

    async def test_holds_nothing_of_the_citizen(self, api: Api, rasa: FakeRasa) -> None:
        url = await address(api, rasa)
        log = api.rows(TurnLog)[0]
        read = api.gateway.checklists.read(url.removeprefix("/checklist/"), dt.datetime.now(dt.timezone.utc))
        assert read == (
            log.turn_id,
            0,
            (dt.datetime.now(dt.timezone(dt.timedelta(hours=7))) + dt.timedelta(days=30)).date(),
        )

    async def test_is_a_path_and_out_of_the_text_while_we_do_not_know_how_we_are_reached(
        self, api: Api, rasa: FakeRasa
    ) -> None:
        answering(rasa, answer("Dạ đủ điều kiện.", **VERDICT))
        message = (await api.say("mẹ tôi 76 tuổi"))[0]
        assert message["answer"]["checklist_url"].startswith("/checklist/")
        assert message["text"] == "Dạ đủ điều kiện."

    async def test_stands_in_the_text_where_any_channel_can_open_it(self, open_api: OpenApi, rasa: FakeRasa) -> None:
        api = await open_api(public_url="https://ansinh.example/")
        await api.open()
        answering(rasa, answer("Dạ đủ điều kiện.", **VERDICT))
        message = (await api.say("mẹ tôi 76 tuổi, số của tôi 0905123456"))[0]
        url = message["answer"]["checklist_url"]
        assert url.startswith("https://ansinh.example/checklist/")
        told, line, *warning = message["text"].split("\n")
        assert (told, line.endswith(url)) == ("Dạ đủ điều kiện.", True)
        assert "số điện thoại" in warning[-1]
        assert (await page(api, url.removeprefix("https://ansinh.example")))[0] == 200

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": "asked_back", "verdict": None},
            {"source": "policy", "status": "not_covered"},
            {"source": "smalltalk", "program": None},
        ],
    )
    async def test_is_given_only_where_there_is_something_to_keep(
        self, api: Api, rasa: FakeRasa, fields: dict[str, Any]
    ) -> None:
        assert await address(api, rasa, **fields) is None


class TestPage:
    async def test_tells_verdict_reasons_benefits_papers_way_and_law(self, api: Api, rasa: FakeRasa) -> None:
        status, text = await page(api, await address(api, rasa))
        assert status == 200
        for part in (
            "Trợ cấp hưu trí xã hội",
            "Tính đến ngày 25/11/2026.",
            "Xét cho: mẹ",
            "✓ Đủ điều kiện",
            "Từ đủ 75 tuổi (mình cho biết: 76 tuổi) Điều 21, 41/2024/QH15",
            "Trợ cấp mỗi tháng: 540.000 đồng/tháng",
            "Giấy tờ mang theo",
            "Tờ khai đề nghị trợ cấp",
            "Nơi làm:",
            "Thời hạn: 07 ngày làm việc",
            "Em chưa có thông tin về lệ phí",
            "Điều 21, 41/2024/QH15 – Luật Bảo hiểm xã hội (hiệu lực từ 01/07/2025)",
            "quyết định chính thức thuộc cơ quan giải quyết",
            "In trang này",
        ):
            assert part in text, part
        assert "chưa được cán bộ xác nhận" not in text

    async def test_marks_what_failed_and_what_is_open(self, api: Api, rasa: FakeRasa) -> None:
        for verdict, mark in (("not_eligible", "✗"), ("unknown", "?")):
            criteria = [{**CRITERIA[0], "verdict": verdict}]
            _, text = await page(api, await address(api, rasa, verdict=verdict, criteria=criteria))
            assert text.count(f" {mark} ") == 2, verdict

    async def test_says_what_is_not_verified(self, api: Api, rasa: FakeRasa) -> None:
        _, text = await page(api, await address(api, rasa, verified=False))
        assert "chưa được cán bộ xác nhận, mình nên hỏi lại Ủy ban nhân dân xã" in text

    async def test_of_a_screening_lists_programs_by_verdict(self, api: Api, rasa: FakeRasa) -> None:
        results = [
            {"program": "huu_tri_xa_hoi", "member": "mother", "verdict": "eligible", "criteria": CRITERIA},
            {"program": "bhyt_can_ngheo", "member": None, "verdict": "not_eligible", "criteria": []},
            {"program": "vay_ho_ngheo", "member": None, "verdict": "unknown", "criteria": CRITERIA[:1]},
        ]
        _, text = await page(api, await address(api, rasa, program=None, verdict=None, results=results))
        order = [
            "✓ Trợ cấp hưu trí xã hội (mẹ)",
            "Mang theo:",
            "Nơi làm:",
            "? Vay",
            "✗ Chưa thuộc diện Bảo hiểm y tế hộ cận nghèo.",
        ]
        assert [text.find(part) >= 0 for part in order] == [True] * len(order), text
        assert sorted(order, key=text.find) == order

    async def test_escapes_what_rows_and_answers_say(self, api: Api, rasa: FakeRasa) -> None:
        hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        url = await address(
            api,
            rasa,
            benefits=[hostile],
            documents=[hostile],
            steps=[hostile],
            office=hostile,
            criteria=[{"label": hostile, "verdict": "eligible", "value": hostile, "legal_basis": hostile}],
            citations=[{**LAW, "document": hostile, "article": hostile, "url": "javascript:alert(1)"}],
        )
        text = await (await api.client.get(url)).text()
        assert "<script" not in text
        assert "<img" not in text
        assert "javascript:" not in text
        assert text.count("&lt;script&gt;") >= 8

    async def test_shows_the_figures_of_its_day_and_follows_a_correction(self, api: Api, rasa: FakeRasa) -> None:
        url = await address(api, rasa)
        await page(api, url)
        with Session(api.engine) as session, session.begin():
            session.query(ProgramRecord).filter_by(id="huu_tri_xa_hoi").update({"name": "Tên đã sửa"})
            session.query(KnowledgeVersionRecord).update({"number": KnowledgeVersionRecord.number + 1})
        assert "Tên đã sửa" in (await page(api, url))[1]

    async def test_is_safe_private_and_needs_no_script(self, api: Api, rasa: FakeRasa) -> None:
        async with api.client.get(await address(api, rasa)) as response:
            text = await response.text()
        assert response.headers["Content-Security-Policy"] == pages.POLICY
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in text
        for inline in ("<script", "<style", "style=", "onclick"):
            assert inline not in text
        assert 'lang="vi"' in text

    async def test_has_a_print_form(self, api: Api) -> None:
        async with api.client.get("/static/checklist.css") as response:
            assert (response.status, response.content_type) == (200, "text/css")
            style = await response.text()
        assert "size: A4" in style
        assert "@media print" in style


class TestRefusal:
    async def test_after_its_last_day(self, api: Api, rasa: FakeRasa) -> None:
        await address(api, rasa)
        checklists = api.gateway.checklists
        long_ago = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=32)
        old = checklists.url(checklists.place(api.rows(TurnLog)[0].turn_id, 0, long_ago))
        status, text = await page(api, old)
        assert status == 410
        assert "đã quá ngày xem" in text

    @pytest.mark.parametrize("token", ["x", "WyJhIiwwLCIyMDI2LTEyLTI1Il0.sai", "%00", "%F0%9F%92%A9", "a" * 4000])
    async def test_of_a_forged_one(self, api: Api, token: str) -> None:
        status, text = await page(api, f"/checklist/{token}")
        assert status == 404
        assert "không tìm thấy tờ ghi nhớ này" in text

    async def test_of_one_signed_by_another_key(self, api: Api, rasa: FakeRasa, open_api: OpenApi) -> None:
        url = await address(api, rasa)
        other = await open_api(secret="another-secret-key")
        assert (await page(other, url))[0] == 404

    async def test_once_the_citizen_has_erased_their_data(self, api: Api, rasa: FakeRasa) -> None:
        url = await address(api, rasa)
        await api.call("DELETE", "/api/web/session")
        status, text = await page(api, url)
        assert (status, "76 tuổi" in text) == (404, False)

    async def test_outlives_the_session(self, api: Api, rasa: FakeRasa) -> None:
        url = await address(api, rasa)
        api.token = ""
        assert (await page(api, url))[0] == 200

    async def test_of_an_answer_that_is_gone_by_number(self, api: Api, rasa: FakeRasa) -> None:
        await address(api, rasa)
        checklists = api.gateway.checklists
        place = checklists.place(api.rows(TurnLog)[0].turn_id, 1, dt.datetime.now(dt.timezone.utc))
        assert (await page(api, checklists.url(place)))[0] == 404

    async def test_while_the_database_is_down_is_a_page_too(
        self, api: Api, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
    ) -> None:
        url = await address(api, rasa)
        MessageRow.__table__.drop(api.engine)  # type: ignore[attr-defined]
        status, text = await page(api, url)
        assert status == 503
        assert "đang bận" in text
        # Who reads the log must not be able to open what citizens were told.
        assert "GET /checklist/{token}: OperationalError" in caplog.text
        assert url not in caplog.text

    async def test_of_a_caller_who_asks_too_often(self, open_api: OpenApi) -> None:
        api = await open_api(rate_address_requests="1/minute")
        statuses = [(await page(api, "/checklist/x"))[0] for _ in range(2)]
        assert statuses == [404, 429]


async def test_many_readers_at_once_get_their_page(api: Api, rasa: FakeRasa) -> None:
    url = await address(api, rasa)
    assert {status for status, _ in await asyncio.gather(*(page(api, url) for _ in range(8)))} == {200}
