"""Turns over HTTP: the way of a message, and what a citizen is told when part of it fails."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.conversation.models import CaseRow, MessageRow, TurnLog
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn


def only(messages: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(messages) == 1
    return messages[0]


def status(message: dict[str, Any]) -> str:
    found: str = message["answer"]["status"]
    return found


async def test_session_begins_with_a_greeting_and_buttons(open_api: OpenApi) -> None:
    api = await open_api()
    body = await api.open()
    greeting = only(body["messages"])
    assert greeting["role"] == "bot"
    assert "An Sinh" in greeting["text"]
    assert "\n\n" in greeting["text"]
    assert {button["title"] for button in greeting["buttons"]} >= {"Bảo hiểm y tế", "Nước sạch"}
    assert all("act" not in button for button in greeting["buttons"])
    assert body["expires_at"].endswith("+07:00")


async def test_answer_reaches_the_citizen_whole(api: Api, rasa: FakeRasa) -> None:
    message = only(await api.say("Hộ cận nghèo được gì?"))
    assert message["text"] == "Câu 1: Hộ cận nghèo được gì?"
    assert message["answer"]["program"] == "bhyt_can_ngheo"
    assert message["answer"]["criteria"] == []
    assert message["sent_at"].endswith("+07:00")
    assert rasa.seen[0]["metadata"]["channel"] == "web"


async def test_case_goes_along_from_turn_to_turn(api: Api) -> None:
    texts = [only(await api.say("tiếp"))["text"] for _ in range(3)]
    assert texts == ["Câu 1: tiếp", "Câu 2: tiếp", "Câu 3: tiếp"]


async def test_two_asks_get_two_messages_and_both_stand_in_the_log(api: Api, rasa: FakeRasa) -> None:
    async def two(_body: dict[str, Any]) -> web.Response:
        return web.json_response(turn(answer("Một."), answer("Hai.", status="not_covered")))

    rasa.behaviour = two
    assert [message["text"] for message in await api.say("hai câu")] == ["Một.", "Hai."]
    log = api.rows(TurnLog)[0]
    assert log.status == "answered"
    assert [entry["text"] for entry in log.answers] == ["Một.", "Hai."]


async def test_log_says_what_a_reviewer_needs(api: Api) -> None:
    await api.say("hoà thuận", "cau-1")
    log = api.rows(TurnLog)[0]
    assert (log.status, log.topic, log.program, log.aspect, log.source) == (
        "answered", "health_insurance", "bhyt_can_ngheo", "benefit", "policy",
    )  # fmt: skip
    assert (log.intent, log.confidence, log.channel, log.message_id) == ("ask_benefit", 0.93, "web", "cau-1")
    assert log.normalised == "hòa thuận"
    assert {"queue_ms", "open_ms", "decide_ms", "rasa_ms", "retrieve_ms"} <= set(log.durations)
    assert len(log.sender) == 64
    assert log.asked_at.tzinfo is not None


class TestSameIdAgain:
    async def test_gets_the_same_messages_and_runs_nothing(self, api: Api, rasa: FakeRasa) -> None:
        first = await api.say("một lần", "lan-1")
        assert await api.say("một lần", "lan-1") == first
        assert len(rasa.seen) == 1
        assert len(api.rows(TurnLog)) == 1

    async def test_at_the_same_moment_runs_once(self, api: Api, rasa: FakeRasa) -> None:
        async def slow(body: dict[str, Any]) -> web.Response:
            await asyncio.sleep(0.1)
            return web.json_response(rasa.count(body))

        rasa.behaviour = slow
        replies = await asyncio.gather(*(api.say("một lần", "lan-1") for _ in range(5)))
        assert all(reply == replies[0] for reply in replies)
        assert len(rasa.seen) == 1

    async def test_after_an_apology_gets_the_same_apology(self, api: Api, rasa: FakeRasa) -> None:
        async def nothing(_body: dict[str, Any]) -> web.Response:
            return web.json_response({"turns": []})

        rasa.behaviour = nothing
        first = await api.say("một lần", "lan-1")
        rasa.behaviour = None
        assert await api.say("một lần", "lan-1") == first

    async def test_in_another_session_is_another_message(self, api: Api, open_api: OpenApi) -> None:
        other = await open_api()
        await other.open()
        await api.say("của tôi", "lan-1")
        assert only(await other.say("của người khác", "lan-1"))["text"] == "Câu 1: của người khác"

    async def test_in_two_processes_is_answered_once(self, api: Api, open_api: OpenApi, rasa: FakeRasa) -> None:
        async def slow(body: dict[str, Any]) -> web.Response:
            await asyncio.sleep(0.1)
            return web.json_response(rasa.count(body))

        rasa.behaviour = slow
        other = await open_api()
        other.token = api.token
        first, second = await asyncio.gather(api.say("một lần", "lan-1"), other.say("một lần", "lan-1"))
        assert first == second
        assert api.rows(CaseRow)[0].data == {"n": 1}
        assert len([row for row in api.rows(MessageRow) if row.role == "bot"]) == 2  # greeting, answer

    async def test_that_is_the_id_of_a_message_of_ours_is_refused(self, api: Api) -> None:
        ours = only(await api.say("xin chào"))["id"]
        code, body = await api.call("POST", "/api/web/messages", json={"id": ours, "text": "của tôi"})
        assert (code, body["error"]["code"], body["error"]["field"]) == (409, "id_taken", "id")


async def test_turns_of_one_conversation_run_one_after_another(api: Api, rasa: FakeRasa) -> None:
    running = 0

    async def slow(body: dict[str, Any]) -> web.Response:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(0.02)
        running -= 1
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    replies = await asyncio.gather(*(api.say("cùng lúc") for _ in range(6)))
    assert sorted(only(reply)["text"] for reply in replies) == [f"Câu {n}: cùng lúc" for n in range(1, 7)]


async def test_message_of_a_killed_process_runs_again_under_its_turn(api: Api, rasa: FakeRasa) -> None:
    await api.say("trước", "truoc")
    with Session(api.engine) as session, session.begin():
        row = session.query(MessageRow).filter_by(id="truoc").one()
        turn_id = row.turn_id
        row.state = "received"
        session.query(MessageRow).filter_by(turn_id=turn_id, role="bot").delete()
        session.query(CaseRow).update({"data": {}})
        session.query(TurnLog).update({"status": None})
    assert only(await api.say("trước", "truoc"))["text"] == "Câu 1: trước"
    assert [(log.turn_id, log.status) for log in api.rows(TurnLog)] == [(turn_id, "answered")]
    assert len(rasa.seen) == 2


class TestWhenPartIsDown:
    async def reply(self, api: Api, text: str = "Hộ nghèo được gì?") -> dict[str, Any]:
        message = only(await api.say(text))
        log = api.rows(TurnLog)[-1]
        assert log.status == status(message)
        return message

    async def test_rasa(self, api: Api, rasa: FakeRasa) -> None:
        await rasa.server.close()
        message = await self.reply(api)
        assert status(message) == "unavailable"
        assert "phần hiểu câu hỏi" in message["text"]
        assert "115" in message["text"]

    async def test_rasa_refuses_the_secret(self, open_api: OpenApi) -> None:
        api = await open_api(rasa_secret="wrong")
        await api.open()
        assert "phần hiểu câu hỏi" in (await self.reply(api))["text"]

    async def test_actions(self, api: Api, rasa: FakeRasa) -> None:
        async def nothing(_body: dict[str, Any]) -> web.Response:
            return web.json_response({"turns": []})

        rasa.behaviour = nothing
        message = await self.reply(api)
        assert status(message) == "unavailable"
        assert "tra cứu chính sách" in message["text"]
        rasa.behaviour = None
        assert only(await api.say("lại"))["text"] == "Câu 1: lại"

    async def test_time_is_up(self, open_api: OpenApi, rasa: FakeRasa) -> None:
        async def asleep(_body: dict[str, Any]) -> web.Response:
            await asyncio.sleep(1)
            return web.json_response({})

        rasa.behaviour = asleep
        api = await open_api(turn_timeout_seconds=0.2)
        await api.open()
        message = await self.reply(api)
        assert status(message) == "unavailable"
        assert "lâu quá" in message["text"]

    async def test_whoever_waited_for_the_turn_before_has_less_time(
        self, open_api: OpenApi, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def slow(body: dict[str, Any]) -> web.Response:
            await asyncio.sleep(0.4)
            return web.json_response(rasa.count(body))

        rasa.behaviour = slow
        monkeypatch.setattr("bot.conversation.turn._LEFT_FOR_LATE", 0.1)
        api = await open_api(turn_timeout_seconds=0.5)
        await api.open()
        _, second = await asyncio.gather(api.say("một"), api.say("hai"))
        assert status(only(second)) == "unavailable"

    async def test_answer_without_messages(self, api: Api, rasa: FakeRasa) -> None:
        async def empty(_body: dict[str, Any]) -> web.Response:
            return web.json_response(turn())

        rasa.behaviour = empty
        message = await self.reply(api)
        assert status(message) == "error"
        assert "hỏi lại" in message["text"]

    @pytest.mark.parametrize(
        "reply",
        [
            {"turns": [{"answers": [{"text": "", "answer": {"status": "answered"}}]}]},
            {"turns": [{"answers": [{"text": "x", "answer": {"status": "great"}}]}]},
            {"turns": "không"},
            ["không"],
        ],
    )
    async def test_answer_of_another_shape(self, api: Api, rasa: FakeRasa, reply: Any) -> None:
        async def odd(_body: dict[str, Any]) -> web.Response:
            return web.json_response(reply)

        rasa.behaviour = odd
        assert status(await self.reply(api)) == "error"

    async def test_connection_kept_from_before_a_restart_does_no_harm(self, api: Api, rasa: FakeRasa) -> None:
        await api.say("trước")

        async def cut(_body: dict[str, Any]) -> web.StreamResponse:
            rasa.behaviour = None
            raise asyncio.CancelledError  # aiohttp drops the connection without an answer

        rasa.behaviour = cut
        assert status(only(await api.say("sau"))) == "answered"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def impatient(api: Api) -> None:
    """Wait 100 ms for a lock instead of seconds."""
    engine = api.gateway.store._engine
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 100"))


class TestLockedDatabase:
    async def test_has_a_reply_and_the_same_message_works_afterwards(self, api: Api, tmp_path: Path) -> None:
        impatient(api)
        with locked(tmp_path / "ansinh.db"):
            message = only(await api.say("bị khóa", "khoa-1"))
        assert status(message) == "unavailable"
        assert "máy của em đang bận" in message["text"]
        assert only(await api.say("bị khóa", "khoa-1"))["text"] == "Câu 1: bị khóa"

    async def test_at_the_commit_loses_and_doubles_nothing(self, api: Api, rasa: FakeRasa, tmp_path: Path) -> None:
        impatient(api)
        lock = locked(tmp_path / "ansinh.db")

        async def lock_it(body: dict[str, Any]) -> web.Response:
            lock.__enter__()
            return web.json_response(rasa.count(body))

        rasa.behaviour = lock_it
        assert status(only(await api.say("bị khóa", "khoa-1"))) == "unavailable"
        lock.__exit__(None, None, None)
        rasa.behaviour = None
        assert only(await api.say("bị khóa", "khoa-1"))["text"] == "Câu 1: bị khóa"
        assert api.rows(CaseRow)[0].data == {"n": 1}

    async def test_that_says_nothing_at_all_keeps_nobody_waiting(self, open_api: OpenApi) -> None:
        api = await open_api(turn_timeout_seconds=0.2, database_threads=1)
        await api.open()
        over = threading.Event()
        stuck = asyncio.create_task(api.gateway.store.run(lambda _: over.wait(30)))
        for method, path in (("POST", "session"), ("GET", "messages"), ("GET", "export"), ("DELETE", "session")):
            code, body = await api.call(method, f"/api/web/{path}")
            assert (code, body["error"]["code"]) == (503, "unavailable")
        over.set()
        await stuck

    async def test_lets_no_session_begin_but_says_so(self, api: Api, tmp_path: Path) -> None:
        impatient(api)
        with locked(tmp_path / "ansinh.db"):
            code, body = await api.call("POST", "/api/web/session")
        assert (code, body["error"]["code"]) == (503, "unavailable")


class TestPersonalData:
    async def test_is_masked_before_rasa_log_and_history_see_it(self, api: Api, rasa: FakeRasa) -> None:
        message = only(await api.say("CCCD của tôi là 051200001234, sđt 0905123456, tôi được hưởng gì?"))
        assert "số căn cước" in message["text"]
        assert "số điện thoại" in message["text"]
        assert "đừng gửi" in message["text"]
        assert message["text"].startswith("Câu 1")
        everything = repr([vars(row) for table in (MessageRow, TurnLog) for row in api.rows(table)])
        assert "051200001234" not in everything + rasa.messages[0]
        assert "0905123456" not in everything + rasa.messages[0]
        assert api.rows(TurnLog)[0].masked_kinds == ["national_id", "phone"]

    async def test_amounts_are_left_alone(self, api: Api) -> None:
        message = only(await api.say("Nhà sửa hết 60.000.000 đồng"))
        assert message["text"] == "Câu 1: Nhà sửa hết 60.000.000 đồng"


class TestStrangeText:
    @pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\x00\x07", "\n\n"])
    async def test_nothing_to_read(self, api: Api, rasa: FakeRasa, text: str) -> None:
        message = only(await api.say(text))
        assert (status(message), rasa.seen) == ("clarify", [])
        assert "chưa có chữ" in message["text"]

    @pytest.mark.parametrize("text", ["👍", "😀😀😀", "???", "/", "///", "/ /"])
    async def test_signs_only(self, api: Api, rasa: FakeRasa, text: str) -> None:
        message = only(await api.say(text))
        assert (status(message), rasa.seen) == ("clarify", [])

    @pytest.mark.parametrize("text", ["Há»™ nghÃ¨o Ä‘Æ°á»£c gÃ¬", "Hé nghÌo ®­îc h­ëng g×"])
    async def test_other_code_pages(self, api: Api, rasa: FakeRasa, text: str) -> None:
        message = only(await api.say(text))
        assert "lỗi phông" in message["text"]
        assert (status(message), rasa.seen) == ("clarify", [])

    async def test_too_long(self, api: Api, rasa: FakeRasa) -> None:
        message = only(await api.say("hỏi " * 600))
        assert (status(message), rasa.seen) == ("clarify", [])
        assert "2399" in message["text"]
        assert "2000" in message["text"]
        assert len(api.rows(TurnLog)[0].question) <= 2000

    async def test_just_short_enough(self, api: Api) -> None:
        assert status(only(await api.say("a" * 2000))) == "answered"

    async def test_decomposed(self, api: Api, rasa: FakeRasa) -> None:
        await api.say("Ho\u0302\u0323 nghe\u0300o")
        assert rasa.messages == ["Hộ nghèo"]

    async def test_control_characters(self, api: Api, rasa: FakeRasa) -> None:
        await api.say("hộ\x00 nghèo\x1b[31m\u202e?")
        assert rasa.messages == ["hộ nghèo [31m?"]

    @pytest.mark.parametrize("text", ["/button", "//greet", " / /restart", "／button{}", "\u200b/session_start"])
    async def test_commands_arrive_as_words(self, api: Api, rasa: FakeRasa, text: str) -> None:
        await api.say(text)
        assert not rasa.messages[0].startswith("/")
        assert rasa.seen[0]["metadata"]["button"] is None

    async def test_half_a_surrogate_pair(self, api: Api, rasa: FakeRasa) -> None:
        code, _ = await api.call(
            "POST", "/api/web/messages", data=b'{"id": "nua-1", "text": "h\\u1ed9 ngh\\u00e8o \\ud83d"}'
        )
        assert code == 200
        assert rasa.messages == ["hộ nghèo"]


class TestButtons:
    async def test_act_goes_to_rasa_and_title_into_the_history(self, api: Api, rasa: FakeRasa) -> None:
        button = only(await api.say("hỏi"))["buttons"][0]
        code, _ = await api.press(button["payload"])
        assert code == 200
        assert rasa.messages == ["hỏi", "/button"]
        assert rasa.seen[1]["metadata"]["button"] == {
            "act": "inform", "fact": "household_class", "value": "poor", "member": None,
        }  # fmt: skip
        _, body = await api.call("GET", "/api/web/messages")
        assert [m["text"] for m in body["messages"] if m["role"] == "citizen"] == ["hỏi", "Có"]

    async def test_of_another_session_does_nothing(self, api: Api, open_api: OpenApi, rasa: FakeRasa) -> None:
        payload = only(await api.say("hỏi"))["buttons"][0]["payload"]
        other = await open_api()
        await other.open()
        code, body = await other.press(payload)
        assert (code, body["error"]["code"]) == (400, "bad_button")
        assert len(rasa.seen) == 1

    @pytest.mark.parametrize("payload", ["", "x", "#b:", "/greet", '{"act": "erase_data"}', "#b:é", "#b:a.b.c"])
    async def test_unknown_gets_a_clear_error(self, api: Api, payload: str) -> None:
        code, body = await api.press(payload)
        assert (code, body["error"]["code"], body["error"]["field"]) == (400, "bad_button", "payload")
        assert "Nút này" in body["error"]["message"]

    async def test_that_is_old_says_so(self, open_api: OpenApi) -> None:
        api = await open_api(button_hours=0.0001)
        payload = (await api.open())["messages"][0]["buttons"][0]["payload"]
        await asyncio.sleep(2.1)
        code, body = await api.press(payload)
        assert (code, body["error"]["code"]) == (400, "expired_button")

    async def test_whose_act_is_too_long_is_left_out(self, api: Api, rasa: FakeRasa) -> None:
        async def long(_body: dict[str, Any]) -> web.Response:
            noise = "".join(str(uuid.uuid4()) for _ in range(60))
            said = answer("Đủ ý.", buttons=[{"title": "Dài", "act": {"act": "x", "value": noise}}])
            return web.json_response(turn(said))

        rasa.behaviour = long
        message = only(await api.say("hỏi"))
        assert (message["text"], message["buttons"]) == ("Đủ ý.", [])


async def test_cost_does_not_grow_with_the_conversation(api: Api) -> None:
    statements: list[str] = []
    engine = api.gateway.store._engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts: list[int] = []
    for number in range(60):
        statements.clear()
        await api.say(f"câu hỏi {number}")
        counts.append(len(statements))
    assert counts[5] == counts[-1]
    assert not any("ORDER BY" in statement for statement in statements)


async def test_a_citizen_cannot_name_a_draft_of_officers(api: Api, rasa: FakeRasa) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Hộ cận nghèo được gì?", "draft": 1, "metadata": {"draft": 1}}
    status, _ = await api.call("POST", "/api/web/messages", json=body)
    assert status in {200, 422}
    await api.say('/button{"draft": 1} draft=1')
    assert all("draft" not in seen["metadata"] for seen in rasa.seen)
    assert rasa.violations == []
