"""The nightly job: once a night, whoever does it, and taken up again after a crash."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.models import TurnLog
from bot.conversation.retention.job import Job, last_run
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.models import RetentionRun
from bot.conversation.store import Store
from bot.settings import Settings
from tests.conversation.conftest import NOW, add_turn

PERIODS = Periods.of(Settings())


class Night:
    """A time that a test moves; 8:00 UTC is 15:00 in Việt Nam."""

    def __init__(self) -> None:
        self.now = NOW

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now)


def job(database: Engine, night: Night, hour: int = 2) -> Job:
    return Job(Store(database, threads=1), night.clock, PERIODS, hour=hour)


def test_it_waits_for_its_hour(database: Engine) -> None:
    night = Night()
    night.now = dt.datetime(2026, 11, 24, 18, 59, tzinfo=dt.UTC)  # 1:59 of the 25th
    assert not asyncio.run(job(database, night).look())
    night.now += dt.timedelta(minutes=1)
    assert asyncio.run(job(database, night).look())
    with Session(database) as db:
        assert db.scalars(select(RetentionRun.day)).all() == [dt.date(2026, 11, 25)]


def test_of_several_gateways_one_does_it(database: Engine) -> None:
    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(job(database, Night()).look() for _ in range(4)))

    assert sorted(asyncio.run(all_at_once())) == [False, False, False, True]


def test_what_it_did_can_be_read(database: Engine) -> None:
    with Session(database) as db, db.begin():
        for number in range(3):
            add_turn(db, number, NOW - dt.timedelta(days=20))
    asyncio.run(job(database, Night()).look())
    with Session(database) as db:
        run = last_run(db)
    assert run is not None
    assert (run.ended_at, run.problem) == (NOW, None)
    assert run.done["log_parse"] == run.done["message_answers"] == run.done["cases"] == 3


def test_a_run_whose_gateway_died_is_taken_up(database: Engine) -> None:
    night = Night()
    with Session(database) as db, db.begin():
        add_turn(db, 1, NOW - dt.timedelta(days=20))
        given = {"started_at": NOW, "lease_until": NOW + dt.timedelta(minutes=5), "done": {}}
        db.add(RetentionRun(day=dt.date(2026, 11, 25), owner="dead", **given))
    assert not asyncio.run(job(database, night).look())
    night.now += dt.timedelta(minutes=6)
    assert asyncio.run(job(database, night).look())
    with Session(database) as db:
        assert db.scalars(select(TurnLog.answers)).all() == [None]


def test_a_gateway_that_lost_its_run_stops(database: Engine, caplog: pytest.LogCaptureFixture) -> None:
    async def lose() -> None:
        losing = job(database, Night())
        with Session(database) as db, db.begin():
            given = {"started_at": NOW, "lease_until": NOW, "done": {}}
            db.add(RetentionRun(day=dt.date(2026, 11, 25), owner="other", **given))
        await losing._work(dt.date(2026, 11, 25))

    asyncio.run(lose())
    assert "another gateway has taken over" in caplog.text
