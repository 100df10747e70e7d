"""The Official Account, from the webhook to what the citizen reads."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any, NoReturn

import pytest
from aiohttp import web
from sqlalchemy import update
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from bot.channels.base import CHANNELS
from bot.channels.push import courier
from bot.conversation import repository
from bot.conversation.mail import outbox
from bot.conversation.mail.models import Correspondent, InboxRow, OutboxRow
from bot.conversation.messages import Message
from bot.conversation.models import CaseRow, HandoverRow, MessageRow, SessionRow, TurnLog
from bot.conversation.sealing import Box
from tests.channels.zalo_oa.conftest import ANNA, OpenZalo, Zalo, until
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.zalo_double.openapi import Delivered, Trouble


def only(messages: list[Delivered]) -> Delivered:
    assert len(messages) == 1, messages
    return messages[0]


async def test_a_question_is_answered_with_the_consent_line_once(zalo: Zalo, rasa: FakeRasa) -> None:
    first = only(await zalo.say("Hộ cận nghèo được gì?"))
    assert first.text.startswith("Câu 1: Hộ cận nghèo được gì?")
    assert 'nhắn "đồng ý"' in first.text
    assert [button["title"] for button in first.buttons] == ["Có", "Đồng ý cho lưu"]
    second = only(await zalo.say("Còn nữa không?"))
    assert second.text == "Câu 2: Còn nữa không?"
    assert rasa.seen[0]["metadata"]["channel"] == "zalo_oa"


async def test_a_press_comes_back_as_text_and_is_the_button(zalo: Zalo, rasa: FakeRasa) -> None:
    first = only(await zalo.say("chào"))
    await zalo.say(first.payload("Có"))
    assert rasa.messages == ["chào", "/button"]
    assert rasa.seen[1]["metadata"]["button"]["fact"] == "household_class"


@pytest.mark.parametrize("payload", ["#b:abc", "#b:eyJhIjoxfQ.xx.yy"])
async def test_a_payload_that_is_none_of_ours_reaches_nobody(zalo: Zalo, rasa: FakeRasa, payload: str) -> None:
    assert "Dạ nút này đã cũ" in only(await zalo.say(payload)).text
    assert rasa.seen == []


async def test_somebody_elses_button_does_nothing(zalo: Zalo, rasa: FakeRasa) -> None:
    first = only(await zalo.say("chào"))
    assert "nút này đã cũ" in only(await zalo.say(first.payload("Có"), user="999")).text
    assert len(rasa.seen) == 1


async def test_a_typed_command_is_text(zalo: Zalo, rasa: FakeRasa) -> None:
    await zalo.say("/restart")
    assert rasa.messages == ["restart"]


async def test_the_same_event_again_is_answered_once(zalo: Zalo, rasa: FakeRasa) -> None:
    event = zalo.sender.text(ANNA, "một lần")
    await zalo.tell(event)
    for _ in range(3):
        assert await zalo.sender.post(event, num_retry="1") == 200
    await zalo.say("câu sau")
    assert rasa.messages == ["một lần", "câu sau"]
    assert len(zalo.double.delivered) == 2


async def test_what_was_sent_first_is_answered_first(open_zalo: OpenZalo, rasa: FakeRasa) -> None:
    zalo = await open_zalo(mail_settle_seconds=0.3)
    zalo.double.users.add(ANNA)
    for at in (2, 1, 3):
        await zalo.sender.post(zalo.sender.text(ANNA, f"tin {at}", at=at))
    await until(lambda: len(zalo.double.delivered) == 3)
    assert rasa.messages == ["tin 1", "tin 2", "tin 3"]


async def test_acknowledged_before_any_work(zalo: Zalo, rasa: FakeRasa) -> None:
    release = asyncio.Event()

    async def slow(body: dict[str, Any]) -> web.Response:
        await release.wait()
        return web.json_response(rasa.count(body))

    rasa.behaviour = slow
    zalo.double.users.add(ANNA)
    assert await zalo.sender.post(zalo.sender.text(ANNA, "chậm")) == 200
    await until(lambda: len(rasa.seen) == 1)
    assert zalo.double.delivered == []
    release.set()
    await until(lambda: len(zalo.double.delivered) == 1)
    assert zalo.sender.slow == []


async def test_an_event_that_ended_meanwhile_is_not_answered_again(zalo: Zalo, rasa: FakeRasa) -> None:
    """As when the lease ran out in the middle of a turn, and another process was faster."""

    async def overtaken(body: dict[str, Any]) -> web.Response:
        with Session(zalo.api.engine) as db, db.begin():
            db.execute(update(InboxRow).values(state="done", outcome="answered", body=None))
        return web.json_response(rasa.count(body))

    rasa.behaviour = overtaken
    zalo.double.users.add(ANNA)
    assert await zalo.sender.post(zalo.sender.text(ANNA, "chậm")) == 200
    await until(lambda: len(rasa.seen) == 1)
    rasa.behaviour = None
    assert only(await zalo.say("câu sau")).text.startswith("Câu 2: câu sau")
    assert len(zalo.double.delivered) == 1


class TestSignature:
    async def test_wrong_ones_are_refused_and_cause_an_alert(
        self, zalo: Zalo, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
    ) -> None:
        event = zalo.sender.text(ANNA, "bí mật của tôi")
        for header in ("", "mac=", "mac=" + "0" * 64, "mac=é"):
            assert await zalo.sender.post(event, **{"X-ZEvent-Signature": header}) == 401
        assert "signature" in await zalo.readyz()
        assert [record.message for record in caplog.records if "wrong signature" in record.message]
        assert "bí mật" not in caplog.text
        await zalo.say("đúng")
        assert await zalo.readyz() == "ok"
        assert rasa.messages == ["đúng"]

    @pytest.mark.parametrize("dump", [{"ensure_ascii": True}, {"ensure_ascii": False, "separators": (" ,", " :\t")}])
    async def test_the_bytes_as_sent_count(self, zalo: Zalo, rasa: FakeRasa, dump: dict[str, Any]) -> None:
        event = zalo.sender.text(ANNA, "Xin chào")
        zalo.double.users.add(ANNA)
        assert await zalo.sender.post_raw(json.dumps(event, **dump).encode(), event["timestamp"]) == 200
        await until(lambda: len(zalo.double.delivered) == 1)
        assert rasa.messages == ["Xin chào"]

    async def test_an_event_of_another_application_is_refused(self, zalo: Zalo) -> None:
        event = {**zalo.sender.text(ANNA, "x"), "app_id": "1"}
        assert await zalo.sender.post(event) == 401

    async def test_a_huge_body_is_refused(self, zalo: Zalo) -> None:
        assert await zalo.sender.post_raw(b" " * 1_000_000, "1") == 413

    async def test_a_text_as_long_as_can_be_is_taken(self, zalo: Zalo) -> None:
        assert "dài" in only(await zalo.say("ạ" * 20_000)).text

    @pytest.mark.parametrize("missing", ["zalo_app_id", "zalo_oa_secret"])
    async def test_without_its_secret_the_webhook_is_closed(self, open_zalo: OpenZalo, missing: str) -> None:
        zalo = await open_zalo(**{missing: ""})
        assert await zalo.sender.post(zalo.sender.text(ANNA, "x")) == 503
        assert await zalo.readyz() == "not set up"


class TestEvents:
    async def test_a_new_follower_is_greeted_once(self, zalo: Zalo) -> None:
        greeting = only(await zalo.tell(zalo.sender.follow(ANNA)))
        assert "An Sinh" in greeting.text
        assert len(greeting.buttons) == 5
        await zalo.sender.post(zalo.sender.of_user("user_click_chatnow", ANNA))
        await zalo.settled()
        assert len(zalo.double.delivered) == 1

    @pytest.mark.parametrize("kind", ["image", "gif", "sticker", "audio", "video", "file", "link", "business_card"])
    async def test_what_is_no_text_gets_a_courteous_reply(self, zalo: Zalo, rasa: FakeRasa, kind: str) -> None:
        event = zalo.sender.event(f"user_send_{kind}", ANNA, attachments=[{"type": kind, "payload": {}}])
        assert "chỉ đọc được chữ" in only(await zalo.tell(event)).text
        assert rasa.seen == []

    async def test_a_place_on_the_map_is_asked_for_by_name(self, zalo: Zalo) -> None:
        where = {"coordinates": {"latitude": "15.12", "longitude": "108.79"}}
        event = zalo.sender.event(
            "user_send_location", ANNA, text="Nhà", attachments=[{"type": "location", "payload": where}]
        )
        assert "tên xã, phường" in only(await zalo.tell(event)).text

    async def test_what_is_not_for_us_is_taken_and_dropped(self, zalo: Zalo, rasa: FakeRasa) -> None:
        echo = zalo.sender.echo(Delivered(ANNA, "lời của mình", [], "m1"))
        group = zalo.sender.event("user_send_group_text", ANNA, text="trong nhóm")
        new = zalo.sender.of_user("something_new", ANNA)
        anonymous = zalo.sender.event("anonymous_send_text", "a1", text="ai đó")
        seen = zalo.sender.event("user_seen_message", ANNA, msg_ids=["m1"])
        for event in (echo, group, new, anonymous, seen, {"timestamp": "1", "event_name": 5}):
            assert await zalo.sender.post(event) == 200
        await zalo.say("thật")
        assert rasa.messages == ["thật"]

    async def test_an_officer_who_types_has_the_word(self, open_zalo: OpenZalo, rasa: FakeRasa) -> None:
        zalo = await open_zalo(zalo_pause_minutes=0.02)
        await zalo.say("một")
        officer = zalo.sender.echo(Delivered(ANNA, "Chào bác, tôi là cán bộ", [], "m9"), admin="77")
        assert await zalo.sender.post(officer) == 200
        assert await zalo.sender.post(zalo.sender.text(ANNA, "hai")) == 200
        await zalo.say("chuyện khác", user="999")  # Others are answered meanwhile.
        await zalo.settled()
        assert rasa.messages == ["một", "chuyện khác"]
        await asyncio.sleep(1.3)
        await zalo.say("ba")
        assert rasa.messages[-1] == "ba"

    async def test_who_withdraws_is_forgotten(self, zalo: Zalo) -> None:
        await zalo.say("nhà tôi cận nghèo")
        await zalo.say("đồng ý")
        await zalo.say("mẹ tôi 76 tuổi")
        assert zalo.api.rows(MessageRow)
        assert await zalo.sender.post(zalo.sender.of_user("user_withdraw", ANNA)) == 200
        await until(lambda: not zalo.api.rows(Correspondent))
        assert zalo.api.rows(MessageRow) == []
        assert zalo.api.rows(OutboxRow) == []
        assert {row.sender for row in zalo.api.rows(InboxRow)} == {None}
        assert [(row.question, row.sender) for row in zalo.api.rows(TurnLog)] == [(None, None)] * 2
        assert all(row.data == {} for row in zalo.api.rows(CaseRow))

    async def test_who_leaves_gets_nothing_more(self, zalo: Zalo) -> None:
        await zalo.say("một")
        event = {**zalo.sender.follow(ANNA), "event_name": "unfollow"}
        await zalo.sender.post(event)
        await until(lambda: not zalo.api.rows(Correspondent)[0].reachable)
        await zalo.say("hai")  # Writing again opens the door again.
        assert zalo.api.rows(Correspondent)[0].reachable

    async def test_who_leaves_while_an_officer_has_the_word_is_heeded(self, zalo: Zalo) -> None:
        await zalo.say("một")
        assert await zalo.sender.post(zalo.sender.echo(Delivered(ANNA, "Chào bác", [], "m9"), admin="77")) == 200
        await zalo.sender.post({**zalo.sender.follow(ANNA), "event_name": "unfollow"})
        await until(lambda: not zalo.api.rows(Correspondent)[0].reachable)

    async def test_an_officer_may_speak_first(self, zalo: Zalo, rasa: FakeRasa) -> None:
        assert await zalo.sender.post(zalo.sender.echo(Delivered(ANNA, "Chào bác", [], "m9"), admin="77")) == 200
        assert await zalo.sender.post(zalo.sender.text(ANNA, "một")) == 200
        await zalo.settled()
        assert rasa.seen == []

    async def test_a_permission_withdrawn_is_told(self, zalo: Zalo) -> None:
        event = {"event_name": "permission_revoked", "timestamp": "1", "app_id": zalo.sender.text("1", "")["app_id"]}
        assert await zalo.sender.post(event) == 200
        assert "permission" in await zalo.readyz()


class TestConsent:
    async def test_without_it_only_a_count_remains(self, zalo: Zalo) -> None:
        await zalo.say("nhà tôi cận nghèo, số 079123456789")
        await zalo.settled()
        assert zalo.api.rows(MessageRow) == []
        (log,) = zalo.api.rows(TurnLog)
        assert (log.status, log.program, log.channel) == ("answered", "bhyt_can_ngheo", "zalo_oa")
        assert (log.question, log.normalised, log.answers, log.sender) == (None, None, None, None)
        assert zalo.api.rows(InboxRow)[0].body is None
        assert zalo.api.rows(OutboxRow)[0].body is None

    async def test_the_conversation_goes_on_without_it(self, zalo: Zalo) -> None:
        await zalo.say("một")
        assert only(await zalo.say("hai")).text == "Câu 2: hai"

    @pytest.mark.parametrize("agrees", ["Đồng ý", "dạ tôi đồng ý.", "button"])
    async def test_with_it_messages_are_kept(self, zalo: Zalo, rasa: FakeRasa, agrees: str) -> None:
        first = only(await zalo.say("một"))
        said = first.payload("Đồng ý cho lưu") if agrees == "button" else agrees
        assert "cảm ơn" in only(await zalo.say(said)).text
        await zalo.say("hai")
        assert [row.text for row in zalo.api.rows(MessageRow) if row.role == "citizen"] == ["hai"]
        assert rasa.messages == ["một", "hai"]

    async def test_a_no_is_taken_for_one(self, zalo: Zalo) -> None:
        await zalo.say("một")
        assert "trả lời xong là em xóa" in only(await zalo.say("không đồng ý")).text
        await zalo.say("hai")
        assert zalo.api.rows(MessageRow) == []
        assert "cảm ơn" in only(await zalo.say("đồng ý")).text  # They may think better of it.

    async def test_who_waits_for_an_officer_keeps_their_words(self, zalo: Zalo) -> None:
        await zalo.say("một")
        (session,) = zalo.api.rows(SessionRow)
        now = dt.datetime.now(dt.UTC)
        asked = HandoverRow(session_id=session.id, code="C1", state="waiting", question="?", requested_at=now)
        with Session(zalo.api.engine) as db, db.begin():
            db.add(asked)
        await zalo.say("hai")
        assert [row.text for row in zalo.api.rows(MessageRow) if row.role == "citizen"] == ["hai"]

    async def test_nothing_unread_lies_open_in_the_database(self, zalo: Zalo, rasa: FakeRasa) -> None:
        rasa.behaviour = _never
        await zalo.sender.post(zalo.sender.text(ANNA, "căn cước 079123456789"))
        (row,) = zalo.api.rows(InboxRow)
        assert "079123456789" not in row.body
        assert ANNA not in zalo.api.rows(Correspondent)[0].address

    async def test_the_case_goes_once_they_are_quiet(self, open_zalo: OpenZalo) -> None:
        zalo = await open_zalo()
        await zalo.say("một")
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
        with Session(zalo.api.engine) as db, db.begin():
            db.execute(update(Correspondent).values(last_seen_at=long_ago))
        await open_zalo()  # A gateway tidies up when it starts.
        await until(lambda: zalo.api.rows(CaseRow)[0].data == {})
        assert zalo.api.rows(SessionRow)[0].expires_at < dt.datetime.now(dt.UTC)
        assert only(await zalo.say("hai")).text.startswith("Câu 1: hai")


async def _never(_body: dict[str, Any]) -> web.Response:
    await asyncio.sleep(3600)
    raise AssertionError


class TestLongAndMany:
    async def test_a_long_answer_comes_in_pieces_that_zalo_takes(self, zalo: Zalo, rasa: FakeRasa) -> None:
        sentence = "Hộ nghèo ở xã đảo được hỗ trợ 100% mức đóng bảo hiểm y tế. "

        async def long(_body: dict[str, Any]) -> web.Response:
            return web.json_response(turn(answer(sentence * 80)))

        rasa.behaviour = long
        messages = await zalo.say("dài")
        assert len(messages) > 2
        assert zalo.double.refused == []
        assert all(message.text.endswith(".") for message in messages[:-1])
        assert "".join(message.text for message in messages).count("100%") == 80
        assert [bool(message.buttons) for message in messages] == [False] * (len(messages) - 1) + [True]

    async def test_more_than_five_buttons_become_numbers(self, zalo: Zalo, rasa: FakeRasa) -> None:
        buttons = [{"title": f"Lựa chọn {n}", "act": {"act": "topic", "topic": f"t{n}"}} for n in range(1, 9)]

        async def many(_body: dict[str, Any]) -> web.Response:
            return web.json_response(turn(answer("Chọn một:", buttons=buttons)))

        rasa.behaviour = many
        message = (await zalo.say("nhiều"))[-1]
        assert len(message.buttons) == 5
        assert "\n7. Lựa chọn 7\n" in message.text
        await zalo.say("7")
        assert rasa.seen[-1]["metadata"]["button"] == {"act": "topic", "topic": "t7"}

    async def test_a_joint_question_is_answered_with_several_numbers(self, zalo: Zalo, rasa: FakeRasa) -> None:
        choices = ["Người khuyết tật", "Trẻ mồ côi", "Người cao tuổi", "Đơn thân nuôi con"]
        buttons = [{"title": choice, "act": {"act": "choose", "choice": choice}} for choice in choices]
        rest = [
            {"title": "Không ai cả", "act": {"act": "chosen"}},
            {"title": "Em không biết", "act": {"act": "dont_know"}},
        ]
        asks = {"fact": "groups", "member": None, "type": "several", "choices": choices, "multiple": True}

        async def joint(_body: dict[str, Any]) -> web.Response:
            return web.json_response(turn(answer("Diện nào?", buttons=[*buttons, *rest], asks=asks)))

        rasa.behaviour = joint
        message = only(await zalo.say("tầm soát"))
        assert "ví dụ: 1 3 4" in message.text
        assert [button["title"] for button in message.buttons] == ["Không ai cả", "Em không biết"]
        await zalo.say("1 3 4")
        assert rasa.messages[-1] == "1 3 4"


class TestReplies:
    async def test_when_they_run_short_the_page_is_offered(self, open_zalo: OpenZalo) -> None:
        zalo = await open_zalo(public_url="https://ansinh.example")
        zalo.double.quota[ANNA] = 5
        assert "https://ansinh.example" not in only(await zalo.say("một")).text
        await zalo.say("hai")
        assert "https://ansinh.example" in only(await zalo.say("ba")).text

    async def test_the_quota_is_asked_for_where_answers_are_silent(self, open_zalo: OpenZalo) -> None:
        zalo = await open_zalo(public_url="https://ansinh.example")
        zalo.double.quota[ANNA] = 3
        zalo.double.quota_in_answers = False
        assert "https://ansinh.example" in only(await zalo.say("một")).text

    async def test_without_any_left_messages_are_dropped_with_an_alert(self, zalo: Zalo) -> None:
        zalo.double.users.add(ANNA)
        zalo.double.quota[ANNA] = 0
        await zalo.sender.post(zalo.sender.text(ANNA, "một"))
        await until(lambda: zalo.states() == [("dropped", "-211")])
        assert "quota" in await zalo.readyz()


class TestTroubles:
    @pytest.mark.parametrize("trouble", [Trouble("error", -32), Trouble("http", 502), Trouble("error", -200)])
    async def test_a_refusal_that_passes_is_tried_again(self, zalo: Zalo, trouble: Trouble) -> None:
        zalo.double.send_troubles.append(trouble)
        only(await zalo.say("một"))
        assert zalo.states() == [("sent", None)]

    async def test_a_fault_that_stays_is_dropped_after_three_tries(self, zalo: Zalo) -> None:
        zalo.double.users.add(ANNA)
        zalo.double.send_troubles.extend([Trouble("error", -200)] * 3)
        await zalo.sender.post(zalo.sender.text(ANNA, "một"))
        await until(lambda: zalo.states() == [("dropped", "-200")])

    @pytest.mark.parametrize("number", [-213, -217, -230, -227, -244])
    async def test_who_cant_be_reached_is_not_tried_again(self, zalo: Zalo, number: int) -> None:
        zalo.double.users.add(ANNA)
        zalo.double.send_troubles.append(Trouble("error", number))
        await zalo.sender.post(zalo.sender.text(ANNA, "một"))
        await until(lambda: zalo.states() == [("dropped", str(number))])
        assert zalo.double.delivered == []

    @pytest.mark.parametrize("number", [-201, -210, -233])
    async def test_a_shape_zalo_dislikes_is_sent_plain_once(self, zalo: Zalo, number: int) -> None:
        zalo.double.send_troubles.append(Trouble("error", number))
        message = only(await zalo.say("một"))
        assert message.buttons == []
        zalo.double.send_troubles.extend([Trouble("error", number)] * 2)
        await zalo.sender.post(zalo.sender.text(ANNA, "hai"))
        await until(lambda: zalo.states()[-1] == ("dropped", str(number)))

    @pytest.mark.parametrize("number", [-224, -223, -209, -240])
    async def test_what_a_person_must_mend_stops_all_sending(self, zalo: Zalo, number: int) -> None:
        zalo.double.users.update({ANNA, "999"})
        zalo.double.send_troubles.append(Trouble("error", number))
        await zalo.sender.post(zalo.sender.text(ANNA, "một"))
        await until(lambda: zalo.states() == [("waiting", None)])
        await zalo.sender.post(zalo.sender.text("999", "hai"))
        await until(lambda: zalo.states() == [("waiting", None)] * 2)
        assert zalo.double.delivered == []
        assert str(number) in await zalo.readyz()

    @pytest.mark.parametrize("kind", ["reset", "truncated", "html"])
    async def test_an_answer_that_got_lost_after_delivery_doubles_nothing(self, zalo: Zalo, kind: str) -> None:
        zalo.double.send_troubles.append(Trouble(kind, after=True))
        only(await zalo.say("một"))
        assert zalo.states() == [("sent", None)]
        only(await zalo.say("hai"))

    @pytest.mark.parametrize("times", [1, 3])
    @pytest.mark.parametrize("kind", ["reset", "truncated"])
    async def test_a_message_that_got_lost_is_sent_again_when_no_echo_comes(
        self, zalo: Zalo, kind: str, times: int
    ) -> None:
        await zalo.say("một")  # Its echo tells that echoes come.
        await until(lambda: any(row.echoed_at is not None for row in zalo.api.rows(OutboxRow)))
        zalo.double.send_troubles.extend([Trouble(kind)] * times)
        assert only(await zalo.say("hai")).text == "Câu 2: hai"

    async def test_where_no_echoes_come_nothing_is_sent_again(self, zalo: Zalo) -> None:
        zalo.echoes = False
        zalo.double.users.add(ANNA)
        zalo.double.send_troubles.append(Trouble("reset", after=True))
        await zalo.sender.post(zalo.sender.text(ANNA, "một"))
        await until(lambda: zalo.states() == [("dropped", "unclear")])
        assert len(zalo.double.delivered) == 1
        assert "unclear" in await zalo.readyz()

    async def test_rasa_down_is_told(self, zalo: Zalo, rasa: FakeRasa) -> None:
        async def broken(_body: dict[str, Any]) -> web.Response:
            return web.Response(status=500)

        rasa.behaviour = broken
        message = only(await zalo.say("một"))
        assert "113, 114 hoặc 115" in message.text
        assert "đồng ý" not in message.text  # An apology is no answer.

    @pytest.mark.parametrize(("fault", "given_up"), [(OperationalError, False), (DataError, True)])
    async def test_an_event_is_given_up_for_its_own_fault_alone(
        self,
        zalo: Zalo,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        fault: type[DBAPIError],
        given_up: bool,
    ) -> None:
        def not_stored(*_args: object) -> NoReturn:
            raise fault("INSERT", None, Exception())

        monkeypatch.setattr(courier, "_PAUSE_SECONDS", 0.01)
        with monkeypatch.context() as failing:
            failing.setattr(repository, "open_turn", not_stored)
            zalo.double.users.add(ANNA)
            await zalo.sender.post(zalo.sender.text(ANNA, "Hộ cận nghèo được gì?"))
            await until(lambda: zalo.double.delivered != [] or caplog.text.count("NotStoredError") > 8)
        await until(lambda: len(zalo.double.delivered) == 1)
        assert ("em gặp lỗi" in zalo.double.delivered[0].text) is given_up

    async def test_a_flood_is_answered_with_one_notice(self, zalo: Zalo, rasa: FakeRasa) -> None:
        release = asyncio.Event()

        async def slow(body: dict[str, Any]) -> web.Response:
            await release.wait()
            return web.json_response(rasa.count(body))

        rasa.behaviour = slow
        zalo.double.users.add(ANNA)
        for number in range(60):
            assert await zalo.sender.post(zalo.sender.text(ANNA, f"tin {number}")) == 200
        release.set()
        await until(lambda: len(zalo.double.delivered) == 51)
        await zalo.settled()
        assert [text for text in zalo.double.texts(ANNA) if "nhắn nhanh quá" in text] == zalo.double.texts(ANNA)[-1:]


class TestDelivery:
    async def _delivered_by_an_officer(self, zalo: Zalo) -> None:
        await zalo.say("gặp cán bộ")
        (session,) = zalo.api.rows(SessionRow)
        message = Message("officer-1", "officer", "Chào bác, xã đã nhận hồ sơ.", dt.datetime.now(dt.UTC))
        channel = zalo.api.client.app[CHANNELS]["zalo_oa"]
        await channel.deliver(session.id, [message])
        await channel.deliver(session.id, [message])

    async def test_an_officers_words_arrive_once(self, zalo: Zalo) -> None:
        await self._delivered_by_an_officer(zalo)
        await until(lambda: len(zalo.double.delivered) == 2)
        await zalo.settled()
        assert zalo.double.texts(ANNA)[-1] == "Chào bác, xã đã nhận hồ sơ."

    async def test_past_48_hours_they_wait_for_the_next_message(self, zalo: Zalo) -> None:
        await zalo.say("một")
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=49)
        with Session(zalo.api.engine) as db, db.begin():
            db.execute(update(Correspondent).values(last_seen_at=long_ago))
            session_id = db.query(SessionRow).one().id
        late = Message("officer-2", "officer", "Trả lời muộn.", dt.datetime.now(dt.UTC))
        await zalo.api.client.app[CHANNELS]["zalo_oa"].deliver(session_id, [late])
        await asyncio.sleep(1.2)
        assert len(zalo.double.delivered) == 1
        await zalo.sender.post(zalo.sender.text(ANNA, "hai"))
        await until(lambda: len(zalo.double.delivered) == 3)
        assert "Trả lời muộn." in zalo.double.texts(ANNA)

    async def test_what_waited_for_days_is_not_dropped_at_the_first_trouble(self, zalo: Zalo) -> None:
        await zalo.say("một")
        sender, long_ago = zalo.api.rows(Correspondent)[0].sender, dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
        zalo.double.send_troubles.append(Trouble("error", -32))
        with Session(zalo.api.engine) as db, db.begin():
            outbox.put(db, "zalo_oa", sender, "officer-5", [{"text": "Trả lời.", "buttons": []}], long_ago)
        await until(lambda: zalo.states()[-1][0] in {"sent", "dropped"})
        assert zalo.states()[-1] == ("sent", None)

    async def test_what_is_said_to_who_left_waits_for_them(self, zalo: Zalo) -> None:
        await zalo.say("một")
        await zalo.sender.post({**zalo.sender.follow(ANNA), "event_name": "unfollow"})
        await until(lambda: not zalo.api.rows(Correspondent)[0].reachable)
        (session,) = zalo.api.rows(SessionRow)
        late = Message("officer-3", "officer", "Xã đã trả lời.", dt.datetime.now(dt.UTC))
        await zalo.api.client.app[CHANNELS]["zalo_oa"].deliver(session.id, [late])
        await until(lambda: zalo.api.rows(OutboxRow)[-1].due_at > dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
        await zalo.sender.post(zalo.sender.text(ANNA, "hai"))
        await until(lambda: len(zalo.double.delivered) == 3)
        assert "Xã đã trả lời." in zalo.double.texts(ANNA)

    async def test_an_address_sealed_with_another_key_is_given_up(self, zalo: Zalo) -> None:
        await zalo.say("một")
        with Session(zalo.api.engine) as db, db.begin():
            db.execute(update(Correspondent).values(address=Box("another").seal(ANNA)))
            session_id = db.query(SessionRow).one().id
        lost = Message("officer-4", "officer", "Trả lời.", dt.datetime.now(dt.UTC))
        await zalo.api.client.app[CHANNELS]["zalo_oa"].deliver(session_id, [lost])
        await until(lambda: zalo.states()[-1] == ("dropped", "sealed"))
