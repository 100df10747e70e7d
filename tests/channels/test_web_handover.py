"""A citizen's way to a person, over the web API and in both databases."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.models import CaseRow, HandoverRow, MessageRow, SessionRow, TurnLog
from bot.knowledge.clock import VIETNAM
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.postgres import BOTH, address_of

PHONE = "0912345678"
STOP = "Thôi, không hỏi nữa"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


class Citizen:
    """Presses buttons by their titles."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.last: list[dict[str, Any]] = []

    async def say(self, text: str, message_id: str | None = None) -> str:
        self.last = await self.api.say(text, message_id)
        return self.text

    async def press(self, title: str) -> str:
        payload = next(b["payload"] for m in self.last for b in m["buttons"] if b["title"] == title)
        code, body = await self.api.press(payload)
        assert code == 200, body
        self.last = body["messages"]
        return self.text

    async def human(self) -> str:
        code, body = await self.api.call("POST", "/api/web/handover", json={"id": str(uuid.uuid4())})
        assert code == 200
        self.last = body["messages"]
        return self.text

    async def ask(self, question: str = "Đơn xin xét hộ nghèo của tôi tới đâu rồi?") -> str:
        """A question with no number left; returns the receipt's code."""
        await self.human()
        await self.say(question)
        await self.press("Không để số")
        request = self.api.rows(HandoverRow)[-1]
        assert request.code in self.text
        code: str = request.code
        return code

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.last)

    @property
    def statuses(self) -> list[str]:
        return [message["answer"]["status"] for message in self.last]

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for message in self.last for button in message["buttons"]]

    @property
    def request(self) -> HandoverRow:
        rows = self.api.rows(HandoverRow)
        assert len(rows) == 1
        row: HandoverRow = rows[0]
        return row


@pytest.fixture
def citizen(api: Api) -> Citizen:
    return Citizen(api)


def understood(rasa: FakeRasa, intent: str, text: str = "Vâng.", case: dict[str, Any] | None = None) -> None:
    async def reply(body: dict[str, Any]) -> web.Response:
        given = body["metadata"]["case"] if case is None else case
        meant = {"intent": intent, "confidence": 0.9}
        return web.json_response(turn(answer(text), case=given, understanding=meant))

    rasa.behaviour = reply


def at(api: Api, day: int, hour: int) -> None:
    moment = dt.datetime(2026, 11, day, hour, tzinfo=VIETNAM)
    api.gateway.standing._clock = Clock(now=lambda: moment)


async def test_question_number_receipt(citizen: Citizen, rasa: FakeRasa) -> None:
    assert "cần hỏi cán bộ điều gì" in await citizen.human()
    assert (citizen.statuses, citizen.buttons) == (["asked_back"], [STOP])
    assert "số điện thoại" in await citizen.say("Đơn của tôi tới đâu rồi?")
    assert await citizen.say(f"gọi tôi số {PHONE[:4]} {PHONE[4:7]} {PHONE[7:]} nhé")
    assert citizen.statuses == ["handed_over"]
    request = citizen.request
    assert request.code in citizen.text
    assert (request.state, request.question) == ("waiting", "Đơn của tôi tới đâu rồi?")
    assert citizen.api.gateway.box.open(request.phone or "") == PHONE
    # The number is nobody's business but theirs who claim the request.
    assert "che đi" not in citizen.text
    assert [message for message in rasa.messages if PHONE[-6:] in message.replace(" ", "")] == []
    tables = (MessageRow, TurnLog, CaseRow, HandoverRow)
    everything = repr([vars(row) for table in tables for row in citizen.api.rows(table)])
    assert PHONE not in everything.replace(" ", "")
    assert citizen.api.rows(CaseRow)[0].handover is None


