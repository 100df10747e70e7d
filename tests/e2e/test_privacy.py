"""What a citizen writes is in no log of the processes; what identifies them is nowhere."""

from __future__ import annotations

import json

from bot.text.fold import fold
from tests.e2e.running import AnSinh, Talk

MARK = "lục bình tím"
"""Words that only this test says; none of the assistant's own."""


def test_no_log_holds_what_was_said(an_sinh: AnSinh, talk: Talk) -> None:
    talk.say(f"hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu, {MARK}?")
    talk.say(f"{MARK} {MARK}")
    assert talk.post({"payload": MARK}).status == 400
    assert talk.post({"text": MARK, "id": f"{MARK}!"}).status == 400
    # The conversation log does hold it: so the processes did see it.
    assert an_sinh.rows("SELECT count(*) FROM turn_log WHERE question LIKE ?", f"%{MARK}%") == [(2,)]
    assert an_sinh.logged(MARK) == []


def test_personal_numbers_are_neither_stored_nor_logged(an_sinh: AnSinh, talk: Talk) -> None:
    numbers = ["051088007654", "212345987", "0905987123"]
    for text in (
        f"căn cước {numbers[0]}, hưu trí xã hội được bao nhiêu tiền?",
        f"CMND {numbers[1]} sđt {numbers[2]}",
        numbers[0],
    ):
        assert "Em đã che đi" in talk.say(text)[-1]["text"]
    assert an_sinh.rows("SELECT count(*) FROM turn_log WHERE masked_kinds LIKE '%national_id%'")[0][0] >= 3
    stored = an_sinh.stored()
    assert not [number for number in numbers if number.encode() in stored]
    assert an_sinh.logged(*numbers) == []


def test_erasing_takes_the_words_out_of_every_table_and_file(an_sinh: AnSinh, talk: Talk) -> None:
    mark = "hoa phượng đỏ"
    talk.say(f"{mark}, hộ nghèo được hỗ trợ tiền điện bao nhiêu?")
    # As they are typed, as JSON writes them, and as they are searched.
    forms = (mark, json.dumps(mark)[1:-1], fold(mark))
    assert {"message", "turn_log"} <= {name for name, held in an_sinh.tables().items() if mark in held}
    talk.say("xóa dữ liệu của tôi")
    talk.press("Xóa dữ liệu của tôi")
    assert mark not in str(talk.history())
    assert [name for name, held in an_sinh.tables().items() for form in forms if form in held] == []
    stored = an_sinh.stored()
    assert [form for form in forms if form.encode() in stored] == []
