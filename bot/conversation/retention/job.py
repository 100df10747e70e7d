"""The nightly job: once a day, by one of the gateways."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.models import RetentionRun
from bot.conversation.retention.scrub import scrub
from bot.conversation.retention.steps import STEPS
from bot.conversation.rows import changed, insert_missing
from bot.conversation.store import Store
from bot.knowledge.clock import VIETNAM

_log = logging.getLogger(__name__)

BATCH = 500
"""Rows of one transaction: a turn waits for it no longer than for another turn."""
_LEASE = dt.timedelta(minutes=5)
_LOOK_SECONDS = 60.0
_PAUSE_SECONDS = 0.02


class LostError(Exception):
    """Another gateway has taken the run over."""


class Job:
    """Looks each minute whether the night's work is to be done, and does it if no other gateway is at it."""

    def __init__(self, store: Store, clock: Clock, periods: Periods, *, hour: int) -> None:
        self._store = store
        self._clock = clock
        self._periods = periods
        self._hour = hour
        self._owner = uuid.uuid4().hex

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except SQLAlchemyError as error:
                _log.warning("retention: the database is away (%s), looked at again in a minute", type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> bool:
        """Do the work of today if it is time and nobody does it; whether it was done."""
        now = self._clock.now().astimezone(VIETNAM)
        if now.hour < self._hour or not await self._store.run(_claim, now.date(), self._owner, now):
            return False
        await self._work(now.date())
        return True

    async def _work(self, day: dt.date) -> None:
        done: dict[str, int] = {}
        try:
            for name, step in STEPS.items():
                done[name] = 0
                count = BATCH
                while count == BATCH:
                    count = await self._store.run(self._batch, day, step, done)
                    done[name] += count
                    await asyncio.sleep(_PAUSE_SECONDS)
            await self._store.maintain(scrub)
            await self._store.run(_hold, day, self._owner, ended_at=self._clock.now(), done=done, problem=None)
            _log.info("retention of %s: %s", day, done)
        except LostError:
            _log.warning("retention of %s: another gateway has taken over", day)
        except SQLAlchemyError as error:
            # Not its text: that may quote a row. The lease runs out, and the work is taken up again.
            problem = type(error).__name__
            _log.error("retention of %s stopped: %s", day, problem)
            await self._store.run(_hold, day, self._owner, done=done, problem=problem)

    def _batch(self, db: Session, day: dt.date, step: Callable[..., int], done: dict[str, int]) -> int:
        now = self._clock.now()
        _hold(db, day, self._owner, lease_until=now + _LEASE, done=dict(done))
        return step(db, self._periods, now, BATCH)


def last_run(db: Session) -> RetentionRun | None:
    """The newest run, going on or ended."""
    return db.scalar(select(RetentionRun).order_by(RetentionRun.day.desc()).limit(1))


def _claim(db: Session, day: dt.date, owner: str, now: dt.datetime) -> bool:
    fresh = {"owner": owner, "started_at": now, "lease_until": now + _LEASE}
    if insert_missing(db, RetentionRun, day=day, done={}, **fresh):
        return True
    left = (RetentionRun.day == day, RetentionRun.ended_at.is_(None), RetentionRun.lease_until <= now)
    return changed(db, update(RetentionRun).where(*left).values(**fresh, problem=None)) == 1


def _hold(db: Session, /, day: dt.date, owner: str, **values: Any) -> None:
    mine = update(RetentionRun).where(RetentionRun.day == day, RetentionRun.owner == owner)
    if changed(db, mine.where(RetentionRun.ended_at.is_(None)).values(**values)) != 1:
        raise LostError
