"""The tokens of the account: kept in the database, refreshed ahead of time by one process at a time.

A refresh token is good for one use. So whoever refreshes holds a lease on the row that outlasts the request, reads
the row again under it, and writes both new tokens before either is used.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.zalo_oa.models import ZaloToken
from bot.channels.zalo_oa.oauth import (
    REQUEST_SECONDS,
    OAuth,
    OAuthRefusedError,
    OAuthUnclearError,
    OAuthUnreachableError,
    Pair,
)
from bot.conversation.clock import Clock
from bot.conversation.rows import changed
from bot.conversation.sealing import Box, SealBrokenError
from bot.conversation.store import Store

_log = logging.getLogger(__name__)
_AHEAD = dt.timedelta(hours=5)
_JITTER_MINUTES = 20
_NEAR_END = dt.timedelta(hours=2)
_REFRESH_LIFE = dt.timedelta(days=90)
_REFRESH_NEAR_END = dt.timedelta(days=14)
# Two requests, as one without an answer is repeated once, and a margin.
_LEASE = dt.timedelta(seconds=2 * REQUEST_SECONDS + 20)
_LOOK_SECONDS = 0.25
_STORE_TRIES = 20
_STORE_PAUSE = 1.0
SET_UP = "python -m bot.cli.zalo"


class NoTokenError(Exception):
    """There is no token to send with; the message says what to do."""


@dataclass(frozen=True)
class Stored:
    """What the table holds, opened."""

    access: str
    refresh: str
    expires_at: dt.datetime
    renewed_at: dt.datetime
    problem: str | None


class Tokens:
    """The tokens of one application, shared with all processes that use the database."""

    def __init__(self, *, store: Store, clock: Clock, box: Box, oauth: OAuth, app_id: str) -> None:
        self._store = store
        self._clock = clock
        self._box = box
        self._oauth = oauth
        self._app_id = app_id
        self._owner = uuid.uuid4().hex
        self._one_at_a_time = asyncio.Lock()
        self._ahead = _AHEAD + dt.timedelta(minutes=random.uniform(0, _JITTER_MINUTES))  # noqa: S311 - jitter

    async def access(self) -> str:
        """The access token, read anew each time as another process may have refreshed. ``NoTokenError`` without one."""
        return (await self._stored()).access

    async def refreshed(self, spent: str) -> str:
        """The access token after ``spent``, which Zalo refused; ``NoTokenError`` when there is none to be had."""
        async with self._one_at_a_time:
            return await self._after(spent)

    async def save(self, pair: Pair) -> None:
        """Store a pair, in place of any that was there."""
        await self._store.run(self._put, pair)

    async def tend(self) -> None:
        """Refresh when the end is near. Never raises; what went wrong is in ``problems``."""
        try:
            stored = await self._stored()
            if stored.expires_at - self._clock.now() < self._ahead and not _refused(stored):
                async with self._one_at_a_time:
                    await self._after(stored.access)
        except NoTokenError as error:
            _log.error("zalo_oa: %s", error)
        except (SQLAlchemyError, TimeoutError) as error:
            _log.warning("zalo_oa: tokens not looked at: %s", type(error).__name__)

    async def problems(self) -> dict[str, str]:
        """What is wrong with the tokens, or soon will be. Never raises."""
        try:
            stored = await self._stored()
        except NoTokenError as error:
            return {"token": str(error)}
        except (SQLAlchemyError, TimeoutError):
            return {"token": "unknown, the database is down"}
        left = stored.expires_at - self._clock.now()
        if stored.problem is not None:
            return {"token": f"not refreshed ({stored.problem}); ends in {_hours(left)}; then run {SET_UP}"}
        if left < _NEAR_END:
            return {"token": f"ends in {_hours(left)}"}
        rest = stored.renewed_at + _REFRESH_LIFE - self._clock.now()
        if rest < _REFRESH_NEAR_END:
            return {"token": f"the refresh token ends in {rest.days} days"}
        return {}

    async def _after(self, spent: str) -> str:
        end = asyncio.get_running_loop().time() + _LEASE.total_seconds()
        while not await self._store.run(self._claim):
            # Another process is at it. Its answer is ours too.
            await asyncio.sleep(_LOOK_SECONDS)
            stored = await self._stored()
            if stored.access != spent:
                return stored.access
            if asyncio.get_running_loop().time() > end:
                raise NoTokenError("another process has been refreshing the token for too long")
        try:
            stored = await self._stored()
            if stored.access != spent:
                return stored.access
            if _refused(stored):
                raise NoTokenError(f"Zalo refuses to refresh ({stored.problem}): run {SET_UP}")
            return await _to_its_end(self._renew(stored.refresh))
        finally:
            await self._store.run(self._release)

    async def _renew(self, refresh: str) -> str:
        """Spend the refresh token; the access token of the pair that it gave, once that is stored."""
        pair = await self._ask(refresh)
        for left in reversed(range(_STORE_TRIES)):
            try:
                await self._store.run(self._replace, pair)
                break
            except SQLAlchemyError as error:
                # The pair exists nowhere else: without it a person would have to link the account anew.
                _log.error("zalo_oa: new tokens not stored yet: %s", type(error).__name__)
                if left == 0:
                    raise
                await asyncio.sleep(_STORE_PAUSE)
        _log.info("zalo_oa: token refreshed, holds for %d s", pair.seconds)
        return pair.access

    async def _ask(self, refresh: str) -> Pair:
        """The next pair; what keeps it from coming is stored as the problem and raised as ``NoTokenError``."""
        try:
            try:
                return await self._oauth.refresh(refresh)
            except OAuthUnclearError:
                # Spent or not, the same token is the only way to find out.
                return await self._oauth.refresh(refresh)
        except OAuthRefusedError as error:
            problem = f"refused: error {error}"
        except OAuthUnclearError as error:
            problem = f"no answer: {error}"
        except OAuthUnreachableError:
            problem = "no connection"
        await self._store.run(self._note, problem)
        raise NoTokenError(f"the token could not be refreshed ({problem}); if it stays so run {SET_UP}")

    async def _stored(self) -> Stored:
        stored = await self._store.run(self._read)
        if stored is None:
            raise NoTokenError(f"no token yet: run {SET_UP}")
        return stored

    # What runs inside a transaction.

    def _read(self, db: Session) -> Stored | None:
        row = db.get(ZaloToken, self._app_id)
        if row is None:
            return None
        try:
            access, refresh = self._box.open(row.access), self._box.open(row.refresh)
        except SealBrokenError as error:
            raise NoTokenError(f"the token can't be read ({error}): run {SET_UP}") from None
        return Stored(access, refresh, row.expires_at, row.renewed_at, row.problem)

    def _claim(self, db: Session) -> bool:
        now = self._clock.now()
        free = or_(ZaloToken.lease_until.is_(None), ZaloToken.lease_until <= now, ZaloToken.lease_owner == self._owner)
        leased = update(ZaloToken).where(ZaloToken.app_id == self._app_id, free)
        return changed(db, leased.values(lease_owner=self._owner, lease_until=now + _LEASE)) == 1

    def _release(self, db: Session) -> None:
        mine = (ZaloToken.app_id == self._app_id, ZaloToken.lease_owner == self._owner)
        db.execute(update(ZaloToken).where(*mine).values(lease_owner=None, lease_until=None))

    def _put(self, db: Session, pair: Pair) -> None:
        row = db.get(ZaloToken, self._app_id)
        if row is None:
            row = ZaloToken(app_id=self._app_id, access="", refresh="", previous=None)
            db.add(row)
        self._fill(row, pair)

    def _replace(self, db: Session, pair: Pair) -> None:
        # Written whoever holds the lease by now: this pair is the newest there is, any other is dead.
        row = db.get_one(ZaloToken, self._app_id)
        row.previous = row.refresh
        self._fill(row, pair)

    def _fill(self, row: ZaloToken, pair: Pair) -> None:
        now = self._clock.now()
        row.access, row.refresh = self._box.seal(pair.access), self._box.seal(pair.refresh)
        row.expires_at, row.renewed_at = now + dt.timedelta(seconds=pair.seconds), now
        row.problem = None

    def _note(self, db: Session, problem: str) -> None:
        db.execute(update(ZaloToken).where(ZaloToken.app_id == self._app_id).values(problem=problem[:64]))


async def _to_its_end(work: Coroutine[Any, Any, str]) -> str:
    """The result of ``work``, which a process that is told to stop finishes first."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _refused(stored: Stored) -> bool:
    return stored.problem is not None and stored.problem.startswith("refused")


def _hours(left: dt.timedelta) -> str:
    hours = left.total_seconds() / 3600
    return f"{max(hours, 0):.1f} h"
