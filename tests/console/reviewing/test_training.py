"""The training in the console: who may do what, what is shown, and what goes to the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.console.routes import POLLING
from bot.conversation.retraining import choice, runs
from bot.conversation.retraining.runs import SILENT, Step
from bot.conversation.retraining.tables import ModelUse, TrainingRun
from bot.conversation.review import phrases
from bot.conversation.review.targets import Target
from bot.knowledge.audit import Audit
from bot.knowledge.domain import Learned
from tests.console.conftest import START, Browser, Site
from tests.console.reviewing.conftest import signed_in
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.conversation.retraining.conftest import OLD, started, trained

PHRASE = "xem bói ở đâu linh"
WHY = "câu sai thêm là câu mẫu đã cũ, sẽ bỏ"
ROW = {"set": "golden", "text": "vay vốn?", "topic": "credit", "aspect": "benefit"}
RESULT: dict[str, Any] = {
    "sets": [
        {"set": "golden", "rows": 200, "old": 180, "new": 178},
        {"set": "cases", "rows": 0, "old": 0, "new": 0},
        {"set": "stories", "rows": 0, "old": 0, "new": 0},
    ],
    "figures": [{"name": "topic", "old": 0.912, "new": 0.9}],
    "worse": [
        {
            **ROW,
            "right": [True, False],
            "told": [
                {"status": "answered", "topic": "credit", "aspect": "benefit"},
                {"status": "clarify", "topic": None, "aspect": None},
            ],
        }
    ],
    "better": [],
    "worse_count": 3,
    "better_count": 0,
    "faults": ["golden_worse"],
}


@pytest.fixture(autouse=True)
def answering(rasa: FakeRasa) -> dict[str, str]:
    """What Rasa says it answers with; a test may change it."""
    says = {"model": OLD}

    async def reply(_body: dict[str, Any]) -> web.StreamResponse:
        return web.json_response({**turn(answer("Dạ")), **says})

    rasa.behaviour = reply
    return says


def acts(engine: Engine) -> list[tuple[str, str, Any]]:
    with Session(engine) as db:
        rows = db.scalars(select(Audit).where(Audit.kind.in_(("model", "training_run"))).order_by(Audit.id))
        return [(row.action, row.officer, row.after) for row in rows]


async def test_a_run_is_asked_for_with_what_is_taught_and_only_once(engine: Engine, reviewer: Browser) -> None:
    with Session(engine) as db, db.begin():
        phrases.learn(db, PHRASE, Target(Learned.OUT_OF_SCOPE), "minh", START)
    page = (await reviewer.get("/training")).text
    assert PHRASE in page
    assert "minh, 30/11/2026" in page
    assert "thêm 1, bỏ 0" in page
    assert (await reviewer.post("/training")).leads_to == "/console/training/1"
    with Session(engine) as db:
        run = db.scalars(select(TrainingRun)).one()
        assert ([each["text"] for each in run.phrases], run.asked_by) == ([PHRASE], "lan")
        assert (run.compared_with, choice.current(db)) == (OLD, OLD), "what answers is what is compared with"
    assert (await reviewer.post("/training")).status == 409
    assert "Đang huấn luyện: lần số 1" in (await reviewer.get("/training")).text
    await reviewer.post("/training/1/stop")
    assert "Đã dừng theo yêu cầu" in (await reviewer.get("/training/1")).text
    assert acts(engine) == [("train", "lan", {"phrases": 1}), ("stop", "lan", None)]


async def test_progress_and_its_end_are_told_honestly(site: Site, engine: Engine, reviewer: Browser) -> None:
    await reviewer.post("/training")
    site.time.pass_by(seconds=31)
    assert "Chưa có máy nào nhận việc này" in (await reviewer.get("/training/1")).text
    with Session(engine) as db, db.begin():
        runs.take(db, 1, site.time.now)
        runs.beat(db, 1, site.time.now, Step.OLD, 3, 10)
    page = (await reviewer.get("/training/1")).text
    assert "Hỏi mô hình đang dùng (3/10 câu)" in page
    assert 'hx-trigger="every 2s"' in page
    site.time.pass_by(seconds=SILENT.total_seconds() + 1)
    page = (await reviewer.get("/training/1")).text
    assert "Bị ngắt giữa chừng" in page
    assert "every 2s" not in page
    assert "Huấn luyện mô hình mới</button>" in (await reviewer.get("/training")).text


async def test_what_did_not_pass_is_the_administrators_to_promote_with_a_reason(
    site: Site, engine: Engine, reviewer: Browser
) -> None:
    with Session(engine) as db, db.begin():
        started(db)
        trained(db, "a.tar.gz", passed=False)
        db.get_one(TrainingRun, 1).result = RESULT
    link = "Xem kết quả so sánh"
    assert link in (await reviewer.get("/training/1", **{POLLING: "1"})).text, (
        "what asked by itself is a part of a page"
    )
    page = (await reviewer.get("/training/1")).text
    assert link not in page
    for shown in ("Chưa đạt", "quá 0,5% số câu", "91,2%", "90,0%", "không có trên máy huấn luyện", "… và 2 câu nữa"):
        assert shown in page
    assert "Vẫn đưa vào dùng" not in page
    assert (await reviewer.post("/training/1/promote")).status == 409
    assert (await reviewer.post("/training/1/override", reason=WHY)).status == 403
    administrator = await signed_in(site, "quan", Role.ADMINISTRATOR)
    assert "Vẫn đưa vào dùng" in (await administrator.get("/training/1")).text
    refused = await administrator.post("/training/1/override", reason="thế")
    assert (refused.status, "Đã nhập: “thế”" in refused.text) == (409, True)
    given = f"{WHY}, hỏi 0905123456"
    assert (await administrator.post("/training/1/override", reason=given)).leads_to == "/console/training"
    kept = f"{WHY}, hỏi [số điện thoại]"
    assert acts(engine) == [("promote", "quan", {"model": "a.tar.gz", "run": 1, "reason": kept})]
    assert kept in (await administrator.get("/training")).text


async def test_promoting_and_going_back(engine: Engine, reviewer: Browser, answering: dict[str, str]) -> None:
    with Session(engine) as db, db.begin():
        started(db)
        trained(db, "a.tar.gz")
        db.get_one(TrainingRun, 1).result = {**RESULT, "faults": [], "worse": [], "worse_count": 0}
    assert "mô hình mới đã đạt, chờ quyết định" in (await reviewer.get("/")).text
    await reviewer.post("/training/1/promote")
    page = (await reviewer.get("/training")).text
    assert "Đang chuyển sang lần huấn luyện số 1" in page
    answering["model"] = "a.tar.gz"
    page = (await reviewer.get("/training")).text
    assert "Lần huấn luyện số 1 <small>" in page
    assert "Đang chuyển" not in page
    assert (await reviewer.post("/training/back")).leads_to == "/console/training"
    assert (await reviewer.post("/training/back")).status == 409
    with Session(engine) as db:
        assert [(use.model, use.how) for use in db.scalars(select(ModelUse).order_by(ModelUse.id))] == [
            (OLD, "start"),
            ("a.tar.gz", "promote"),
            (OLD, "back"),
        ]
    assert [act[0] for act in acts(engine)] == ["promote", "back"]


async def test_while_rasa_is_away_the_page_says_so(rasa: FakeRasa, reviewer: Browser) -> None:
    await rasa.server.close()
    page = await reviewer.get("/training")
    assert (page.status, "Rasa chưa trả lời" in page.text) == (200, True)
    refused = await reviewer.post("/training")
    assert (refused.status, "chưa biết phải so với mô hình nào" in refused.text) == (409, True)


async def test_a_run_that_never_was_is_not_found(reviewer: Browser) -> None:
    for number in ("9", "khong"):
        assert (await reviewer.get(f"/training/{number}")).status == 404
