"""What a citizen can demand of their data: to be told of them, to get them, to have them gone for good."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from bot.conversation.handover import notes
from bot.conversation.mail import outbox
from bot.conversation.mail.models import Correspondent, InboxRow, OutboxRow
from bot.conversation.models import ConsentRow, HandoverAudit, HandoverDraft, MessageRow, SessionRow, TurnLog
from bot.conversation.retention.models import RetentionRun
from bot.conversation.retention.scrub import TABLES, scrub
from bot.conversation.review import sample
from bot.conversation.review.collect import collect
from bot.conversation.review.models import ReviewItem, ReviewTurn, SampledTurn
from bot.knowledge.db import make_engine
from bot.knowledge.retrieval import Index
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.knowledge.rows import small_snapshot
from tests.postgres import BOTH, address_of

SECRET = "a-secret-of-officers"
OFFICER = {"Authorization": f"Bearer {SECRET}", "X-Ansinh-Officer": "lan"}
NOW = dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC)
WORDS = "chachacha"
"""What the citizen of these tests writes in each place; nobody else does."""
SAID = (f"{WORDS}-hoi", f"{WORDS}-dap", f"{WORDS}-case", f"{WORDS}-reason", f"{WORDS}-officer")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


def speaking(rasa: FakeRasa) -> None:
    async def behaviour(_body: dict[str, Any]) -> web.Response:
        case = {"facts": [[None, "commune", "20551"], [None, "other", f"{WORDS}-case"]]}
        return web.json_response(turn(answer(f"{WORDS}-dap"), case=case))

    rasa.behaviour = behaviour


async def tell(api: Api, rasa: FakeRasa) -> str:
    """A conversation with words of the citizen in every place that takes them; the receipt of their request."""
    speaking(rasa)
    for number in range(30):
        replies = await api.say(f"{WORDS}-hoi {number} " + "dài " * 200)
    status, _ = await api.call(
        "POST", "/api/web/feedback", json={"message": replies[0]["id"], "value": -1, "reason": f"{WORDS}-reason"}
    )
    assert status == 204
    status, _ = await api.call("POST", "/api/web/handover", json={"id": str(uuid.uuid4())})
    assert status == 200
    await api.say(f"{WORDS}-officer cần hỏi cán bộ về nhà ở")
    await api.say("0912345678")
    async with api.client.get("/api/officers/requests", headers=OFFICER) as response:
        requests = (await response.json())["requests"]
    code: str = requests[0]["code"]
    return code


def spread(api: Api, code: str) -> None:
    """What officers, the review and mail make of it, each with words of the citizen."""
    # All of it is settled by then, what was abandoned too.
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    with Session(api.engine) as db, db.begin():
        notes.add(db, code, "lan", f"{WORDS}-note", NOW)
        notes.keep_draft(db, code, "lan", f"{WORDS}-draft")
        assert collect(db, Index(small_snapshot()), later).found > 0
        number = sample.draw(db, NOW - dt.timedelta(days=9999), later, 3, "lan", NOW, seed=1)
        for turn_id in sample.unjudged(db, number):
            sample.judge(db, number, turn_id, "lan", NOW, right=False, note=f"{WORDS}-judged")
        who = db.query(SessionRow).one()
        channel, sender = who.channel, who.sender
        menu = [{"title": f"{WORDS}-menu"}]
        db.add(Correspondent(channel=channel, sender=sender, address="sealed", last_seen_at=NOW, menu=menu))
        dealt = {"state": "done", "outcome": "answered", "sent_at": NOW, "received_at": NOW}
        db.add(InboxRow(channel=channel, key="k", sender=sender, kind="text", **dealt))
        outbox.put(db, channel, sender, "m", [{"text": f"{WORDS}-outbox"}], NOW)


def places(engine: Engine, folder: Path) -> set[str]:
    """Where the citizen's words are: all tables and files that hold them."""
    with engine.connect() as db:
        found = {
            table
            for table in inspect(engine).get_table_names()
            if WORDS in "\n".join(str(tuple(row)) for row in db.execute(text(f'SELECT * FROM "{table}"')))  # noqa: S608
        }
    # PostgreSQL's own files lie elsewhere; its rows are vacuumed at night.
    files = (path for path in folder.rglob("*") if path.is_file())
    return found | {path.name for path in files if WORDS.encode() in path.read_bytes()}


WORDED = {"message", "turn_log", "turn_text", "case_row", "feedback", "handover", "handover_note", "handover_draft"}
WORDED |= {"sampled_turn", "outbox", "correspondent"}
"""Every table that takes a citizen's words. Those of ``inbox`` are sealed, and gone once they are dealt with."""
OF_A_PERSON = {"session", "consent", "inbox", "review_turn"}
"""The others that an erasure is about."""
TAUGHT = {"learned_phrase", "regression_case"}
"""What reviewers teach stays: decision 84."""


def test_no_table_of_citizens_is_left_out() -> None:
    assert set(TABLES) == WORDED | OF_A_PERSON | TAUGHT


