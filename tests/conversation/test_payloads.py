"""Button payloads: what is signed comes back, for its session only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.payloads import (
    MAX_LENGTH,
    PREFIX,
    BadPayloadError,
    ExpiredPayloadError,
    Payloads,
    PayloadTooLongError,
)

PAYLOADS = Payloads("key", dt.timedelta(hours=1))
ACTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="utf-8"), max_size=20),
    max_size=5,
)
TITLES = st.text(st.characters(codec="utf-8"), max_size=40)


@given(TITLES, ACTS)
def test_what_is_signed_comes_back(title: str, act: dict[str, Any]) -> None:
    payload = PAYLOADS.sign("session", title, act)
    assert payload.startswith(PREFIX)
    assert len(payload) <= MAX_LENGTH
    assert PAYLOADS.read("session", payload) == (title, act)


@given(ACTS)
def test_another_session_or_key_reads_nothing(act: dict[str, Any]) -> None:
    payload = PAYLOADS.sign("session", "Có", act)
    with pytest.raises(BadPayloadError):
        PAYLOADS.read("session2", payload)
    with pytest.raises(BadPayloadError):
        Payloads("key2", dt.timedelta(hours=1)).read("session", payload)


@given(st.data())
def test_one_changed_character_spoils_it(data: st.DataObject) -> None:
    payload = PAYLOADS.sign("session", "Có", {"act": "screen"})
    # The last character holds two bits that base64 doesn't use.
    place = data.draw(st.integers(0, len(payload) - 2))
    other = data.draw(st.characters(codec="ascii").filter(lambda char: char != payload[place]))
    with pytest.raises(BadPayloadError):
        PAYLOADS.read("session", payload[:place] + other + payload[place + 1 :])


@given(st.text())
def test_anything_else_is_refused(text: str) -> None:
    for payload in (text, PREFIX + text):
        with pytest.raises(BadPayloadError):
            PAYLOADS.read("session", payload)


def test_old_ones_are_told_apart() -> None:
    expired = Payloads("key", dt.timedelta(seconds=-1))
    with pytest.raises(ExpiredPayloadError):
        expired.read("session", PAYLOADS.sign("session", "Có", {"act": "screen"}))


def test_usual_act_stays_far_below_the_limit() -> None:
    act = {"act": "inform", "fact": "household_class", "value": "near_poor", "member": "grandmother"}
    assert len(PAYLOADS.sign("session", "Hộ cận nghèo", act)) < 300


def test_act_that_does_not_fit_is_refused() -> None:
    noise = "".join(chr(0x1000 + (n * 7919) % 4000) for n in range(500))
    with pytest.raises(PayloadTooLongError, match="1000 fit"):
        PAYLOADS.sign("session", "Có", {"act": "x", "value": noise})
