"""Signing in: password, second step, and the lock after too many failures.

An attempt is counted before it is looked at, and taken back when it was good. So many attempts at once get no further
than as many in a row.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bot.console import passwords, totp
from bot.console.models import OfficerRow
from bot.console.people import KIND, By, Officer, as_officer, row_of
from bot.conversation.rows import changed
from bot.conversation.sealing import Box, SealBrokenError
from bot.conversation.store import Store
from bot.rates import Rates

RATE = "console_logins"
_LONGEST_LOCK = dt.timedelta(days=1)


@dataclass(frozen=True)
class Lock:
    """After ``failures`` an account is locked for ``first``, doubled with each further failure up to a day."""

    failures: int
    first: dt.timedelta

    def length(self, failures: int) -> dt.timedelta | None:
        """How long to lock after so many failures; ``None`` while there are too few."""
        beyond = failures - self.failures
        if beyond < 0:
            return None
        # 2 ** 20 minutes are two years: the day is reached long before.
        doubled: int = 1 << min(beyond, 20)
        return min(self.first * doubled, _LONGEST_LOCK)


class Doorkeeper:
    """Decides who comes in; ``rates`` knows the rate ``RATE``, which holds for one network address."""

    def __init__(self, store: Store, box: Box, lock: Lock, rates: Rates) -> None:
        self._store = store
        self._rates = rates
        self._box = box
        self._lock = lock
        # Each check takes 64 MiB and a core for a moment.
        self._checks = asyncio.Semaphore(2)

    async def password(self, login: str, password: str, at: dt.datetime, address: str) -> Officer | None:
        """The officer whose password it is. Wrong, unknown, locked and inactive take as long, and look the same.

        Raises ``TooOftenError`` when too much is tried from ``address``.
        """
        await self._rates.count(RATE, address)
        by = By(login, at, address)
        stored = await self._store.run(self._charge, by)
        async with self._checks:
            good = await asyncio.to_thread(passwords.matches, stored, password)
        if not good:
            if stored is not None:
                await self._store.run(_record_failure, by)
            return None
        return await self._store.run(self._let_past, by)

    async def code(self, login: str, code: str, at: dt.datetime, address: str) -> Officer | None:
        """The officer whose code of the second step it is; each code counts once. Raises ``TooOftenError``."""
        await self._rates.count(RATE, address)
        by = By(login, at, address)
        return await self._store.run(self._second_step, by, code)

    def _second_step(self, db: Session, by: By, code: str) -> Officer | None:
        if self._charge(db, by) is None:
            return None
        row = row_of(db, by.officer)
        step = None if row.totp is None else totp.accepted_step(self._opened(row.totp), code, by.at, row.totp_step)
        if step is None:
            _record_failure(db, by)
            return None
        row.totp_step = step
        return _enter(db, row, by)

    def _charge(self, db: Session, by: By) -> str | None:
        """Count one attempt; the hash of the password, or ``None`` for whoever may not try now."""
        # The update comes first: on either database it makes others wait, so that none reads an old count.
        counted = changed(
            db,
            update(OfficerRow)
            .where(
                OfficerRow.login == by.officer,
                OfficerRow.active,
                or_(OfficerRow.locked_until.is_(None), OfficerRow.locked_until <= by.at),
            )
            .values(failures=OfficerRow.failures + 1)
            .execution_options(synchronize_session=False),
        )
        if not counted:
            return None
        row = row_of(db, by.officer)
        length = self._lock.length(row.failures)
        row.locked_until = None if length is None else by.at + length
        return row.password

    def _let_past(self, db: Session, by: By) -> Officer:
        row = row_of(db, by.officer)
        if row.totp is None:
            return _enter(db, row, by)
        # Only this attempt is taken back: whoever knows the password must not get codes without end.
        row.failures = max(0, row.failures - 1)
        row.locked_until = None
        return as_officer(row)

    def _opened(self, sealed: str) -> str:
        try:
            return self._box.open(sealed)
        except SealBrokenError:
            # Sealed under another key: no code is right, an administrator resets the account.
            return totp.new_secret()


def _enter(db: Session, row: OfficerRow, by: By) -> Officer:
    row.failures, row.locked_until, row.signed_in_at = 0, None, by.at
    by.record(db, "sign_in", KIND, row.login)
    return as_officer(row)


def _record_failure(db: Session, by: By) -> None:
    row = row_of(db, by.officer)
    by.record(db, "sign_in_failed", KIND, row.login, None, {"failures": row.failures, "locked_until": row.locked_until})


def sign_out(db: Session, by: By) -> None:
    """End all sessions of the officer: a copy of a cookie is worth nothing any more."""
    row_of(db, by.officer).epoch += 1
    by.record(db, "sign_out", KIND, by.officer)


def change_password(db: Session, by: By, password: str) -> Officer:
    """The officer's own new password; other sessions end."""
    row = row_of(db, by.officer)
    row.password = passwords.hashed(password)
    row.must_change_password = False
    row.epoch += 1
    by.record(db, "change_password", KIND, by.officer)
    return as_officer(row)


def set_second_step(db: Session, by: By, sealed: str | None, step: int | None = None) -> None:
    """Ask for codes from now on, or no longer (``None``); ``step`` is that of the code which proved the set-up."""
    row = row_of(db, by.officer)
    row.totp, row.totp_step = sealed, step
    by.record(db, "second_step_on" if sealed else "second_step_off", KIND, by.officer)


def password_of(db: Session, login: str) -> str:
    """The hash of an officer's password."""
    return row_of(db, login).password


DOORKEEPER = web.AppKey("doorkeeper", Doorkeeper)
