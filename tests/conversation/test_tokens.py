"""Session tokens and hashed senders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.tokens import BadTokenError, Tokens

TOKENS = Tokens("key")


def test_token_names_its_session() -> None:
    session_id = Tokens.new_session_id()
    assert TOKENS.read(TOKENS.sign(session_id)) == session_id


def test_session_ids_differ_and_fit_their_column() -> None:
    ids = {Tokens.new_session_id() for _ in range(100)}
    assert len(ids) == 100
    assert max(map(len, ids)) <= 32


@given(st.text(st.characters()))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadTokenError):
        TOKENS.read(text)


def test_token_of_another_key_is_refused() -> None:
    with pytest.raises(BadTokenError):
        TOKENS.read(Tokens("key2").sign("session"))


def test_sender_is_hidden_and_depends_on_channel_and_key() -> None:
    hashed = TOKENS.hashed_sender("zalo", "246845883529197922")
    assert len(hashed) == 64
    assert hashed == Tokens("key").hashed_sender("zalo", "246845883529197922")
    assert hashed != TOKENS.hashed_sender("web", "246845883529197922")
    assert hashed != Tokens("key2").hashed_sender("zalo", "246845883529197922")
