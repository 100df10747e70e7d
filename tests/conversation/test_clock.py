"""Time as the gateway sees it."""

from __future__ import annotations

import datetime as dt

from bot.conversation.clock import Clock, shown


def test_fixed_day_moves_the_day_only() -> None:
    clock = Clock(dt.date(2026, 11, 25))
    assert clock.today() == dt.date(2026, 11, 25)
    assert clock.now().tzinfo is dt.timezone.utc


def test_times_are_shown_in_vietnam() -> None:
    moment = dt.datetime(2026, 11, 24, 20, 30, 0, 5, tzinfo=dt.timezone.utc)
    assert shown(moment) == "2026-11-25T03:30:00+07:00"
