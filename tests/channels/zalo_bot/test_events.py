import datetime as dt

from bot.channels.zalo_bot.events import read_event

NOW = dt.datetime(2026, 11, 25, 7, 0, tzinfo=dt.UTC)


def test_what_a_database_cannot_hold_is_left_out() -> None:
    message = {"chat": {"id": "a\x00b"}, "message_id": "1\ud800", "text": "hộ\x00 nghèo \ud800"}
    read = read_event({"event_name": "message.text.received", "message": message}, NOW)
    assert read is not None
    assert (read.chat, read.text) == ("ab", "hộ nghèo ")
    assert (
        read_event({"event_name": "message.text.received", "message": {**message, "chat": {"id": "\x00"}}}, NOW) is None
    )
