"""The officers' API: who may do what with a request, and how the answer reaches the citizen. In both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy.orm import Session

from bot.channels.base import CHANNELS, Channel
from bot.conversation.messages import Message
from bot.conversation.models import HandoverAudit, HandoverRow, MessageRow, SessionRow
from tests.channels.conftest import Api, OpenApi
from tests.channels.test_web_events import next_event, stream
from tests.conversation.fake_rasa import FakeRasa
from tests.postgres import BOTH, address_of

SECRET = "mat-khau-cua-can-bo"
PHONE = "0912345678"
REQUESTS = "/api/officers/requests"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


@pytest.fixture
async def api(open_api: OpenApi) -> Api:
    api = await open_api(officers_secret=SECRET)
    await api.open()
    return api


class Officer:
    def __init__(self, api: Api, login: str = "lan.pham") -> None:
        self._api = api
        self.headers = {"Authorization": f"Bearer {SECRET}", "X-Ansinh-Officer": login}

    async def call(self, method: str, path: str, **kwargs: Any) -> tuple[int, Any]:
        async with self._api.client.request(method, REQUESTS + path, headers=self.headers, **kwargs) as response:
            return response.status, await response.json()

    async def ok(self, method: str, path: str, **kwargs: Any) -> Any:
        code, body = await self.call(method, path, **kwargs)
        assert code == 200, body
        return body

    async def refused(self, method: str, path: str, **kwargs: Any) -> tuple[int, str]:
        code, body = await self.call(method, path, **kwargs)
        assert body["error"]["message"]
        return code, body["error"]["code"]


async def ask(api: Api, question: str = "Đơn của tôi tới đâu rồi?", *, phone: bool = True) -> str:
    """Leave a question, with a number or without; returns the code."""
    known = {row.code for row in api.rows(HandoverRow)}
    await api.call("POST", "/api/web/handover")
    await api.say(question)
    await api.say(PHONE if phone else "không")
    return next(row.code for row in api.rows(HandoverRow) if row.code not in known)


@pytest.fixture
def officer(api: Api) -> Officer:
    return Officer(api)


@pytest.fixture
async def code(api: Api) -> str:
    return await ask(api)


class TestEntry:
    CALLS = (
        ("GET", ""),
        ("GET", "/AS-AAAAAA"),
        ("GET", "/AS-AAAAAA/messages"),
        ("POST", "/AS-AAAAAA/claim"),
        ("POST", "/AS-AAAAAA/reply"),
        ("GET", "/AS-AAAAAA/phone"),
        ("POST", "/AS-AAAAAA/close"),
    )

    async def test_is_shut_while_no_secret_is_set(self, open_api: OpenApi) -> None:
        officer = Officer(await open_api())
        for method, path in self.CALLS:
            assert await officer.refused(method, path) == (503, "officers_not_set_up"), path

    async def test_needs_the_secret(self, api: Api, officer: Officer) -> None:
        wrong = ("", "Bearer", "Bearer sai", f"Basic {SECRET}", f"Bearer {SECRET}x", "Bearer é", f"Bearer {api.token}")
        for header in wrong:
            officer.headers["Authorization"] = header
            for method, path in self.CALLS:
                assert await officer.refused(method, path) == (401, "officers_secret"), (header, path)

    async def test_needs_to_know_who_calls(self, officer: Officer) -> None:
        for login in ("", "Phạm Lan", "a b", "x" * 65):
            officer.headers["X-Ansinh-Officer"] = login
            for method, path in self.CALLS:
                assert await officer.refused(method, path) == (400, "officer_missing"), (login, path)

    async def test_unknown_code_says_so(self, officer: Officer) -> None:
        for method, path in self.CALLS[1:]:
            body = {"id": "r-1", "text": "Chào bác."} if path.endswith("reply") else None
            assert await officer.refused(method, path, json=body) == (404, "request_unknown"), path


class TestList:
    async def test_says_what_is_asked_and_no_number(self, officer: Officer, code: str) -> None:
        (row,) = (await officer.ok("GET", ""))["requests"]
        assert (row["code"], row["state"], row["channel"], row["has_phone"]) == (code, "waiting", "web", True)
        assert row["question"] == "Đơn của tôi tới đâu rồi?"
        assert row["requested_at"].endswith("+07:00")
        assert row["claimed_by"] is None
        assert "phone" not in row

    async def test_pages_by_key_oldest_first(self, api: Api, officer: Officer) -> None:
        codes = [await ask(api, f"Câu {n}, giấy tờ thì sao?", phone=False) for n in range(1)]
        with Session(api.engine) as db, db.begin():
            for n in range(4):
                row = db.query(HandoverRow).first()
                assert row is not None
                db.add(
                    HandoverRow(
                        session_id=row.session_id, code=f"AS-{n}", state="waiting", question="?",
                        requested_at=row.requested_at,
                    )
                )  # fmt: skip
        codes += [f"AS-{n}" for n in range(4)]
        seen: list[str] = []
        after = ""
        for expected in (2, 2, 1):
            body = await officer.ok("GET", f"?limit=2{after}")
            assert len(body["requests"]) == expected
            seen += [row["code"] for row in body["requests"]]
            after = f"&after={body['next']}"
        assert seen == codes
        assert body["next"] is None

    async def test_of_each_state(self, officer: Officer, code: str) -> None:
        for path, state in (("/claim", "claimed"), ("/close", "closed")):
            await officer.ok("POST", f"/{code}{path}")
            for each in ("waiting", "claimed", "closed"):
                found = (await officer.ok("GET", f"?state={each}"))["requests"]
                assert [row["code"] for row in found] == ([code] if each == state else [])

    async def test_of_something_else_names_the_field(self, officer: Officer) -> None:
        for field, value in (("state", "open"), ("after", "x"), ("limit", "0"), ("limit", "101"), ("after", "-1")):
            code, body = await officer.call("GET", f"?{field}={value}")
            assert (code, body["error"]["field"]) == (400, field), value


async def test_conversation_is_read_masked_and_in_pages(api: Api, officer: Officer) -> None:
    await api.say("căn cước của tôi 051200001234")
    code = await ask(api)
    seen: list[dict[str, Any]] = []
    after = 0
    while after is not None:
        body = await officer.ok("GET", f"/{code}/messages?limit=3&after={after}")
        seen += body["messages"]
        after = body["next"]
    assert [m["text"] for m in seen if m["role"] == "citizen"] == [
        "căn cước của tôi [số định danh]", "Gặp cán bộ", "Đơn của tôi tới đâu rồi?", "[số điện thoại]",
    ]  # fmt: skip
    assert {m["role"] for m in seen} == {"citizen", "bot"}
    assert "payload" not in repr(seen)
    # To begin reading is one look, to read on is none.
    assert [row.action for row in api.rows(HandoverAudit)] == ["read"]


class TestClaim:
    async def test_is_one_officers(self, api: Api, officer: Officer, code: str) -> None:
        row = await officer.ok("POST", f"/{code}/claim")
        assert (row["state"], row["claimed_by"]) == ("claimed", "lan.pham")
        assert await officer.ok("POST", f"/{code}/claim") == row
        assert await Officer(api, "minh.vo").refused("POST", f"/{code}/claim") == (409, "request_claimed")
        assert [row.action for row in api.rows(HandoverAudit)] == ["claim"]

    async def test_by_several_at_once_goes_to_one(self, api: Api, code: str) -> None:
        officers = [Officer(api, f"can.bo.{n}") for n in range(6)]
        answers = await asyncio.gather(*(officer.call("POST", f"/{code}/claim") for officer in officers))
        assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409, 409]

    async def test_is_told_to_the_citizen(self, api: Api, officer: Officer, code: str) -> None:
        await officer.ok("POST", f"/{code}/claim")
        assert "đã có cán bộ nhận" in (await api.say("cán bộ trả lời chưa?"))[0]["text"]

    async def test_code_may_be_written_carelessly(self, officer: Officer, code: str) -> None:
        await officer.ok("POST", f"/{code.lower().replace('-', '')}/claim")


@pytest.mark.parametrize("what", ["reply", "phone", "close"])
async def test_only_who_claimed_may(api: Api, officer: Officer, code: str, what: str) -> None:
    method = "GET" if what == "phone" else "POST"
    body = {"id": "r-1", "text": "Chào bác."} if what == "reply" else None
    assert await officer.refused(method, f"/{code}/{what}", json=body) == (409, "request_not_claimed")
    await Officer(api, "minh.vo").ok("POST", f"/{code}/claim")
    assert await officer.refused(method, f"/{code}/{what}", json=body) == (409, "request_claimed")
    await Officer(api, "minh.vo").ok("POST", f"/{code}/close")
    assert await officer.refused(method, f"/{code}/{what}", json=body) == (409, "request_closed")


class FakeChannel:
    """Keeps what it is to deliver."""

    name = "fake"

    def __init__(self) -> None:
        self.delivered: list[tuple[str, list[str]]] = []

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return []

    def render(self, message: Message) -> list[dict[str, Any]]:
        return [message.as_json()]

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        self.delivered.append((session_id, [message.text for message in messages]))


class TestReply:
    async def write(self, officer: Officer, code: str, text: str = "Chào bác, đơn đã duyệt.", id_: str = "r-1") -> Any:
        await officer.ok("POST", f"/{code}/claim")
        return await officer.ok("POST", f"/{code}/reply", json={"id": id_, "text": text})

    async def test_is_heard_at_once_where_the_citizen_is(self, api: Api, officer: Officer, code: str) -> None:
        # So that it is the delivery that wakes the stream, not the poll for what other processes write.
        api.gateway.hub._poll_seconds = 3600
        async with stream(api) as response:
            await response.content.readuntil(b"\n\n")
            await asyncio.sleep(0.1)
            await self.write(officer, code)
            message = await next_event(response)
        assert (message["role"], message["text"], message["answer"]) == ("officer", "Chào bác, đơn đã duyệt.", None)

    async def test_waits_for_the_next_visit(self, api: Api, officer: Officer, code: str) -> None:
        await self.write(officer, code)
        _, body = await api.call("GET", "/api/web/messages")
        assert (body["messages"][-1]["role"], body["messages"][-1]["id"]) == ("officer", "r-1")
        assert "đã được cán bộ trả lời" in (await api.say(code))[0]["text"]

    async def test_again_is_stored_once(self, api: Api, officer: Officer, code: str) -> None:
        first = await self.write(officer, code)
        assert await self.write(officer, code) == first
        assert len([row for row in api.rows(MessageRow) if row.role == "officer"]) == 1
        assert [row.action for row in api.rows(HandoverAudit)] == ["claim", "reply"]

    async def test_with_an_id_that_is_taken_is_refused(self, api: Api, officer: Officer, code: str) -> None:
        await self.write(officer, code)
        again = {"id": "r-1", "text": "Một lời khác."}
        assert await officer.refused("POST", f"/{code}/reply", json=again) == (409, "id_taken")

    @pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
    async def test_of_no_or_too_many_words_is_refused(self, officer: Officer, code: str, text: str) -> None:
        await officer.ok("POST", f"/{code}/claim")
        refused = await officer.refused("POST", f"/{code}/reply", json={"id": "r-1", "text": text})
        assert refused == (400, "reply_length")

    async def test_keeps_the_conversation_alive(self, api: Api, officer: Officer, code: str) -> None:
        soon = dt.datetime.now(dt.timezone.utc) + dt.timedelta(minutes=5)
        with Session(api.engine) as db, db.begin():
            db.query(SessionRow).update({"expires_at": soon})
        await self.write(officer, code)
        assert api.rows(SessionRow)[0].expires_at > soon + dt.timedelta(days=13)

    async def test_to_an_ended_conversation_is_refused(self, api: Api, officer: Officer, code: str) -> None:
        await officer.ok("POST", f"/{code}/claim")
        with Session(api.engine) as db, db.begin():
            db.query(SessionRow).update({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)})
        refused = await officer.refused("POST", f"/{code}/reply", json={"id": "r-1", "text": "Chào bác."})
        assert refused == (410, "citizen_gone")

    async def test_goes_through_the_channel_of_the_conversation(self, api: Api, officer: Officer, code: str) -> None:
        fake: Channel = FakeChannel()
        api.client.app[CHANNELS]["fake"] = fake
        with Session(api.engine) as db, db.begin():
            db.query(SessionRow).update({"channel": "fake"})
        await self.write(officer, code)
        assert isinstance(fake, FakeChannel)
        assert fake.delivered == [(api.rows(SessionRow)[0].id, ["Chào bác, đơn đã duyệt."])]

    async def test_to_a_channel_that_is_not_here_is_kept_and_reported(
        self, api: Api, officer: Officer, code: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Session(api.engine) as db, db.begin():
            db.query(SessionRow).update({"channel": "gone"})
        await self.write(officer, code)
        assert "no channel gone here" in caplog.text
        assert "Chào bác" not in caplog.text

    async def test_leaves_the_bot_answering(self, api: Api, officer: Officer, code: str) -> None:
        await self.write(officer, code)
        assert (await api.say("Hộ nghèo được gì?"))[0]["text"] == "Câu 1: Hộ nghèo được gì?"


class TestPhone:
    async def test_each_look_is_written_down(
        self, api: Api, officer: Officer, code: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        await officer.ok("POST", f"/{code}/claim")
        for _ in range(2):
            assert await officer.ok("GET", f"/{code}/phone") == {"phone": PHONE}
        looks = [row for row in api.rows(HandoverAudit) if row.action == "phone"]
        assert [(row.code, row.officer) for row in looks] == [(code, "lan.pham")] * 2
        assert PHONE not in caplog.text

    async def test_that_was_not_left_says_so(self, api: Api, officer: Officer) -> None:
        code = await ask(api, phone=False)
        await officer.ok("POST", f"/{code}/claim")
        assert await officer.refused("GET", f"/{code}/phone") == (404, "phone_none")

    async def test_sealed_with_another_key_says_so(self, officer: Officer, code: str, open_api: OpenApi) -> None:
        await officer.ok("POST", f"/{code}/claim")
        other = Officer(await open_api(officers_secret=SECRET, secret="another-secret-key"))
        assert await other.refused("GET", f"/{code}/phone") == (409, "phone_unreadable")

    async def test_is_erased_with_the_close(self, api: Api, officer: Officer, code: str) -> None:
        await officer.ok("POST", f"/{code}/claim")
        row = await officer.ok("POST", f"/{code}/close")
        assert (row["state"], row["has_phone"]) == ("closed", False)
        assert api.rows(HandoverRow)[0].phone is None
        assert await officer.ok("POST", f"/{code}/close") == row
        assert [row.action for row in api.rows(HandoverAudit)] == ["claim", "close"]
        assert "đã xong" in (await api.say(code))[0]["text"]

    async def test_comes_too_late_for_a_closed_request(self, api: Api, officer: Officer) -> None:
        await api.call("POST", "/api/web/handover")
        await api.say("Đơn của tôi tới đâu rồi?")
        code = api.rows(HandoverRow)[0].code
        await officer.ok("POST", f"/{code}/claim")
        await officer.ok("POST", f"/{code}/close")
        await api.say(PHONE)
        assert api.rows(HandoverRow)[0].phone is None


async def test_erasure_leaves_who_did_what_and_nothing_of_the_citizen(api: Api, officer: Officer, code: str) -> None:
    await officer.ok("POST", f"/{code}/claim")
    await officer.ok("GET", f"/{code}/phone")
    await api.call("DELETE", "/api/web/session")
    assert await officer.refused("GET", f"/{code}/phone") == (404, "request_unknown")
    assert (await officer.ok("GET", "?state=claimed"))["requests"] == []
    assert [row.action for row in api.rows(HandoverAudit)] == ["claim", "phone"]


async def test_citizen_hears_of_it_while_rasa_is_down(api: Api, officer: Officer, code: str, rasa: FakeRasa) -> None:
    await rasa.server.close()
    await officer.ok("POST", f"/{code}/claim")
    await officer.ok("POST", f"/{code}/reply", json={"id": "r-1", "text": "Chào bác."})
    assert "đã được cán bộ trả lời" in (await api.say(code))[0]["text"]


@pytest.mark.parametrize("path", ["?after=9223372036854775808", "/AS-ACDEFG/messages?after=9223372036854775808"])
async def test_a_number_that_no_database_holds_is_refused(api: Api, path: str) -> None:
    assert await Officer(api).refused("GET", path) == (400, "invalid_field")
