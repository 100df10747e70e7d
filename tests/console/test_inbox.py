"""Requests in the console: who sees, claims, answers and hands on what. On both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.base import CHANNELS, Channel
from bot.console.roles import Role
from bot.conversation import erase
from bot.conversation.handover.codes import new_code
from bot.conversation.mail import outbox
from bot.conversation.mail.models import OutboxRow
from bot.conversation.messages import Message
from bot.conversation.models import (
    CaseRow,
    HandoverAudit,
    HandoverDraft,
    HandoverNote,
    HandoverRow,
    MessageRow,
    SessionRow,
)
from bot.knowledge.loader import load
from tests.console.conftest import START, Browser, Site
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of

PHONE = "0912345678"
CASE = {"facts": [[None, "household_class", "poor"], [None, "forgotten", True]]}


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


def ask(site: Site, question: str = "Đơn vay của tôi tới đâu rồi?", *, channel: str = "web", **given: Any) -> str:
    """A citizen's request as the gateway stores it; returns its code."""
    code = given.pop("code", None) or new_code()
    at = given.pop("requested_at", START - dt.timedelta(minutes=30))
    box = site.console_parts.box
    with Session(site.engine) as db, db.begin():
        session = SessionRow(
            id=code, channel=channel, sender=f"s{code}", created_at=at, expires_at=START + dt.timedelta(days=900)
        )
        db.add(session)
        db.flush()
        db.add(CaseRow(session_id=code, data=CASE, version=1))
        for number, (role, text) in enumerate((("citizen", "Nhà tôi hộ nghèo"), ("bot", "Dạ, hộ nghèo được vay."))):
            db.add(MessageRow(
                session_id=code, id=f"m{number}", turn_id=None, role=role, text=text, sent_at=at, buttons=[]
            ))  # fmt: skip
        row = {"state": "waiting", "phone": box.seal(PHONE), **given}
        db.add(HandoverRow(session_id=code, code=code, question=question, requested_at=at, **row))
    return code


def request_of(site: Site, code: str) -> HandoverRow:
    with Session(site.engine) as db:
        return db.scalars(select(HandoverRow).where(HandoverRow.code == code)).one()


def acts(site: Site, code: str) -> list[tuple[str, str]]:
    with Session(site.engine) as db:
        rows = db.scalars(select(HandoverAudit).where(HandoverAudit.code == code).order_by(HandoverAudit.id))
        return [(row.officer, row.action) for row in rows]


def said(site: Site, role: str = "officer") -> list[str]:
    with Session(site.engine) as db:
        return list(db.scalars(select(MessageRow.text).where(MessageRow.role == role)))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found, name
    return html.unescape(found[1])


async def signed_in(site: Site, login: str, *roles: Role) -> Browser:
    site.person(login, *(roles or (Role.EDITOR,)))
    browser = site.browser()
    await browser.sign_in(login)
    return browser


async def reply(browser: Browser, code: str, text: str) -> Any:
    page = await browser.get(f"/inbox/{code}")
    return await browser.post(f"/inbox/{code}/reply", id=field(page.text, "id"), text=text)


