"""Addresses of checklists: they name one reply until the end of their last day, and nothing of the citizen."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.checklists import PATH, Checklists, ExpiredTokenError, Place
from bot.conversation.tokens import BadTokenError, Tokens

MONTH = dt.timedelta(days=30)
# 23:30 on 25/11/2026 in Việt Nam.
NOW = dt.datetime(2026, 11, 25, 16, 30, tzinfo=dt.timezone.utc)
CHECKLISTS = Checklists("key", MONTH)
PLACE = CHECKLISTS.place("0123456789abcdef0123456789abcdef", 1, NOW)
TOKEN = CHECKLISTS.url(PLACE).removeprefix(PATH)


def test_address_names_its_reply_and_its_last_day() -> None:
    assert CHECKLISTS.read(TOKEN, NOW) == Place("0123456789abcdef0123456789abcdef", 1, dt.date(2026, 12, 25))


def test_is_a_path_until_we_know_how_we_are_reached() -> None:
    assert CHECKLISTS.url(PLACE).startswith("/checklist/")
    assert not CHECKLISTS.absolute
    outside = Checklists("key", MONTH, "https://ansinh.example/")
    assert outside.url(PLACE) == f"https://ansinh.example/checklist/{TOKEN}"
    assert outside.absolute


def test_fits_into_a_message() -> None:
    assert len(CHECKLISTS.url(PLACE)) < 160


@pytest.mark.parametrize(
    ("hours", "opens"), [(0, True), (30 * 24, True), (30 * 24 + 0.49, True), (30 * 24 + 0.5, False)]
)
def test_holds_to_the_end_of_its_last_day_in_vietnam(hours: float, opens: bool) -> None:
    later = NOW + dt.timedelta(hours=hours)
    if opens:
        assert CHECKLISTS.read(TOKEN, later) == PLACE
    else:
        with pytest.raises(ExpiredTokenError):
            CHECKLISTS.read(TOKEN, later)


@pytest.mark.parametrize("other", [Checklists("key2", MONTH).url(PLACE), Tokens("key").sign("session")])
def test_token_of_another_key_or_for_another_use_is_refused(other: str) -> None:
    with pytest.raises(BadTokenError):
        CHECKLISTS.read(other.removeprefix(PATH), NOW)


@given(st.data())
def test_one_changed_character_spoils_it(data: st.DataObject) -> None:
    # The last character holds bits that base64 doesn't use.
    place = data.draw(st.integers(0, len(TOKEN) - 2))
    other = data.draw(st.characters(codec="ascii").filter(lambda char: char != TOKEN[place]))
    with pytest.raises(BadTokenError):
        CHECKLISTS.read(TOKEN[:place] + other + TOKEN[place + 1 :], NOW)


@given(st.text(st.characters()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadTokenError):
        CHECKLISTS.read(text, NOW)