@pytest.mark.parametrize("asked", ["call", "button"])
async def test_erased_data_are_in_no_table_and_no_file(
    open_api: OpenApi, rasa: FakeRasa, tmp_path: Path, asked: str
) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    spread(api, await tell(api, rasa))
    before = places(api.engine, tmp_path)
    assert before >= WORDED
    assert api.rows(ReviewTurn)
    if api.engine.dialect.name == "sqlite":
        assert "ansinh.db-wal" in before
    if asked == "call":
        status, _ = await api.call("DELETE", "/api/web/session")
        assert status == 204
    else:
        await api.press(api.gateway.payloads.sign(_session(api), "Xóa hết", {"act": "erase_data"}))
    assert places(api.engine, tmp_path) == set()
    for table in (ReviewTurn, HandoverDraft):
        assert api.rows(table) == []
    assert {row.turns for row in api.rows(ReviewItem)} == {0}
    assert {(row.right, row.note) for row in api.rows(SampledTurn)} == {(False, None)}
    for kept in (TurnLog, InboxRow, OutboxRow):
        assert {row.sender for row in api.rows(kept)} == {None}


async def test_a_message_that_asks_for_it_erases_too(open_api: OpenApi, rasa: FakeRasa, tmp_path: Path) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    await tell(api, rasa)
    payload = api.gateway.payloads.sign(_session(api), "Xóa hết", {"act": "erase_data"})
    status, body = await api.press(payload)
    assert status == 200
    assert "xóa" in body["messages"][0]["text"].lower()
    assert places(api.engine, tmp_path) == set()
    assert all(row.commune is None for row in api.rows(TurnLog))


async def test_figures_of_the_erased_stay(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    await tell(api, rasa)
    counted = len(api.rows(TurnLog))
    await api.call("DELETE", "/api/web/session")
    rows = api.rows(TurnLog)
    assert len(rows) == counted
    assert {row.rating for row in rows} == {None, -1}
    assert all(row.took_ms is not None for row in rows)


async def test_the_night_vacuums(open_api: OpenApi, rasa: FakeRasa, database_url: str) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    await tell(api, rasa)
    await api.call("DELETE", "/api/web/session")
    engine = make_engine(database_url)
    scrub(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as db:
            vacuumed = text("SELECT relname FROM pg_stat_user_tables WHERE vacuum_count > 0")
            db.execute(text("SELECT pg_stat_force_next_flush()"))
            assert set(db.scalars(vacuumed)) == set(TABLES)
    engine.dispose()


async def test_a_gateway_does_the_work_of_the_night(open_api: OpenApi) -> None:
    api = await open_api(retention_hour=0)
    for _ in range(200):
        if [run for run in api.rows(RetentionRun) if run.ended_at]:
            return
        await asyncio.sleep(0.1)
    pytest.fail("the night's work was not done")


async def test_the_notice_is_recorded_with_its_version_and_time(open_api: OpenApi) -> None:
    api = await open_api()
    status, _ = await api.call("POST", "/api/web/session", json={"notice": "2026-12"})
    assert status == 201
    (row,) = api.rows(ConsentRow)
    assert (row.channel, row.version, row.decision) == ("web", "2026-12", "noticed")
    assert row.at.tzinfo is not None


async def test_a_version_that_is_none_is_refused(open_api: OpenApi) -> None:
    api = await open_api()
    status, body = await api.call("POST", "/api/web/session", json={"notice": "<b>"})
    assert status == 400
    assert "2026-12" in body["error"]["message"]
    assert api.rows(ConsentRow) == []


async def test_an_erasure_withdraws_what_was_accepted(open_api: OpenApi) -> None:
    api = await open_api()
    _, body = await api.call("POST", "/api/web/session", json={"notice": "2026-12"})
    api.token = body["token"]
    await api.call("DELETE", "/api/web/session")
    assert [row.decision for row in api.rows(ConsentRow)] == ["noticed", "withdrawn"]


async def test_a_citizen_gets_everything_that_is_kept_of_them(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    code = await tell(api, rasa)
    with Session(api.engine) as db, db.begin():
        notes.add(db, code, "lan", f"{WORDS}-note, con trai số 0987654321", NOW)
        notes.keep_draft(db, code, "lan", f"{WORDS}-draft")
    status, body = await api.call("GET", "/api/web/export")
    assert status == 200
    (told,) = body["conversations"]
    held = str(told)
    assert all(said in held for said in SAID)
    (note,) = told["requests"][0]["notes"]
    assert note == {"at": "2026-11-30T14:00:00+07:00", "text": f"{WORDS}-note, con trai số [số điện thoại]"}
    assert "'lan'" not in held, "an officer's name is the officer's"
    assert f"{WORDS}-draft" not in held, "what nobody has decided to say"
    assert len(told["messages"]) == len(api.rows(MessageRow))
    assert [request["code"] for request in told["requests"]] == [code]
    assert "0912345678" not in held


async def test_nobody_gets_the_data_of_another(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    await tell(api, rasa)
    await api.open()
    _, body = await api.call("GET", "/api/web/export")
    assert WORDS not in str(body)


async def test_an_officer_exports_by_receipt_and_it_is_written_down(open_api: OpenApi, rasa: FakeRasa) -> None:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    code = await tell(api, rasa)
    async with api.client.get(f"/api/officers/requests/{code}/export", headers=OFFICER) as response:
        assert response.status == 200
        assert f"{WORDS}-hoi" in await response.text()
    async with api.client.get(f"/api/officers/requests/{code}/messages", headers=OFFICER) as response:
        after = (await response.json())["messages"][-1]
        assert after
    assert [(row.officer, row.action) for row in api.rows(HandoverAudit)] == [("lan", "export"), ("lan", "read")]
    async with api.client.get(f"/api/officers/requests/{code}/export") as response:
        assert response.status == 401


def _session(api: Api) -> str:
    return api.gateway.tokens.read(api.token)