async def test_number_is_in_no_log(citizen: Citizen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await citizen.human()
    await citizen.say("Đơn của tôi tới đâu rồi?")
    await citizen.say(PHONE)
    assert PHONE not in caplog.text
    assert "Đơn của tôi" not in caplog.text


async def test_no_number_is_fine(citizen: Citizen) -> None:
    for words in ("không", "Dạ thôi không cần đâu", "ko có số điện thoại", None):
        await citizen.human()
        if "Hỏi cán bộ câu khác" in citizen.buttons:
            await citizen.press("Hỏi cán bộ câu khác")
        await citizen.say("Đơn của tôi tới đâu rồi?")
        await (citizen.say(words) if words else citizen.press("Không để số"))
        assert citizen.statuses == ["handed_over"], words
        with Session(citizen.api.engine) as db, db.begin():
            db.query(HandoverRow).update({"state": "closed"})
    assert [row.phone for row in citizen.api.rows(HandoverRow)] == [None] * 4


async def test_wrong_number_is_asked_for_again(citizen: Citizen) -> None:
    await citizen.human()
    await citizen.say("Đơn của tôi tới đâu rồi?")
    assert "chưa đúng" in await citizen.say("09123456")
    assert (citizen.statuses, citizen.request.phone) == (["asked_back"], None)
    await citizen.say(PHONE)
    assert citizen.statuses == ["handed_over"]


async def test_number_can_be_left_later(citizen: Citizen) -> None:
    await citizen.ask()
    await citizen.press("Để số điện thoại")
    await citizen.say(PHONE)
    assert citizen.request.phone is not None
    assert "Để số điện thoại" not in citizen.buttons


async def test_number_is_masked_where_it_was_not_asked_for(citizen: Citizen) -> None:
    await citizen.human()
    text = await citizen.say(f"Gọi tôi {PHONE}, đơn của tôi tới đâu rồi?")
    assert "em đã che đi" in text
    assert citizen.request.question == "Gọi tôi [số điện thoại], đơn của tôi tới đâu rồi?"
    assert citizen.request.phone is None


async def test_request_stands_even_if_nothing_follows(citizen: Citizen) -> None:
    await citizen.human()
    await citizen.say("Đơn của tôi tới đâu rồi?")
    assert citizen.request.state == "waiting"


async def test_bot_answers_other_things_meanwhile(citizen: Citizen) -> None:
    await citizen.human()
    await citizen.say("Đơn của tôi tới đâu rồi?")
    text = await citizen.say("Hộ nghèo được hỗ trợ gì?")
    assert text.startswith("Câu 1: Hộ nghèo được hỗ trợ gì?")
    assert citizen.request.code in text
    assert citizen.api.rows(TurnLog)[-1].status == "answered"
    assert await citizen.say("Còn nước sạch?") == "Câu 2: Còn nước sạch?"


class TestStopping:
    @pytest.mark.parametrize("words", [None, "thôi", "Thôi không hỏi nữa", "hủy đi em"])
    async def test_before_the_question(self, citizen: Citizen, words: str | None) -> None:
        await citizen.human()
        text = await (citizen.say(words) if words else citizen.press(STOP))
        assert "không chuyển câu hỏi nào" in text
        assert citizen.api.rows(HandoverRow) == []
        assert (await citizen.say("hỏi tiếp")).endswith(": hỏi tiếp")

    async def test_as_rasa_understands_it(self, citizen: Citizen, rasa: FakeRasa) -> None:
        await citizen.human()
        understood(rasa, "stop")
        assert "không chuyển câu hỏi nào" in await citizen.say("đừng làm nữa")

    @pytest.mark.parametrize("words", [None, "hủy"])
    async def test_after_the_question_takes_it_back(self, citizen: Citizen, words: str | None) -> None:
        await citizen.human()
        await citizen.say("Đơn của tôi tới đâu rồi?")
        text = await (citizen.say(words) if words else citizen.press("Thôi, rút câu hỏi"))
        assert "đã rút" in text
        assert citizen.request.state == "closed"

    async def test_with_another_button_says_so(self, citizen: Citizen) -> None:
        await citizen.say("hỏi")
        button = citizen.last[0]["buttons"][0]["payload"]
        await citizen.human()
        _, body = await citizen.api.press(button)
        assert "tạm dừng" in body["messages"][0]["text"]
        assert await citizen.say("hỏi tiếp") == "Câu 3: hỏi tiếp"

    async def test_old_button_gets_a_word(self, citizen: Citizen) -> None:
        await citizen.human()
        old = citizen.last[0]["buttons"][0]["payload"]
        await citizen.press(STOP)
        _, body = await citizen.api.press(old)
        assert "không còn dùng được" in body["messages"][0]["text"]


class TestLastQuestion:
    async def test_is_offered_and_sent(self, citizen: Citizen) -> None:
        await citizen.say("Đơn của tôi tới đâu rồi?")
        assert '"Đơn của tôi tới đâu rồi?"' in await citizen.human()
        await citizen.press("Gửi câu vừa hỏi")
        assert citizen.request.question == "Đơn của tôi tới đâu rồi?"

    async def test_is_not_the_wish_itself(self, citizen: Citizen, rasa: FakeRasa) -> None:
        await citizen.say("Đơn của tôi tới đâu rồi?")
        understood(rasa, "human")
        assert "tới đâu rồi" in await citizen.say("cho tôi gặp cán bộ")

    @pytest.mark.parametrize("typed", ["🙂", PHONE, "AS-AAAAAA"])
    async def test_is_neither_a_sign_nor_a_number_nor_a_code_nor_what_was_sent_already(
        self, citizen: Citizen, typed: str
    ) -> None:
        await citizen.human()
        await citizen.say("Đơn của tôi tới đâu rồi?")
        await citizen.say(typed)
        await citizen.human()
        await citizen.press("Hỏi cán bộ câu khác")
        assert citizen.buttons == [STOP]

    async def test_is_not_offered_where_there_is_none(self, citizen: Citizen) -> None:
        await citizen.human()
        assert citizen.buttons == [STOP]


class TestRasa:
    async def test_wish_in_words_begins(self, citizen: Citizen, rasa: FakeRasa) -> None:
        understood(rasa, "human")
        assert "cần hỏi cán bộ điều gì" in await citizen.say("cho tôi gặp cán bộ")
        assert citizen.api.rows(TurnLog)[0].intent == "human"

    async def test_emergency_comes_first(self, citizen: Citizen, rasa: FakeRasa) -> None:
        await citizen.human()
        understood(rasa, "emergency", "Mình gọi ngay 114.")
        assert await citizen.say("cháy nhà rồi") == "Mình gọi ngay 114."
        assert citizen.api.rows(HandoverRow) == []
        rasa.behaviour = None
        await citizen.say("Đơn của tôi tới đâu rồi?")
        assert citizen.request.question == "Đơn của tôi tới đâu rồi?"

    async def test_question_is_taken_while_she_is_down(self, citizen: Citizen, rasa: FakeRasa) -> None:
        await rasa.server.close()
        await citizen.say("Hộ nghèo được gì?")
        await citizen.press("Gặp cán bộ")
        await citizen.press("Gửi câu vừa hỏi")
        await citizen.say(PHONE)
        assert citizen.statuses == ["handed_over"]
        await citizen.human()
        await citizen.press("Hỏi cán bộ câu khác")
        await citizen.say("Còn giấy tờ thì sao?")
        assert [row.question for row in citizen.api.rows(HandoverRow)] == ["Hộ nghèo được gì?", "Còn giấy tờ thì sao?"]


class TestCheckUnderWay:
    CASE = {"goal": "bhyt_can_ngheo", "pending": ["mother", "age"]}  # noqa: RUF012 - only read

    async def test_is_kept_and_its_question_put_again(self, citizen: Citizen, rasa: FakeRasa) -> None:
        asks = {"fact": "age", "member": "mother", "type": "number", "choices": [], "multiple": False}
        button = {"title": "Không biết", "act": {"act": "dont_know", "fact": "age", "member": "mother"}}

        async def asked(_body: dict[str, Any]) -> web.Response:
            said = answer("Mẹ bao nhiêu tuổi ạ?", buttons=[button], status="asked_back", asks=asks)
            return web.json_response(turn(said, case=self.CASE))

        rasa.behaviour = asked
        await citizen.say("Mẹ tôi được bảo hiểm không?")
        await citizen.human()
        understood(rasa, "ask_other", case={"goal": None})
        await citizen.say("Đơn của tôi tới đâu rồi?")
        text = await citizen.press("Không để số")
        assert citizen.api.rows(CaseRow)[0].data == self.CASE
        assert citizen.statuses == ["handed_over", "asked_back"]
        assert "hỏi dở nhé. Mẹ bao nhiêu tuổi ạ?" in text
        rasa.behaviour = None
        await citizen.press("Không biết")
        assert rasa.seen[-1]["metadata"]["button"] == button["act"]


class TestAskingAfterIt:
    @pytest.mark.parametrize(
        "words",
        ["cán bộ trả lời chưa?", "can bo tra loi chua", "Khi nào thì cán bộ trả lời tôi?", "ai gọi lại tôi chưa"],
    )
    async def test_in_words(self, citizen: Citizen, words: str) -> None:
        code = await citizen.ask()
        assert f"mã {code} đang chờ" in await citizen.say(words)

    async def test_in_words_without_a_request_goes_to_rasa(self, citizen: Citizen) -> None:
        assert await citizen.say("cán bộ trả lời chưa?") == "Câu 1: cán bộ trả lời chưa?"

    async def test_by_button_and_by_code(self, citizen: Citizen) -> None:
        code = await citizen.ask()
        assert code in await citizen.press("Cán bộ trả lời chưa?")
        assert f"mã {code} đang chờ" in await citizen.say(f"mã của tôi là {code.lower().replace('-', ' ')}")

    async def test_elsewhere_a_code_tells_how_far_only(self, citizen: Citizen, open_api: OpenApi) -> None:
        code = await citizen.ask("Chuyện riêng của tôi")
        other = Citizen(await open_api())
        await other.api.open()
        text = await other.say(code)
        assert f"mã {code} đang chờ" in text
        assert "Chuyện riêng" not in text
        assert other.buttons == []

    async def test_of_an_unknown_code(self, citizen: Citizen) -> None:
        assert "không tìm thấy mã AS-AAAAAA" in await citizen.say("AS-AAAAAA")

    async def test_wish_again_tells_and_offers_another(self, citizen: Citizen) -> None:
        code = await citizen.ask()
        assert code in await citizen.human()
        assert "Hỏi cán bộ câu khác" in citizen.buttons

    async def test_three_at_most_are_open(self, citizen: Citizen) -> None:
        await citizen.ask()
        for _ in range(2):
            await citizen.human()
            await citizen.press("Hỏi cán bộ câu khác")
            await citizen.say("Câu nữa, giấy tờ thì sao?")
            await citizen.press("Không để số")
        await citizen.human()
        assert "Hỏi cán bộ câu khác" not in citizen.buttons
        assert citizen.text.count("đang chờ") == 3


class TestExpectedTime:
    async def test_within_hours(self, citizen: Citizen) -> None:
        at(citizen.api, 25, 8)
        with_time(citizen.api, 25, 8)
        await citizen.ask()
        assert "trước 8 giờ 00 ngày 26/11/2026" in citizen.text
        assert "ngoài giờ" not in citizen.text

    async def test_out_of_hours_names_when_work_begins(self, citizen: Citizen) -> None:
        at(citizen.api, 28, 20)
        with_time(citizen.api, 28, 20)
        await citizen.ask()
        assert "ngoài giờ làm việc, cán bộ làm việc lại từ 7 giờ 30 ngày 30/11/2026" in citizen.text
        assert "trước 17 giờ 00 ngày 30/11/2026" in citizen.text

    async def test_out_of_hours_in_words_of_the_office(self, open_api: OpenApi) -> None:
        api = await open_api(
            handover_hours="T2-T6 08:00-09:00", handover_out_of_hours="Xã trực lại {opens}.", handover_answer_minutes=30
        )
        await api.open()
        at(api, 28, 20)
        with_time(api, 28, 20)
        citizen = Citizen(api)
        await citizen.ask()
        assert "Xã trực lại 8 giờ 00 ngày 30/11/2026. Mình có thể nhận được trả lời trước 8 giờ 30" in citizen.text

    async def test_past_it_an_apology(self, citizen: Citizen) -> None:
        with_time(citizen.api, 23, 8)
        code = await citizen.ask()
        at(citizen.api, 25, 8)
        assert "xin lỗi" in await citizen.say(code)


def with_time(api: Api, day: int, hour: int) -> None:
    """Let turns be stored at that time; sessions live long enough."""
    moment = dt.datetime(2026, 11, day, hour, tzinfo=VIETNAM)
    api.gateway.conversation._clock = Clock(dt.date(2026, 11, 25), now=lambda: moment)


class TestOnce:
    async def test_the_same_message_again(self, citizen: Citizen) -> None:
        await citizen.human()
        first = await citizen.api.say("Đơn của tôi tới đâu rồi?", "m-1")
        assert await citizen.api.say("Đơn của tôi tới đâu rồi?", "m-1") == first
        receipt = await citizen.api.say(PHONE, "m-2")
        assert await citizen.api.say(PHONE, "m-2") == receipt
        assert citizen.request.phone is not None

    async def test_message_of_a_killed_process_runs_again(self, citizen: Citizen) -> None:
        await citizen.human()
        await citizen.api.say("Đơn của tôi tới đâu rồi?", "m-1")
        with Session(citizen.api.engine) as db, db.begin():
            row = db.query(MessageRow).filter_by(id="m-1").one()
            db.query(MessageRow).filter_by(turn_id=row.turn_id, role="bot").delete()
            row.state = "received"
            db.query(HandoverRow).delete()
            db.query(CaseRow).update({"handover": {"wants": "question", "last": "", "code": ""}})
        await citizen.api.say("Đơn của tôi tới đâu rồi?", "m-1")
        assert citizen.request.question == "Đơn của tôi tới đâu rồi?"

    async def test_code_that_is_taken_is_not_given_again(self, citizen: Citizen) -> None:
        code = await citizen.ask()
        drawn = iter([code, code, "AS-RRRRRR"])
        citizen.api.gateway.conversation._desk._draw_code = lambda: next(drawn)
        await citizen.human()
        await citizen.press("Hỏi cán bộ câu khác")
        await citizen.say("Câu nữa, giấy tờ thì sao?")
        assert [row.code for row in citizen.api.rows(HandoverRow)] == [code, "AS-RRRRRR"]


async def test_conversation_waits_for_its_answer(citizen: Citizen) -> None:
    before = citizen.api.rows(SessionRow)[0].expires_at
    await citizen.ask()
    after = citizen.api.rows(SessionRow)[0].expires_at
    assert after - before > dt.timedelta(days=12)


async def test_erasure_takes_all_of_it(citizen: Citizen) -> None:
    await citizen.human()
    await citizen.say("Đơn của tôi tới đâu rồi?")
    await citizen.say(PHONE)
    await citizen.api.call("DELETE", "/api/web/session")
    assert citizen.api.rows(HandoverRow) == []
    assert citizen.api.rows(CaseRow)[0].handover is None
    assert "Đơn của tôi" not in repr([vars(row) for t in (MessageRow, TurnLog) for row in citizen.api.rows(t)])


async def test_office_is_named_where_it_is_known(open_api: OpenApi) -> None:
    api = await open_api(office_name="Phòng Văn hóa - Xã hội xã Ba Tơ", office_phone="0255 000 000")
    await api.open()
    assert "Phòng Văn hóa - Xã hội xã Ba Tơ, điện thoại 0255 000 000." in await Citizen(api).human()
