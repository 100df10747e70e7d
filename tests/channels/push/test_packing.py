"""From messages to parcels and menus."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.channels.push.packing import Choice, Packed, Parcel, Shape, chosen, pack, with_line
from bot.conversation.messages import Message
from bot.conversation.voice import load_voice

OA, BOT = Shape(units=1900, buttons=5), Shape(units=1900, buttons=0)
VOICE = load_voice()


def message(text: str, *titles: str, id_: str = "m1", **answer: Any) -> Message:
    buttons = [{"title": title, "payload": f"#b:{title}"} for title in titles]
    return Message(id_, "bot", text, dt.datetime(2026, 11, 25, tzinfo=dt.UTC), buttons, answer or None)


def only(packed: Packed) -> Parcel:
    ((_, (parcel,)),) = packed.parcels
    return parcel


def test_up_to_five_buttons_are_buttons() -> None:
    packed = pack([message("Chọn:", *"abcde")], OA, VOICE)
    assert only(packed) == Parcel("Chọn:", tuple((t, f"#b:{t}") for t in "abcde"))
    assert packed.menu == []


def test_a_sixth_makes_a_numbered_list_of_all() -> None:
    packed = pack([message("Chọn:", *"abcdef")], OA, VOICE)
    assert len(only(packed).buttons) == 5
    assert only(packed).text.endswith("\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f")
    assert [choice.payload for choice in packed.menu] == [f"#b:{t}" for t in "abcdef"]


def test_what_the_text_lists_by_number_is_not_listed_twice() -> None:
    packed = pack([message("Điều nào ạ?\n1. a\n2. b", "a", "b", "Gặp cán bộ")], BOT, VOICE)
    lines = only(packed).text.split("\n")
    assert [lines.count(line) for line in ("1. a", "2. b", "3. Gặp cán bộ")] == [1, 1, 1]
    assert [choice.number for choice in packed.menu] == [1, 2, 3]
    listed = "Điều nào ạ?\n1. a\n2. b"
    assert only(pack([message(listed, "a", "b")], BOT, VOICE)).text == listed


def test_numbers_go_on_from_message_to_message() -> None:
    packed = pack([message("Một", "a"), message("Hai", "b", id_="m2")], BOT, VOICE)
    assert [choice.number for choice in packed.menu] == [1, 2]


def test_long_titles_are_cut() -> None:
    title = only(pack([message("x", "rất dài " * 20)], OA, VOICE)).buttons[0][0]
    assert len(title) <= 100
    assert title.endswith("…")


def test_the_buttons_stand_under_the_last_piece() -> None:
    ((_, parcels),) = pack([message("Câu dài. " * 300, "a")], OA, VOICE).parcels
    assert [len(parcel.buttons) for parcel in parcels] == [0, 1]


def test_an_address_that_will_not_be_there_is_left_out() -> None:
    told = message("Được ạ.\nTờ ghi nhớ: https://a.vn/checklist/x", checklist_url="https://a.vn/checklist/x")
    assert only(pack([told], OA, VOICE, keepsakes=False)).text == "Được ạ."
    assert "checklist/x" in only(pack([told], OA, VOICE)).text


def test_a_parcel_survives_the_outbox() -> None:
    parcel = Parcel("x", (("a", "b"),))
    assert Parcel.from_json(parcel.as_json()) == parcel


def test_a_line_more() -> None:
    more = with_line(message("x", "a"), "y", {"title": "b", "payload": "#b:b"})
    assert (more.text, len(more.buttons)) == ("x\n\ny", 2)


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("2", "#b:2"),
        (" 2. ", "#b:2"),
        ("Không", "#b:2"),
        ("khong", "#b:2"),
        ("3", None),
        ("không có", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_choice_by_number_or_words(typed: str, payload: str | None) -> None:
    menu = [Choice(1, "Có", "#b:1"), Choice(2, "Không", "#b:2")]
    assert chosen(typed, menu) == payload


def test_words_alone_take_no_number() -> None:
    assert chosen("None", [Choice(None, "Dừng lại", "#b:x")]) is None
    assert chosen("dừng lại", [Choice(None, "Dừng lại", "#b:x")]) == "#b:x"
