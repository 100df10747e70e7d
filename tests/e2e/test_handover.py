"""A question to a person and back, with the real processes: what the citizen gets, and where the number is."""

from __future__ import annotations

import re
from typing import Any

from tests.e2e.running import OFFICERS_SECRET, AnSinh, Response, Talk, call

NUMBER = "0987001122"


def officer(an_sinh: AnSinh, path: str, body: dict[str, Any] | None = None) -> Response:
    return call(f"{an_sinh.address}/api/officers/requests{path}", OFFICERS_SECRET, body, officer="lan.pham")


def leave_question(talk: Talk) -> str:
    talk.say("cho tôi gặp cán bộ")
    talk.say("mẹ tôi nằm một chỗ thì làm giấy tờ thế nào?")
    receipt = talk.say(f"gọi tôi số {NUMBER[:4]} {NUMBER[4:7]} {NUMBER[7:]} nhé")[-1]
    found = re.search(r"AS-\w{6}", receipt["text"])
    assert found, receipt
    return found[0]


def test_answer_reaches_the_citizen(an_sinh: AnSinh, talk: Talk) -> None:
    code = leave_question(talk)
    assert code in [row["code"] for row in officer(an_sinh, "?limit=100").body["requests"]]
    assert officer(an_sinh, f"/{code}/claim", {}).status == 200
    assert officer(an_sinh, f"/{code}/phone").body == {"phone": NUMBER}
    sent = officer(an_sinh, f"/{code}/reply", {"id": "tra-loi-1", "text": "Chào chị, con cháu nộp thay được ạ."})
    assert sent.status == 200
    last = talk.history()[-1]
    assert (last["role"], last["text"]) == ("officer", "Chào chị, con cháu nộp thay được ạ.")
    assert "đã được cán bộ trả lời" in talk.say(code)[-1]["text"]
    assert officer(an_sinh, f"/{code}/close", {}).body["has_phone"] is False
    assert an_sinh.rows("SELECT phone FROM handover WHERE code = ?", code) == [(None,)]


def test_number_lies_open_nowhere(an_sinh: AnSinh, talk: Talk) -> None:
    code = leave_question(talk)
    officer(an_sinh, f"/{code}/claim", {})
    officer(an_sinh, f"/{code}/phone")
    pieces = (NUMBER, f"{NUMBER[:4]} {NUMBER[4:7]} {NUMBER[7:]}")
    stored = an_sinh.stored()
    assert code.encode() in stored
    assert not [piece for piece in pieces if piece.encode() in stored]
    assert an_sinh.logged(*pieces, "nằm một chỗ") == []


def test_question_outlives_a_killed_gateway(an_sinh: AnSinh, talk: Talk) -> None:
    talk.say("cho tôi gặp cán bộ")
    an_sinh.kill("gateway")
    an_sinh.wait_ready()
    talk.say("mẹ tôi nằm một chỗ thì làm giấy tờ thế nào?")
    assert talk.press("Không để số")[-1]["answer"]["status"] == "handed_over"
