"""Samples: drawn, judged one after the other, and told in figures and report."""

from __future__ import annotations

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.conversation.models import TurnLog
from bot.conversation.review.forget import forget
from bot.conversation.review.models import SampledTurn
from tests.console.conftest import Browser, Site
from tests.console.reviewing.conftest import ASKED


async def test_a_sample_is_drawn_judged_and_told(site: Site, reviewer: Browser, turns: list[str]) -> None:
    await reviewer.get("/samples")
    refused = await reviewer.post("/samples", since="2026-11-30", until="2026-11-01", size="50")
    assert (refused.status, "Ngày cuối phải từ ngày 30/11/2026" in refused.text) == (422, True)
    made = await reviewer.post("/samples", since="2026-11-01", until="2026-11-30", size="50")
    assert made.leads_to.endswith("/samples/1")
    page = (await reviewer.get("/samples/1")).text
    assert ASKED in page
    assert ("lan", "read", turns[0]) in site.acts()
    await reviewer.post("/samples/1", turn=turns[0], right="no", note="sai chương trình")
    await reviewer.post("/samples/1", turn=turns[1], right="yes")
    page = (await reviewer.get("/samples/1")).text
    assert "1/2 câu đúng (50,0%" in page
    assert "đánh giá xong" in page
    assert (await reviewer.post("/samples/1", turn="nowhere", right="yes")).status == 404
    assert (await reviewer.get("/samples/9")).status == 404

    page = (await reviewer.get("/figures?kind=month&day=2026-11-15")).text
    assert "Số liệu tháng 11 năm 2026" in page
    assert "trong đó 1 câu đúng (50,0%" in page


async def test_a_day_that_no_log_can_hold_is_refused(reviewer: Browser, turns: list[str]) -> None:
    await reviewer.get("/samples")
    for since, until in (("0001-01-01", "2026-11-30"), ("2026-11-01", "9999-12-31")):
        refused = await reviewer.post("/samples", since=since, until=until, size="50")
        assert refused.status == 422, refused.text


async def test_a_note_has_no_personal_number_and_goes_with_the_words_of_its_turn(
    reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    await reviewer.get("/samples")
    await reviewer.post("/samples", since="2026-11-01", until="2026-11-30", size="50")
    await reviewer.post("/samples/1", turn=turns[0], right="no", note="bà có CCCD 051234567890, phải là mức khác")
    await reviewer.post("/samples/1", turn=turns[1], right="yes", note="đúng")

    def notes() -> dict[str, str | None]:
        with Session(engine) as db:
            return dict(db.execute(select(SampledTurn.turn_id, SampledTurn.note)).all())

    assert notes() == {turns[0]: "bà có CCCD [số định danh], phải là mức khác", turns[1]: "đúng"}
    with Session(engine) as db, db.begin():
        forget(db, select(TurnLog.turn_id).where(TurnLog.turn_id == turns[0]))
    assert notes() == {turns[0]: None, turns[1]: "đúng"}
    with Session(engine) as db:
        assert db.scalars(select(SampledTurn.right).order_by(SampledTurn.turn_id)).all() == [False, True]
