"""The calls around a turn: sessions, history, feedback, erasure, limits, errors, health, the page."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from sqlalchemy.orm import Session

from bot.channels.web.limits import RateLimits
from bot.conversation.meter import Meter
from bot.conversation.models import CaseRow, FeedbackRow, HandoverRow, MessageRow, SessionRow, TurnLog
from bot.settings import Settings
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn

CALLS = [
    ("POST", "/api/web/messages"),
    ("GET", "/api/web/messages"),
    ("GET", "/api/web/events"),
    ("POST", "/api/web/feedback"),
    ("POST", "/api/web/handover"),
    ("DELETE", "/api/web/session"),
]


class TestTokens:
    @pytest.mark.parametrize(("method", "path"), CALLS)
    @pytest.mark.parametrize(
        "header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer abc", "Bearer a.b", "Bearer \xff.é"]
    )
    async def test_every_call_needs_a_good_one(self, api: Api, method: str, path: str, header: str | None) -> None:
        headers = {} if header is None else {"Authorization": header}
        async with api.client.request(method, path, headers=headers) as response:
            body = await response.json()
        assert response.status == 401
        assert body["error"]["code"] in {"token_missing", "token_invalid"}

    async def test_signed_with_another_key_is_refused(self, api: Api, open_api: OpenApi) -> None:
        other = await open_api(secret="another-secret-key")
        await other.open()
        api.token = other.token
        code, body = await api.call("GET", "/api/web/messages")
        assert (code, body["error"]["code"]) == (401, "token_invalid")

    @pytest.mark.parametrize(("method", "path"), CALLS)
    async def test_of_an_expired_session_says_so(self, api: Api, method: str, path: str) -> None:
        with Session(api.engine) as session, session.begin():
            session.query(SessionRow).update({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)})
        body = {"id": "a", "text": "hỏi"} if path.endswith("messages") else {"message": "a", "value": 1}
        code, answered = await api.call(method, path, json=body if method == "POST" else None)
        if path.endswith("handover"):
            code, answered = await api.call(method, path)
        assert (code, answered["error"]["code"]) == (401, "session_expired")


class TestHistory:
    async def test_holds_both_sides_in_order(self, api: Api) -> None:
        await api.say("một", "m-1")
        await api.say("hai", "m-2")
        _, body = await api.call("GET", "/api/web/messages")
        assert [m["role"] for m in body["messages"]] == ["bot", "citizen", "bot", "citizen", "bot"]

    async def test_after_a_message_holds_what_followed(self, api: Api) -> None:
        await api.say("một", "m-1")
        await api.say("hai", "m-2")
        _, body = await api.call("GET", "/api/web/messages?after=m-2")
        assert [m["text"] for m in body["messages"]] == ["Câu 2: hai"]

    async def test_after_an_unknown_message_is_an_error(self, api: Api) -> None:
        code, body = await api.call("GET", "/api/web/messages?after=khong-co")
        assert (code, body["error"]["code"]) == (404, "message_unknown")

    async def test_after_something_that_is_no_id_is_an_error(self, api: Api) -> None:
        code, body = await api.call("GET", "/api/web/messages?after=%00%22")
        assert (code, body["error"]["field"]) == (400, "after")

    async def test_is_only_ones_own(self, api: Api, open_api: OpenApi) -> None:
        await api.say("chuyện riêng", "m-1")
        other = await open_api()
        await other.open()
        code, _ = await other.call("GET", "/api/web/messages?after=m-1")
        assert code == 404


class TestFeedback:
    async def test_is_stored_masked_and_may_change(self, api: Api) -> None:
        message = (await api.say("hỏi"))[0]["id"]
        for value, reason in ((1, None), (-1, "gọi lại tôi 0905123456")):
            code, _ = await api.call(
                "POST", "/api/web/feedback", json={"message": message, "value": value, "reason": reason}
            )
            assert code == 204
        row = api.rows(FeedbackRow)[0]
        assert (row.value, row.reason) == (-1, "gọi lại tôi [số điện thoại]")
        assert row.turn_id == api.rows(TurnLog)[0].turn_id

    async def test_for_a_message_of_another_conversation_is_refused(self, api: Api, open_api: OpenApi) -> None:
        message = (await api.say("hỏi"))[0]["id"]
        other = await open_api()
        await other.open()
        code, _ = await other.call("POST", "/api/web/feedback", json={"message": message, "value": 1})
        assert code == 404

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"value": 1}, "message"),
            ({"message": "a", "value": 0}, "value"),
            ({"message": "a", "value": True}, "value"),
            ({"message": "a", "value": "1"}, "value"),
            ({"message": "a", "value": 1, "reason": 5}, "reason"),
            ({"message": "a", "value": 1, "reason": "x" * 1001}, "reason"),
        ],
    )
    async def test_that_is_wrong_names_the_field(self, api: Api, body: dict[str, Any], field: str) -> None:
        code, answered = await api.call("POST", "/api/web/feedback", json=body)
        assert (code, answered["error"]["field"]) == (400, field)


class TestErasure:
    async def fill(self, api: Api) -> None:
        await api.say("nhà tôi nghèo", "m-1")
        message = (await api.say("mẹ tôi 76 tuổi", "m-2"))[0]["id"]
        await api.call("POST", "/api/web/feedback", json={"message": message, "value": 1, "reason": "tốt"})
        await api.call("POST", "/api/web/handover")

    def assert_stripped(self, api: Api) -> None:
        for log in api.rows(TurnLog):
            assert log.status is not None
            for column in ("session_id", "sender", "message_id", "question", "normalised", "answers", "understanding"):
                assert getattr(log, column) is None, column

    async def test_by_delete_leaves_figures_only_and_ends_the_session(self, api: Api) -> None:
        await self.fill(api)
        code, _ = await api.call("DELETE", "/api/web/session")
        assert code == 204
        assert [api.rows(table) for table in (MessageRow, FeedbackRow, HandoverRow)] == [[], [], []]
        assert api.rows(CaseRow)[0].data == {}
        assert len(api.rows(TurnLog)) == 3
        self.assert_stripped(api)
        assert (await api.call("GET", "/api/web/messages"))[0] == 401

    async def test_by_button_confirms_and_begins_anew(self, api: Api, rasa: FakeRasa) -> None:
        await self.fill(api)

        async def confirm(_body: dict[str, Any]) -> web.Response:
            button = {"title": "Xóa hết", "act": {"act": "erase_data"}}
            understood = {"intent": "delete_data", "confidence": 0.9}
            return web.json_response(turn(answer("Mình chắc chưa?", buttons=[button]), understanding=understood))

        rasa.behaviour = confirm
        payload = (await api.say("xóa dữ liệu của tôi"))[0]["buttons"][0]["payload"]
        rasa.behaviour = None
        asked = len(rasa.seen)
        code, body = await api.press(payload, "xoa-1")
        assert code == 200
        assert "đã xóa" in body["messages"][0]["text"]
        assert len(rasa.seen) == asked  # the gateway does it by itself
        _, history = await api.call("GET", "/api/web/messages")
        assert [m["text"] for m in history["messages"]] == ["Xóa hết", body["messages"][0]["text"]]
        self.assert_stripped(api)
        assert api.rows(SessionRow)[0].erased_at is not None
        assert await api.press(payload, "xoa-1") == (200, body)
        assert (await api.say("hỏi lại"))[0]["text"] == "Câu 1: hỏi lại"

    async def test_leaves_other_people_alone(self, api: Api, open_api: OpenApi) -> None:
        other = await open_api()
        await other.open()
        await other.say("chuyện khác")
        await api.say("chuyện tôi")
        await api.call("DELETE", "/api/web/session")
        assert [log.question for log in api.rows(TurnLog)] == ["chuyện khác", None]
        assert (await other.say("tiếp"))[0]["text"] == "Câu 2: tiếp"

    async def test_leaves_no_text_in_the_file(self, api: Api, tmp_path: Path) -> None:
        await api.say("bí mật của gia đình")
        await api.call("DELETE", "/api/web/session")
        connection = sqlite3.connect(tmp_path / "ansinh.db")
        dump = "\n".join(connection.iterdump())
        connection.close()
        assert "bí mật" not in dump


class TestBadRequests:
    @pytest.mark.parametrize(
        "raw", [b"", b"{", b"\xff\xfe", b"[1", b"{'id': 1}", b"[" * 20000, b'{"a":' * 5000, b"1" * 5000, b"NaN,"]
    )
    async def test_no_json(self, api: Api, raw: bytes) -> None:
        code, body = await api.call("POST", "/api/web/messages", data=raw)
        assert (code, body["error"]["code"]) == (400, "invalid_json")

    @pytest.mark.parametrize("path", ["/api/web/session", "/api/web/handover"])
    async def test_a_body_may_be_left_out_but_blanks_are_none(self, api: Api, path: str) -> None:
        code, body = await api.call("POST", path, data=b" \r\n")
        assert (code, body["error"]["code"]) == (400, "invalid_json")

    @pytest.mark.parametrize("value", [None, 1, "text", [], [{}], True])
    async def test_no_object(self, api: Api, value: Any) -> None:
        code, body = await api.call("POST", "/api/web/messages", data=json.dumps(value))
        assert (code, body["error"]["code"]) == (400, "invalid_body")

    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            ({}, "invalid_field", "id"),
            ({"id": 5, "text": "x"}, "invalid_field", "id"),
            ({"id": "", "text": "x"}, "invalid_field", "id"),
            ({"id": "a b", "text": "x"}, "invalid_field", "id"),
            ({"id": "a\n", "text": "x"}, "invalid_field", "id"),
            ({"id": "a" * 65, "text": "x"}, "invalid_field", "id"),
            ({"id": "a", "text": 5}, "invalid_field", "text"),
            ({"id": "a", "text": {"x": 1}}, "invalid_field", "text"),
            ({"id": "a", "payload": ["x"]}, "invalid_field", "payload"),
            ({"id": "a"}, "text_or_payload", "text"),
            ({"id": "a", "text": "x", "payload": "y"}, "text_or_payload", "text"),
        ],
    )
    async def test_wrong_types(self, api: Api, body: dict[str, Any], code: str, field: str) -> None:
        status, answered = await api.call("POST", "/api/web/messages", json=body)
        assert (status, answered["error"]["code"], answered["error"]["field"]) == (400, code, field)
        assert answered["error"]["message"]

    async def test_body_too_large(self, api: Api) -> None:
        code, body = await api.call("POST", "/api/web/messages", json={"id": "a", "text": "hỏi " * 25000})
        assert (code, body["error"]["code"]) == (413, "body_too_large")
        assert "32 KB" in body["error"]["message"]

    async def test_unknown_address_and_method(self, api: Api) -> None:
        code, body = await api.call("GET", "/api/web/nothing")
        assert (code, body["error"]["code"]) == (404, "not_found")
        code, body = await api.call("PUT", "/api/web/messages")
        assert (code, body["error"]["code"]) == (405, "method_not_allowed")

    async def test_fault_of_ours_is_logged_without_text(
        self, api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = "bí mật"

        def broken(*_args: object, **_kwargs: object) -> None:
            raise RuntimeError(secret)

        monkeypatch.setattr(api.gateway.conversation, "take", broken)
        with caplog.at_level(logging.DEBUG):
            code, body = await api.call("POST", "/api/web/messages", json={"id": "a", "text": "chuyện riêng"})
        assert (code, body["error"]["code"]) == (500, "internal")
        assert "RuntimeError" in caplog.text
        assert secret not in caplog.text
        assert "chuyện riêng" not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("id", "text", "payload", "message", "value", "reason"), JSON)
    ).map(lambda value: json.dumps(value).encode()),
    st.text(max_size=80).map(lambda text: json.dumps({"id": "x", "text": text}).encode()),
)


async def test_no_body_whatever_reaches_500(api: Api) -> None:
    """Hypothesis draws; the requests go through the real server."""
    loop = asyncio.get_running_loop()

    async def post(path: str, raw: bytes) -> int:
        async with api.client.post(path, data=raw, headers=api.headers) as response:
            body = await response.json() if response.status != 204 else {"messages": []}
            assert "messages" in body or body["error"]["message"]
            return response.status

    @settings(max_examples=120, deadline=None, database=None, derandomize=True)
    @given(st.sampled_from(["messages", "feedback", "handover"]), BODIES)
    def draw(name: str, raw: bytes) -> None:
        status = asyncio.run_coroutine_threadsafe(post(f"/api/web/{name}", raw), loop).result(20)
        assert status in {200, 204, 400, 404, 409}

    await asyncio.to_thread(draw)


async def test_whoever_hangs_up_in_the_middle_is_no_fault_of_ours(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", api.client.port)
    head = f"POST /api/web/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {api.token}\r\nContent-Length: 99"
    writer.write(f"{head}\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    labels = {"method": "POST", "route": "/api/web/messages"}
    registry = api.gateway.meter.registry
    for _ in range(100):
        if registry.get_sample_value("ansinh_requests_total", {**labels, "status": "400"}):
            break
        await asyncio.sleep(0.05)
    assert registry.get_sample_value("ansinh_requests_total", {**labels, "status": "400"}) == 1
    assert caplog.records == []


class TestRateLimits:
    async def test_burst_of_one_conversation_is_slowed_down(self, open_api: OpenApi) -> None:
        api = await open_api(rate_session_messages="20/minute;5/3second")
        await api.open()
        for _ in range(5):
            await api.say("nhanh")
        async with api.client.post("/api/web/messages", json={"id": "a", "text": "x"}, headers=api.headers) as response:
            body = await response.json()
        assert (response.status, body["error"]["code"]) == (429, "too_many_requests")
        assert 1 <= int(response.headers["Retry-After"]) <= 3
        assert response.headers["Retry-After"] in body["error"]["message"]

    async def test_one_conversation_does_not_slow_another(self, open_api: OpenApi) -> None:
        api = await open_api(rate_session_messages="1/minute")
        await api.open()
        await api.say("một")
        await api.open()
        await api.say("cũng một")

    async def test_one_address_may_open_twenty_sessions_a_second(self, open_api: OpenApi) -> None:
        api = await open_api()
        codes = await asyncio.gather(*(api.call("POST", "/api/web/session") for _ in range(25)))
        assert {code for code, _ in codes} == {201}

    async def test_address_has_its_limit_all_the_same(self, open_api: OpenApi) -> None:
        api = await open_api(rate_address_sessions="2/minute")
        codes = [(await api.call("POST", "/api/web/session"))[0] for _ in range(3)]
        assert codes == [201, 201, 429]

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "expected"),
        [
            (0, "203.0.113.9", "127.0.0.1"),
            (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
            (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
            (2, "203.0.113.9", "127.0.0.1"),
            (1, "", "127.0.0.1"),
            # Some proxies add a line of their own behind the one that the caller made up.
            (1, "198.51.100.1|203.0.113.9", "203.0.113.9"),
        ],
    )
    async def test_address_is_believed_from_our_proxies_only(
        self, aiohttp_client: Any, proxies: int, forwarded: str, expected: str
    ) -> None:
        limits = RateLimits(Settings(trusted_proxies=proxies), Meter())

        async def tell(request: web.Request) -> web.Response:
            return web.Response(text=limits.address(request))

        app = web.Application()
        app.router.add_get("/", tell)
        client = await aiohttp_client(app)
        lines = [("X-Forwarded-For", line) for line in forwarded.split("|")]
        response = await client.get("/", headers=CIMultiDict(lines))
        assert await response.text() == expected


class TestHealth:
    async def test_alive(self, api: Api) -> None:
        assert await api.call("GET", "/healthz") == (200, {"alive": True})

    async def test_ready_is_proved_by_a_turn(self, api: Api, rasa: FakeRasa) -> None:
        code, body = await api.call("GET", "/readyz")
        assert (code, body) == (
            200,
            {
                "ready": True,
                "parts": {"database": "ok", "rasa": "ok", "actions": "ok"},
                "channels": {"web": "ok", "zalo_oa": "not set up", "zalo_bot": "not set up"},
            },
        )
        assert rasa.greetings == 1

    async def test_answer_is_kept_for_a_moment(self, open_api: OpenApi, rasa: FakeRasa) -> None:
        api = await open_api(ready_cache_seconds=60)
        await asyncio.gather(*(api.call("GET", "/readyz") for _ in range(5)))
        assert rasa.greetings == 1

    async def test_says_that_rasa_fails(self, api: Api, rasa: FakeRasa) -> None:
        await rasa.server.close()
        code, body = await api.call("GET", "/readyz")
        assert (code, body["ready"]) == (503, False)
        assert body["parts"]["rasa"].startswith("down")
        assert body["parts"]["database"] == "ok"

    async def test_says_that_the_actions_fail(self, api: Api, rasa: FakeRasa) -> None:
        async def nothing(_body: dict[str, Any]) -> web.Response:
            return web.json_response({"turns": []})

        rasa.behaviour = nothing
        code, body = await api.call("GET", "/readyz")
        assert (code, body["parts"]) == (503, {"database": "ok", "rasa": "ok", "actions": "down"})

    async def test_says_that_the_database_fails(self, open_api: OpenApi, tmp_path: Path) -> None:
        api = await open_api(database_url=f"sqlite:///{tmp_path / 'empty.db'}")
        code, body = await api.call("GET", "/readyz")
        assert (code, body["parts"]["database"]) == (503, "down")


@pytest.mark.parametrize("path", ["/webhooks/zalo", "/webhooks/zalo-bot"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_channels_that_are_not_set_up_say_so(api: Api, path: str, method: str) -> None:
    code, body = await api.call(method, path)
    assert (code, body["error"]["code"]) == (503, "channel_not_set_up")