class TestList:
    async def test_tells_what_waits_and_how_long(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        ask(site, "Bao giờ có tiền?", code="AS-AAAAAA")
        ask(site, "Đã quá lâu rồi", code="AS-CCCCCC", requested_at=START - dt.timedelta(days=5))
        page = (await browser.get("/inbox")).text
        assert "2 mục" in page
        assert page.index("AS-CCCCCC") < page.index("AS-AAAAAA")  # Who waits longest is on top.
        assert "Đang chờ, quá hạn" in page
        assert "30 phút" in page
        # Asked at 13:30 on a Monday, with a day's work to answer.
        assert "01/12/2026 11:30" in page
        assert PHONE not in page

    async def test_narrows_to_what_is_meant(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        ask(site, code="AS-AAAAAA")
        ask(site, code="AS-CCCCCC", state="claimed", claimed_by="lan", claimed_at=START)
        ask(site, code="AS-DDDDDD", state="claimed", claimed_by="minh", channel="zalo_oa",
            requested_at=START - dt.timedelta(days=9))  # fmt: skip
        ask(site, code="AS-EEEEEE", state="closed", claimed_by="lan", closed_at=START)
        expected = {
            "state=waiting": "A", "state=mine": "C", "state=claimed": "CD", "state=late": "D", "state=closed": "E",
            "state=open": "ACD", "state=": "ACDE", "state=&channel=zalo_oa": "D", "state=&q=as-eeee": "E",
        }  # fmt: skip
        for query, letters in expected.items():
            page = (await browser.get(f"/inbox?{query}")).text
            assert {letter for letter in "ACDE" if f'href="/console/inbox/AS-{letter * 6}"' in page} == set(letters), (
                query
            )
        assert all(
            count in page for count in ("Đang chờ (1)", "Của tôi (1)", "Quá hạn, chưa trả lời (1)", "Chưa xong (3)")
        )

    async def test_is_searched_without_accents_and_exported(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        ask(site, "Đơn vay " + "dài " * 60 + "hết", code="AS-AAAAAA")
        ask(site, "Việc khác", code="AS-CCCCCC")
        page = (await browser.get("/inbox?q=don+vay")).text
        assert ("AS-AAAAAA" in page, "AS-CCCCCC" in page) == (True, False)
        table = (await browser.get("/inbox?q=don+vay&export=csv")).text
        assert "dài hết" in table
        assert site.acts()[-1] == ("lan", "export", "danh-sach")

    async def test_counts_what_waits_in_the_menu(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        for _ in range(3):
            ask(site)
        assert '3 câu hỏi đang chờ">3</span>' in (await browser.get("/")).text

    async def test_says_by_itself_that_somebody_has_asked(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        ask(site)
        page = (await browser.get("/inbox?state=open")).text
        address = html.unescape(re.search(r'hx-get="/console(/inbox/news[^"]+)"', page)[1])  # type: ignore[index]
        assert (await browser.get(address)).status == 204
        ask(site)
        news = await browser.get(address)
        assert "Vừa có thêm 1 câu hỏi" in news.text
        again = html.unescape(re.search(r'hx-get="/console(/inbox/news[^"]+)"', news.text)[1])  # type: ignore[index]
        assert (await browser.get(again)).status == 204  # Said once.

    async def test_looking_by_itself_does_not_keep_an_officer_signed_in(self, site: Site) -> None:
        browser = await signed_in(site, "lan")
        for _ in range(4):
            site.time.pass_by(minutes=10)
            page = str(browser.client.make_url("/console/inbox?state=mine"))
            given = {"X-Polling": "1", "HX-Request": "true", "Referer": page}
            last = await browser.get("/inbox/news?since=0&seen=0", **given)
        # Signed in anew, the officer is back on the page, not on the part of it that asked.
        assert last.headers["HX-Redirect"] == "/console/login?next=/console/inbox%3Fstate%3Dmine"


class TestClaim:
    async def test_of_two_at_once_one_gets_it(self, site: Site) -> None:
        browsers = [await signed_in(site, name) for name in ("lan", "minh")]
        code = ask(site)
        for browser in browsers:
            await browser.get(f"/inbox/{code}")
        await asyncio.gather(*(browser.post(f"/inbox/{code}/claim") for browser in browsers))
        pages = [(await browser.get(f"/inbox/{code}")).text for browser in browsers]
        holder = request_of(site, code).claimed_by
        assert holder in {"lan", "minh"}
        won = pages[0 if holder == "lan" else 1]
        lost = pages[1 if holder == "lan" else 0]
        assert ("Từ giờ chỉ anh/chị trả lời" in won, "Gửi trả lời" in won) == (True, True)
        assert ("hiện do người khác nhận" in lost, "Gửi trả lời" in lost) == (True, False)
        assert [act for act in acts(site, code) if act[1] == "claim"] == [(holder, "claim")]

    async def test_opens_conversation_and_facts_and_each_look_is_written_down(self, site: Site, tmp_path: Path) -> None:
        load(site.engine, write(tmp_path / "data", seeds()))
        browser = await signed_in(site, "lan")
        code = ask(site)
        page = (await browser.get(f"/inbox/{code}")).text
        assert "Đơn vay của tôi tới đâu rồi?" in page
        assert "Nhà tôi hộ nghèo" not in page
        assert acts(site, code) == []
        await browser.post(f"/inbox/{code}/claim")
        page = (await browser.get(f"/inbox/{code}")).text
        assert "Nhà tôi hộ nghèo" in page
        assert "loại hộ: hộ nghèo" in page
        assert PHONE not in page
        assert acts(site, code) == [("lan", "claim"), ("lan", "read")]

    async def test_a_reviewer_may_look_without_it_and_that_is_written_down(self, site: Site) -> None:
        reviewer, editor = await signed_in(site, "duyen", Role.REVIEWER), await signed_in(site, "minh")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        assert "Nhà tôi hộ nghèo" not in (await reviewer.get(f"/inbox/{code}")).text
        assert "Nhà tôi hộ nghèo" in (await reviewer.get(f"/inbox/{code}?look=1")).text
        assert "Nhà tôi hộ nghèo" not in (await editor.get(f"/inbox/{code}?look=1")).text
        assert "Nhà tôi hộ nghèo" not in (await editor.get(f"/inbox/{code}/talk?look=1")).text
        assert acts(site, code) == [("duyen", "read")]


class TestHandingOn:
    async def test_its_holder_lets_it_wait_again_or_gives_it_to_a_colleague(self, site: Site) -> None:
        lan, minh = await signed_in(site, "lan"), await signed_in(site, "minh")
        code = ask(site)
        await lan.get(f"/inbox/{code}")
        await lan.post(f"/inbox/{code}/claim")
        await lan.post(f"/inbox/{code}/pass-on", to="minh")
        assert request_of(site, code).claimed_by == "minh"
        assert "Đã chuyển cho Cán bộ minh." in (await lan.get(f"/inbox/{code}")).text
        await lan.post(f"/inbox/{code}/release")
        assert request_of(site, code).claimed_by == "minh"
        await minh.get(f"/inbox/{code}")
        await minh.post(f"/inbox/{code}/release")
        row = request_of(site, code)
        assert (row.state, row.claimed_by, row.claimed_at) == ("waiting", None, None)
        assert [act for act in acts(site, code) if act[1] != "read"] == [
            ("lan", "claim"), ("lan", "pass_on"), ("minh", "release"),
        ]  # fmt: skip

    async def test_an_administrator_takes_it_from_who_holds_it(self, site: Site) -> None:
        chief = await signed_in(site, "chu", Role.ADMINISTRATOR)
        site.person("minh", Role.EDITOR)
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        page = (await chief.get(f"/inbox/{code}")).text
        assert ("Trả lại hàng chờ" in page, "Đóng yêu cầu" in page) == (True, False)
        await chief.post(f"/inbox/{code}/pass-on", to="minh")
        assert request_of(site, code).claimed_by == "minh"
        await chief.post(f"/inbox/{code}/release")
        assert request_of(site, code).state == "waiting"
        await chief.post(f"/inbox/{code}/release")
        assert "Hãy bấm Nhận trước" in (await chief.get(f"/inbox/{code}")).text

    @pytest.mark.parametrize("to", ["", "khong.co", "nghi", "duyet", "lan"])
    async def test_only_to_somebody_who_can_answer(self, site: Site, to: str) -> None:
        lan = await signed_in(site, "lan")
        site.person("duyet", Role.APPROVER)
        site.person("nghi", Role.EDITOR)
        with Session(site.engine) as db, db.begin():
            db.get_one(type(site.row("nghi")), "nghi").active = False
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        await lan.get(f"/inbox/{code}")
        await lan.post(f"/inbox/{code}/pass-on", to=to)
        assert request_of(site, code).claimed_by == "lan"
        assert "Hãy chọn một người" in (await lan.get(f"/inbox/{code}")).text


class FakeChannel:
    """Keeps what it is to deliver."""

    name = "fake"

    def __init__(self) -> None:
        self.delivered: list[str] = []

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        self.delivered += [message.text for message in messages]


class TestReply:
    async def test_goes_to_the_channel_of_the_conversation_once(self, site: Site) -> None:
        fake: Channel = FakeChannel()  # type: ignore[assignment]
        site.app[CHANNELS]["fake"] = fake
        lan = await signed_in(site, "lan")
        code = ask(site, channel="fake", state="claimed", claimed_by="lan", claimed_at=START)
        page = await lan.get(f"/inbox/{code}")
        given = {"id": field(page.text, "id"), "text": "Chào bác,\r\nđơn đã duyệt."}
        answers = [await lan.post(f"/inbox/{code}/reply", **given) for _ in range(2)]
        assert [answer.leads_to for answer in answers] == [f"/console/inbox/{code}"] * 2
        assert said(site) == ["Chào bác,\nđơn đã duyệt."]
        assert set(fake.delivered) == {"Chào bác,\nđơn đã duyệt."}  # type: ignore[attr-defined]
        page = await lan.get(f"/inbox/{code}")
        assert "Đã trả lời" in page.text
        assert "Đã gửi câu trả lời." in page.text

    @pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
    async def test_of_no_or_too_many_words_says_so(self, site: Site, text: str) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        answer = await reply(lan, code, text)
        assert (answer.status, "cần từ 1 đến 2000 ký tự" in answer.text) == (422, True)
        assert said(site) == []

    @pytest.mark.parametrize("meanwhile", ["pass_on", "release", "close", "end", "erase"])
    async def test_what_was_typed_is_kept_whatever_others_do(self, site: Site, meanwhile: str) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        page = await lan.get(f"/inbox/{code}")
        with Session(site.engine) as db, db.begin():
            row = db.scalars(select(HandoverRow).where(HandoverRow.code == code)).one()
            session = db.get_one(SessionRow, code)
            match meanwhile:
                case "pass_on":
                    row.claimed_by = "minh"
                case "release":
                    row.state, row.claimed_by = "waiting", None
                case "close":
                    row.state = "closed"
                case "end":
                    session.expires_at = START - dt.timedelta(days=900)
                case "erase":
                    db.add(HandoverAudit(at=START, code=code, officer="lan", action="claim"))
                    erase.erase_sender(db, session, START, keep_turn=None)
        answer = await lan.post(f"/inbox/{code}/reply", id=field(page.text, "id"), text="Một câu trả lời rất dài.")
        assert answer.status == (410 if meanwhile == "erase" else 409)
        assert "Một câu trả lời rất dài." in answer.text
        reasons = {
            "pass_on": "người khác nhận", "release": "trả lại hàng chờ", "close": "Yêu cầu đã đóng",
            "end": "đã kết thúc", "erase": "đã xoá dữ liệu",
        }  # fmt: skip
        assert reasons[meanwhile] in answer.text
        assert said(site) == []

    async def test_typing_is_kept_until_it_is_sent(self, site: Site) -> None:
        lan, minh = await signed_in(site, "lan"), await signed_in(site, "minh", Role.REVIEWER)
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        await lan.get(f"/inbox/{code}")
        for text in ("Chào", "Chào bác <b>"):
            assert (await lan.post(f"/inbox/{code}/draft", text=text)).status == 204
        assert "Chào bác &lt;b&gt;</textarea>" in (await lan.get(f"/inbox/{code}")).text
        assert "Chào bác" not in (await minh.get(f"/inbox/{code}?look=1")).text
        await reply(lan, code, "Chào bác.")
        with Session(site.engine) as db:
            assert db.scalars(select(HandoverDraft)).all() == []
        assert (await lan.post("/inbox/AS-XXXXXX/draft", text="x")).status == 204

    async def test_two_windows_keep_what_is_typed_at_one_time(self, site: Site) -> None:
        lan = await signed_in(site, "lan")
        for _ in range(5):
            code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
            await lan.get(f"/inbox/{code}")
            kept = await asyncio.gather(*(lan.post(f"/inbox/{code}/draft", text="Chào bác") for _ in range(6)))
            assert {answer.status for answer in kept} == {204}
            with Session(site.engine) as db:
                of_code = select(HandoverDraft.text).join(HandoverRow).where(HandoverRow.code == code)
                assert db.scalars(of_code).all() == ["Chào bác"]

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (None, "Chưa vào được hàng gửi"),
            ({"state": "sent"}, "Đã gửi tới người dân"),
            ({"state": "sending", "attempts": 1}, "Đang gửi"),
            ({"state": "waiting"}, "Đang gửi"),
            ({"state": "waiting", "due_at": START + dt.timedelta(days=1)}, "Zalo không cho gửi"),
            ({"state": "unclear", "attempts": 1}, "Chưa rõ đã tới chưa"),
            ({"state": "dropped", "reason": "-230"}, "Không gửi được tới người dân"),
        ],
    )
    async def test_what_became_of_it_is_said_plainly(self, site: Site, state: Any, words: str) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, channel="zalo_oa", state="claimed", claimed_by="lan", claimed_at=START)
        with Session(site.engine) as db, db.begin():
            db.add(MessageRow(session_id=code, id="r-1", role="officer", text="Chào bác", sent_at=START, buttons=[]))
            if state is not None:
                name = outbox.name_of(code, "r-1")
                given = {"attempts": 0, "due_at": START, "created_at": START, **state}
                for part, each in enumerate(
                    ({"state": "sent"} | {"attempts": 1, "due_at": START, "created_at": START}, given)
                ):
                    db.add(OutboxRow(channel="zalo_oa", sender="s", message_id=name, part=part, **each))
        assert words in (await lan.get(f"/inbox/{code}")).text


class TestLive:
    async def test_the_open_page_hears_of_what_changes_and_only_then(self, site: Site) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        address = html.unescape(
            re.search(r'hx-get="/console([^"]+/talk[^"]+)"', (await lan.get(f"/inbox/{code}")).text)[1]
        )  # type: ignore[index]
        assert (await lan.get(address)).status == 204
        with Session(site.engine) as db, db.begin():
            db.add(
                MessageRow(session_id=code, id="m9", role="citizen", text="Tôi chờ lâu rồi", sent_at=START, buttons=[])
            )
        assert "Tôi chờ lâu rồi" in (await lan.get(address)).text
        with Session(site.engine) as db, db.begin():
            db.scalars(select(HandoverRow)).one().claimed_by = "minh"
        news = (await lan.get(address)).text
        assert ("minh nhận" in news, "Tôi chờ lâu rồi" in news) == (True, False)
        with Session(site.engine) as db, db.begin():
            erase.erase_sender(db, db.get_one(SessionRow, code), START, keep_turn=None)
        assert "đã xoá dữ liệu" in (await lan.get(address, **{"HX-Request": "true"})).text
        # Only opening the page counts as a look.
        assert acts(site, code) == [("lan", "read")]


class TestPhone:
    async def test_is_shown_to_its_holder_and_each_look_is_written_down(self, site: Site) -> None:
        lan, minh = await signed_in(site, "lan"), await signed_in(site, "minh", Role.ADMINISTRATOR)
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        for browser in (lan, minh):
            await browser.get(f"/inbox/{code}")
        shown = await lan.post(f"/inbox/{code}/phone")
        assert PHONE in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
        assert PHONE not in (await lan.get(f"/inbox/{code}")).text
        assert (await minh.post(f"/inbox/{code}/phone")).status == 303
        assert [act for act in acts(site, code) if act[1] == "phone"] == [("lan", "phone")]

    async def test_goes_when_the_request_is_closed(self, site: Site) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START)
        await lan.get(f"/inbox/{code}")
        await lan.post(f"/inbox/{code}/close")
        assert request_of(site, code).phone is None
        await lan.post(f"/inbox/{code}/phone")
        assert "Yêu cầu đã đóng." in (await lan.get(f"/inbox/{code}")).text

    async def test_that_cannot_be_opened_says_so(self, site: Site) -> None:
        lan = await signed_in(site, "lan")
        code = ask(site, state="claimed", claimed_by="lan", claimed_at=START, phone="sealed elsewhere")
        await lan.get(f"/inbox/{code}")
        await lan.post(f"/inbox/{code}/phone")
        assert "khoá khác" in (await lan.get(f"/inbox/{code}")).text


class TestNote:
    async def test_is_for_officers_masked_and_goes_with_the_request(self, site: Site) -> None:
        lan, minh = await signed_in(site, "lan"), await signed_in(site, "minh")
        code = ask(site)
        await lan.get(f"/inbox/{code}")
        await lan.post(f"/inbox/{code}/note", note="Gọi 0912345678, <b>gấp</b>")
        page = (await minh.get(f"/inbox/{code}")).text
        assert "Gọi [số điện thoại], &lt;b&gt;gấp&lt;/b&gt;" in page
        assert "Cán bộ lan" in page
        assert said(site) == []
        assert (await lan.post(f"/inbox/{code}/note", note=" ")).status == 422
        with Session(site.engine) as db, db.begin():
            erase.erase_sender(db, db.get_one(SessionRow, code), START, keep_turn=None)
        with Session(site.engine) as db:
            assert db.scalars(select(HandoverNote)).all() == []
        gone = await minh.get(f"/inbox/{code}")
        assert (gone.status, "đã xoá dữ liệu" in gone.text, "Ghi chú" in gone.text) == (410, True, True)


async def test_a_code_may_be_written_carelessly_and_one_that_is_none_says_so(site: Site) -> None:
    lan = await signed_in(site, "lan")
    code = ask(site, code="AS-KT4M7X")
    assert code in (await lan.get("/inbox/as kt4m7x")).text
    missing = await lan.get("/inbox/AS-AAAAAA")
    assert (missing.status, "Hãy kiểm tra lại mã" in missing.text) == (404, True)


async def test_the_log_tells_who_did_what(site: Site) -> None:
    lan, chief = await signed_in(site, "lan"), await signed_in(site, "chu", Role.ADMINISTRATOR)
    codes = [ask(site) for _ in range(2)]
    await lan.get("/inbox")
    for code in codes:
        await lan.post(f"/inbox/{code}/claim")
    page = (await chief.get(f"/inbox/log?q={codes[0]}")).text
    assert ("1 mục" in page, codes[0] in page, codes[1] in page) == (True, True, False)
    assert "2 mục" in (await chief.get("/inbox/log?action=claim")).text
    assert (await lan.get("/inbox/log")).status == 403
