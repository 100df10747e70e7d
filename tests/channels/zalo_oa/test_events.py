"""What the events of the webhook mean to us."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_oa.events import Echo, Ignored, OfficerWrote, Received, Revoked, read_event

NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
STAMP = str(int(NOW.timestamp() * 1000) - 5000)


def event(name: str, **fields: Any) -> dict[str, Any]:
    return {"event_name": name, "sender": {"id": "24"}, "recipient": {"id": "38"}, "timestamp": STAMP, **fields}


def test_text() -> None:
    body = event("user_send_text", message={"text": "Xin chào", "msg_id": "96d3"})
    read = read_event(body, NOW)
    assert isinstance(read, Received)
    assert (read.user, read.kind, read.text) == ("24", "text", "Xin chào")
    assert read.sent_at == NOW - dt.timedelta(seconds=5)
    assert read.key == read_event({**body, "timestamp": "1"}, NOW).key  # type: ignore[union-attr]


def test_a_real_location() -> None:
    where = {"payload": {"coordinates": {"latitude": "10.7923119", "longitude": "106.7820651"}}, "type": "location"}
    body = event("user_send_location", message={"attachments": [where], "text": "Nhà", "msg_id": "1"})
    read = read_event(body, NOW)
    assert isinstance(read, Received)
    assert (read.kind, read.text) == ("location", "")


@pytest.mark.parametrize(
    ("body", "user", "kind"),
    [
        ({"event_name": "follow", "follower": {"id": "24"}, "oa_id": "38", "timestamp": STAMP}, "24", "greet"),
        ({"event_name": "unfollow", "follower": {"id": "24"}, "oa_id": "38", "timestamp": STAMP}, "24", "leave"),
        ({"event_name": "user_click_chatnow", "user_id": "24", "oa_id": "38", "timestamp": 1}, "24", "greet"),
        ({"event_name": "user_withdraw", "user_id": 24, "timestamp": STAMP}, "24", "withdraw"),
        (event("user_send_sticker", message={"msg_id": "1"}), "24", "attachment"),
    ],
)
def test_events_without_text(body: dict[str, Any], user: str, kind: str) -> None:
    read = read_event(body, NOW)
    assert isinstance(read, Received)
    assert (read.user, read.kind) == (user, kind)


def test_events_without_a_message_are_told_apart_by_name_time_and_person() -> None:
    body = {"event_name": "follow", "follower": {"id": "24"}, "timestamp": STAMP}
    others = [body, {**body, "timestamp": "1"}, {**body, "follower": {"id": "25"}}, {**body, "event_name": "unfollow"}]
    assert len({read_event(other, NOW).key for other in others}) == 4  # type: ignore[union-attr]


def test_messages_of_the_account_itself() -> None:
    body = event("oa_send_text", sender={"id": "38"}, recipient={"id": "24"}, message={"text": "a", "msg_id": "m"})
    assert read_event(body, NOW) == Echo("24", "m", "a")
    assert read_event({**body, "sender": {"id": "38", "admin_id": "7"}}, NOW) == OfficerWrote("24")


@pytest.mark.parametrize(
    "name",
    ["user_send_group_text", "oa_send_group_text", "create_group", "anonymous_send_text", "user_seen_message",
     "user_received_message", "user_reacted_message", "add_user_to_tag", "brand_new", "user_send_teleport"],
)  # fmt: skip
def test_others_are_ignored(name: str) -> None:
    assert isinstance(read_event(event(name, message={"text": "x", "msg_id": "1"}), NOW), Ignored)


def test_an_event_whose_sender_is_the_account_is_never_answered() -> None:
    body = event("user_send_text", sender={"id": "38"}, oa_id="38", message={"text": "x", "msg_id": "1"})
    assert isinstance(read_event(body, NOW), Ignored)


def test_permission_revoked() -> None:
    assert isinstance(read_event({"event_name": "permission_revoked", "timestamp": "1"}, NOW), Revoked)


@pytest.mark.parametrize("stamp", ["154390853474", "", None, "x", "9" * 40, -1, [], True])
def test_a_senseless_time_becomes_now(stamp: Any) -> None:
    read = read_event(event("user_send_text", timestamp=stamp, message={"text": "x", "msg_id": "1"}), NOW)
    assert isinstance(read, Received)
    assert read.sent_at == NOW


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(["user_send_text", "follow", "oa_send_text", "user_withdraw", "user_send_image"])


@settings(deadline=None)
@given(
    name=_NAMES,
    body=st.dictionaries(
        st.sampled_from(["sender", "recipient", "follower", "message", "timestamp", "user_id", "oa_id"]), _JSON
    ),
)
def test_nothing_odd_is_an_error(name: str, body: dict[str, Any]) -> None:
    read_event({**body, "event_name": name}, NOW)


def test_a_name_that_is_half_a_character_is_ignored_without_it() -> None:
    assert read_event({"event_name": "\ud800"}, NOW) == Ignored("")


def test_what_a_database_cannot_hold_is_left_out() -> None:
    message = {"text": "hộ\x00 nghèo \ud800", "msg_id": "1\x00"}
    read = read_event({**event("user_send_text", message=message), "sender": {"id": "2\x004"}}, NOW)
    assert isinstance(read, Received)
    assert (read.user, read.text) == ("24", "hộ nghèo ")
    assert read.key == read_event(event("user_send_text", message={**message, "msg_id": "1"}), NOW).key  # type: ignore[union-attr]
