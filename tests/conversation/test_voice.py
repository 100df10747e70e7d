"""The gateway's own sentences."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from bot.channels.web import bodies
from bot.conversation.voice import Office, load_voice, spoken_time
from bot.text.mask import PLACEHOLDERS

VOICE = load_voice()
TODAY = dt.date(2026, 11, 25)
VALUES = {
    "length": 1, "limit": 2, "time": "8 giờ", "contact": ".", "last": "…", "code": "AS-KT4M7X", "expected": ".",
    "state": ".", "states": ".",
}  # fmt: skip


@pytest.mark.parametrize("name", VOICE.replies)
def test_reply_is_complete(name: str) -> None:
    draft = VOICE.reply(name, TODAY, **VALUES)
    assert not re.search(r"[{}]", draft.text)
    assert "\n\n\n" not in draft.text
    assert draft.answer["status"] == VOICE.replies[name].status
    assert draft.answer["as_of"] == "2026-11-25"


def test_every_name_used_in_the_code_is_there_and_every_reply_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in Path("bot/conversation").rglob("*.py"))
    code += "".join(path.read_text("utf-8") for path in Path("bot/channels").rglob("*.py"))
    for name in [*VOICE.replies, *VOICE.errors]:
        assert f'"{name}"' in code, name
    for code_ in re.findall(r'ApiError\(\s*\d+, "(\w+)"', code):
        assert code_ in VOICE.errors


def test_every_kind_of_number_has_a_name() -> None:
    assert set(PLACEHOLDERS) <= set(VOICE.kinds)


def test_every_field_says_what_it_needs() -> None:
    models = (
        bodies.SessionBody,
        bodies.MessageBody,
        bodies.FeedbackBody,
        bodies.HandoverBody,
        bodies.ReplyBody,
        bodies.HistoryQuery,
        bodies.RequestsQuery,
        bodies.ConversationQuery,
        bodies.ChangesQuery,
    )
    assert {field for model in models for field in model.model_fields} == set(VOICE.fields)


def test_warning_names_each_kind_once() -> None:
    warning = VOICE.personal_data_warning(["phone", "phone", "email", "something new"])
    assert "số điện thoại, địa chỉ thư điện tử, thông tin cá nhân" in warning


@pytest.mark.parametrize(
    ("office", "sentence"),
    [
        (Office(), "Cần gấp, mình liên hệ Ủy ban nhân dân xã, phường nơi ở."),
        (Office(name="Phòng A"), "Cần gấp, mình liên hệ Phòng A."),
        (Office(phone="1022"), "Cần gấp, mình gọi 1022."),
        (
            Office(name="Phòng A", phone="1022", hours="7 giờ đến 17 giờ"),
            "Cần gấp, mình liên hệ Phòng A, điện thoại 1022 (7 giờ đến 17 giờ).",
        ),
    ],
)
def test_contact_names_what_is_known(office: Office, sentence: str) -> None:
    assert VOICE.contact(office) == sentence


def test_time_is_said_in_vietnam() -> None:
    assert spoken_time(dt.datetime(2026, 11, 25, 1, 5, tzinfo=dt.timezone.utc)) == "8 giờ 05 ngày 25/11/2026"
