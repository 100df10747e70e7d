"""How long an alert stands."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.channels.push.alerts import Alerts


class Time:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


def test_what_lasts_stands_until_it_is_well_again() -> None:
    time = Time()
    alerts = Alerts("zalo", time)
    alerts.sound("signature", "wrong")
    time.now += dt.timedelta(days=30)
    assert alerts.open() == {"signature": "wrong"}
    alerts.clear("signature")
    assert alerts.open() == {}


def test_what_happened_once_stands_for_a_day() -> None:
    time = Time()
    alerts = Alerts("zalo", time)
    alerts.sound("dropped", "a message", passing=True)
    time.now += dt.timedelta(hours=23)
    assert alerts.open() == {"dropped": "a message"}
    time.now += dt.timedelta(hours=2)
    assert alerts.open() == {}


def test_the_log_repeats_it_every_ten_minutes(caplog: pytest.LogCaptureFixture) -> None:
    time = Time()
    alerts = Alerts("zalo", time)
    for _ in range(20):
        alerts.sound("signature", "wrong")
        time.now += dt.timedelta(minutes=1)
    assert len(caplog.records) == 2
