"""Typed text made safe to store and to hand on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.messages import Incoming
from bot.conversation.reading import Reading, read


def reading(text: str) -> Reading:
    return read(Incoming("session", "web", "m-1", text=text), max_characters=2000)


@given(st.text(st.characters(), max_size=300))
def test_whatever_is_typed_can_be_stored_and_is_no_command(text: str) -> None:
    result = reading(text)
    assert not result.asked.normalised.startswith("/")
    assert "\x00" not in result.asked.question
    result.asked.question.encode("utf-8")
    if result.refusal is None:
        assert any(char.isalnum() for char in result.asked.normalised)


def test_slash_inside_stays() -> None:
    assert reading("/ sinh ngày 1/2/1950").asked.normalised == "sinh ngày 1/2/1950"


def test_what_is_cut_off_is_masked_as_well() -> None:
    result = reading("a" * 1990 + " 0905123456")
    assert result.refusal == "too_long"
    assert len(result.asked.question) == 2000
    assert "09051" not in result.asked.question


def test_button_is_read_as_its_title() -> None:
    result = read(Incoming("s", "web", "m", act={"act": "screen"}, title="Có"), max_characters=2000)
    assert (result.asked.question, result.asked.button, result.refusal) == ("Có", {"act": "screen"}, None)
