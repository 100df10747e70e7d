"""The queue in the console: claim, decide, and what follows is there."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.console.roles import Role
from bot.conversation.review import cases, decisions, queue
from bot.conversation.review.models import ReviewDecision, ReviewItem, Task
from bot.knowledge.audit import Audit
from bot.knowledge.editing.keys import key_for
from bot.knowledge.learned import LearnedPhraseRecord
from bot.text.fold import fold
from tests.console.conftest import START, Browser, Site
from tests.console.reviewing.conftest import ASKED, OTHERWISE, signed_in
from tests.conversation.fake_rasa import FakeRasa

RIGHT = "program:huu_tri_xa_hoi"


def decision(kind: str, **fields: str) -> dict[str, str]:
    """The fields that a browser sends, chosen or not."""
    chosen = {"aspect": "", "topic": "", "program": "", **fields}
    return {"kind": kind, "why": "hỏi hưu trí xã hội", "phrase": ASKED, "check": OTHERWISE, **chosen}


async def test_an_item_is_claimed_by_one_and_given_back(site: Site, reviewer: Browser, turns: list[str]) -> None:
    page = (await reviewer.get("/queue")).text
    assert OTHERWISE in page
    assert "người dân chê (1)" in page
    await reviewer.post("/queue/1/claim")
    other = await signed_in(site, "minh", Role.REVIEWER)
    assert "Ghi quyết định" not in (await other.get("/queue/1")).text
    await other.post("/queue/1/claim")
    assert "lan đang xem mục này" in (await other.get("/queue/1")).text
    assert (await other.post("/queue/1/decide", **decision("right"))).status == 422
    assert "Ghi quyết định" in (await reviewer.get("/queue/1")).text
    await reviewer.post("/queue/1/release")
    await other.post("/queue/1/claim")
    assert "Ghi quyết định" in (await other.get("/queue/1")).text
    assert [act for act in site.acts() if act[1] in {"claim", "release"}] == [
        ("lan", "claim", "1"), ("lan", "release", "1"), ("minh", "claim", "1"),
    ]  # fmt: skip


async def test_the_right_target_is_found_and_taught(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine, rasa: FakeRasa
) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    answer = await reviewer.post(
        "/queue/1/decide", **decision("leads_to", find="tro cap huu tri xa hoi", step="find", aspect="benefit")
    )
    assert f'value="{RIGHT}"' in answer.text
    assert 'value="benefit"' in answer.text
    # Nothing is written as long as something is missing.
    refused = await reviewer.post("/queue/1/decide", **decision("leads_to"))
    assert (refused.status, "Chưa chọn câu hỏi này lẽ ra" in refused.text) == (422, True)
    same = await reviewer.post("/queue/1/decide", **decision("leads_to", target=RIGHT, aspect="benefit", check=ASKED))
    assert (same.status, "trùng với câu đã dạy" in same.text) == (422, True)
    done = await reviewer.post("/queue/1/decide", **decision("leads_to", target=RIGHT, aspect="benefit"))
    assert done.status == 303
    page = html.unescape((await reviewer.get("/queue/1")).text)
    assert "Từ nay câu này dẫn tới: Chương trình: " in page
    assert "Không còn mục nào" in (await reviewer.get("/queue")).text
    with Session(engine) as db:
        assert db.query(LearnedPhraseRecord.text, LearnedPhraseRecord.target).all() == [(ASKED, "huu_tri_xa_hoi")]
    assert ("lan", "decide", "1") in site.acts()

    page = (await reviewer.get("/cases")).text
    assert OTHERWISE in page
    page = (await reviewer.post("/cases")).text
    assert "Đã chạy 1 câu: 0 đúng, 1 chưa đúng" in page
    assert rasa.messages == [OTHERWISE]
    assert ASKED in (await reviewer.get("/learned")).text
    await reviewer.post("/learned/1/remove")
    await reviewer.post("/cases/1/remove")
    with Session(engine) as db:
        assert db.query(LearnedPhraseRecord).count() == 0
        assert cases.listed(db) == []
        removed = db.query(Audit.before, Audit.folded).where(Audit.action == "remove").all()
    assert [before for before, _ in removed] == [{"target": "huu_tri_xa_hoi"}] * 2
    assert not [words for _, words in removed if fold(ASKED) in words or fold(OTHERWISE) in words]


async def test_a_personal_number_in_a_reason_is_kept_nowhere(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    given = decision("policy_wrong", program="huu_tri_xa_hoi") | {"why": "bà gọi từ 0905\u00a0123\u00a0456, sai mức"}
    assert (await reviewer.post("/queue/1/decide", **given)).status == 303
    said = "bà gọi từ [số điện thoại], sai mức"
    assert [told["why"] for told in site.told("decide")] == [said]
    with Session(engine) as db:
        assert (db.query(ReviewDecision.why).one()[0], db.query(Task.note).one()[0]) == (said, said)
        assert "0905" not in db.query(Audit.folded).where(Audit.action == "decide").one()[0]


async def test_looks_at_the_queue_are_written_down_each_once(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    looks = [("lan", "read", "*"), ("lan", "read", "1")]
    for _ in range(2):
        await reviewer.get("/queue")
        await reviewer.get("/queue/1")
    assert [act for act in site.acts() if act[1] == "read"] == looks
    site.time.pass_by(minutes=6)
    await reviewer.get("/queue/1")
    assert [act for act in site.acts() if act[1] == "read"] == [*looks, looks[1]]


async def test_the_form_warns_of_what_it_fills_in(reviewer: Browser, turns: list[str]) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    page = (await reviewer.get("/queue/1")).text
    field = page.partition('id="phrase"')[2].partition("</div>")[0]
    assert OTHERWISE in field
    assert "gõ lại bằng lời chung" in field
    assert "kể cả khi người hỏi xóa dữ liệu" in field


@pytest.mark.parametrize("kind", ["right", "unusable", "out_of_scope"])
async def test_the_other_decisions_end_an_item(reviewer: Browser, turns: list[str], engine: Engine, kind: str) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    assert (await reviewer.post("/queue/1/decide", **decision(kind))).status == 303
    with Session(engine) as db:
        assert queue.item(db, 1, START).state == "decided"


async def test_a_new_entry_and_a_wrong_row_become_tasks(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    given = decision("new_faq", topic="social_pension", aspect="benefit", program="huu_tri_xa_hoi")
    assert (await reviewer.post("/queue/1/decide", **given)).status == 303
    with Session(engine) as db, db.begin():
        db.add(ReviewItem(state="open", turns=1, first_at=START, last_at=START))
    await reviewer.post("/queue/2/claim")
    assert (await reviewer.post("/queue/2/decide", **decision("policy_wrong", program="huu_tri_xa_hoi"))).status == 303

    editor = await signed_in(site, "soan", Role.EDITOR)
    assert "2 việc chưa xong" in (await editor.get("/")).text
    page = (await editor.get("/tasks/1")).text
    assert ASKED[1:] in page
    assert "topic=social_pension" in page
    assert "hưu trí xã hội" in (await editor.get("/tasks/2")).text
    await editor.post("/tasks/2/done")
    assert ("soan", "finish", "2") in site.acts()
    assert "1 mục" in (await editor.get("/tasks?state=open")).text
    assert (await editor.get("/queue")).status == 403
    assert (await editor.get(f"/log/{turns[0]}")).status == 403


async def test_the_case_of_a_new_entry_follows_the_entry_as_it_is_written(
    site: Site, reviewer: Browser, turns: list[str], engine: Engine
) -> None:
    await reviewer.get("/queue/1")
    await reviewer.post("/queue/1/claim")
    await reviewer.post("/queue/1/decide", **decision("new_faq", topic="social_pension", aspect="benefit"))
    with Session(engine) as db:
        (case,) = cases.listed(db)
        proposed = case.target.id
    editor = await signed_in(site, "soan", Role.EDITOR)
    link = re.search(r'href="(/console/new-faq[^"]+)"', (await editor.get("/tasks/1")).text)
    assert link
    page = (await editor.get(html.unescape(link[1]))).text
    assert '<input type="hidden" name="task" value="1">' in page
    words = {"phrasings": "lương già\nlương già mấy đồng\nxã phát mấy đồng", "answer": "Dạ có ạ.", "evidence": "text"}
    given = {
        "topic": "social_pension",
        "program": "",
        "aspect": "benefit",
        "mark": "new",
        "into": "new",
        "task": "1",
        **words,
    }
    saved = await editor.post("/new-faq", question="Lương già mỗi kỳ mấy đồng?", **given)
    assert saved.leads_to == "/console/changes/1", saved.text
    with Session(engine) as db:
        (case,) = cases.listed(db)
        assert (case.target.id, proposed) == ("luong_gia_moi_ky_may_dong", key_for(ASKED, ()))
        assert db.get_one(Task, 1).target == "luong_gia_moi_ky_may_dong"
        assert (decisions.draft_for(db, 1) or {})["id"] == "luong_gia_moi_ky_may_dong"


async def test_what_asks_the_same_is_merged(reviewer: Browser, turns: list[str], engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        db.add(ReviewItem(state="open", turns=1, first_at=START, last_at=START, fact="age"))
    await reviewer.get("/queue/1")
    for number in (1, 2):
        await reviewer.post(f"/queue/{number}/claim")
    assert "Vướng ở câu hỏi" in (await reviewer.get("/queue/1")).text
    await reviewer.post("/queue/2/merge", into="1")
    with Session(engine) as db:
        assert queue.item(db, 1, START).turns == 3
    await reviewer.post("/queue/1/merge", into="1")
    assert "Hãy chọn mục khác" in (await reviewer.get("/queue/1")).text
