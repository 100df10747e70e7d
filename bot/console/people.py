"""Officers in the database: created, changed and locked out by an administrator, each act in the audit log."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import passwords
from bot.console.models import OfficerRow
from bot.console.roles import Role
from bot.knowledge import audit
from bot.knowledge.audit import Audit

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?")
LOGIN_RULE = "Tên đăng nhập gồm 1 đến 32 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối, ví dụ lan.pham."
KIND = "officer"
_SAME_LOOK = dt.timedelta(minutes=5)


class PeopleError(Exception):
    """What cannot be done, as a sentence for the administrator."""


class OfficerUnknownError(PeopleError):
    """Nobody has that login."""


@dataclass(frozen=True)
class By:
    """Who acts, when, and from where (a keyed hash)."""

    officer: str
    at: dt.datetime
    address: str | None = None

    def record(
        self,
        db: Session,
        action: str,
        kind: str,
        key: str,
        before: audit.Values | None = None,
        after: audit.Values | None = None,
    ) -> None:
        """Write the act into the audit log, in the transaction of ``db``."""
        audit.record(db, self.at, self.officer, action, kind, key, before, after, address=self.address)

    def look(self, db: Session, action: str, kind: str, key: str, after: audit.Values | None = None) -> None:
        """Write down that the officer looks at what citizens said; within a few minutes it is the same look."""
        mine = (Audit.officer == self.officer, Audit.action == action, Audit.kind == kind, Audit.key == key)
        if after not in db.scalars(select(Audit.after).where(*mine, Audit.at > self.at - _SAME_LOOK)).all():
            self.record(db, action, kind, key, after=after)


@dataclass(frozen=True)
class Officer:
    """An officer as pages see one: no hash, no secret."""

    login: str
    name: str
    roles: frozenset[Role]
    active: bool
    locked_until: dt.datetime | None
    must_change_password: bool
    has_totp: bool
    epoch: int
    created_at: dt.datetime
    signed_in_at: dt.datetime | None

    def is_locked(self, now: dt.datetime) -> bool:
        """Whether too many failed sign-ins keep the officer out at ``now``."""
        return self.locked_until is not None and self.locked_until > now


def read(db: Session, login: str) -> Officer:
    """One officer; raises ``OfficerUnknownError``."""
    return as_officer(row_of(db, login))


def everyone(db: Session) -> list[Officer]:
    """All officers by login."""
    return [as_officer(row) for row in db.scalars(select(OfficerRow).order_by(OfficerRow.login))]


def create(db: Session, by: By, login: str, name: str, roles: Iterable[Role], password: str) -> None:
    """A new officer, who must change ``password`` at the first sign-in; raises ``PeopleError``."""
    if not _LOGIN.fullmatch(login):
        raise PeopleError(f"{LOGIN_RULE} Đã nhập: “{login}”.")
    if db.get(OfficerRow, login) is not None:
        raise PeopleError(f"Tên đăng nhập “{login}” đã có người dùng. Hãy chọn tên khác.")
    row = OfficerRow(
        login=login,
        name=name,
        password=passwords.hashed(password),
        roles=_sorted(roles),
        active=True,
        failures=0,
        must_change_password=True,
        epoch=1,
        created_at=by.at,
    )
    db.add(row)
    by.record(db, "create", KIND, login, None, _state(row))


def change(db: Session, by: By, login: str, *, name: str, roles: Iterable[Role]) -> None:
    """Give another name and other roles; they hold from the officer's next click. Raises ``PeopleError``."""
    row = row_of(db, login)
    before = _state(row)
    row.name, row.roles = name, _sorted(roles)
    if _state(row) != before:
        _keep_an_administrator(db)
        by.record(db, "change", KIND, login, before, _state(row))


def reset(db: Session, by: By, login: str, password: str) -> None:
    """Give a password to be changed at the next sign-in, and end the second step: a telephone may be lost."""
    row = row_of(db, login)
    row.password = passwords.hashed(password)
    row.must_change_password = True
    row.totp = row.totp_step = None
    _unlock(row)
    row.epoch += 1
    by.record(db, "reset_password", KIND, login)


def set_active(db: Session, by: By, login: str, *, active: bool) -> None:
    """Let in again, or keep out from now on, sessions under way included; raises ``PeopleError``."""
    row = row_of(db, login)
    if row.active == active:
        return
    row.active = active
    row.epoch += 1
    if not active:
        _keep_an_administrator(db)
    by.record(db, "activate" if active else "deactivate", KIND, login)


def unlock(db: Session, by: By, login: str) -> None:
    """Forget the failed sign-ins."""
    row = row_of(db, login)
    if row.failures:
        by.record(db, "unlock", KIND, login, {"failures": row.failures}, {"failures": 0})
        _unlock(row)


def row_of(db: Session, login: str) -> OfficerRow:
    """The row itself; raises ``OfficerUnknownError``."""
    row = db.get(OfficerRow, login)
    if row is None:
        raise OfficerUnknownError(f"Không có cán bộ nào tên đăng nhập “{login}”.")
    return row


def as_officer(row: OfficerRow) -> Officer:
    """The row without what stays secret."""
    return Officer(
        login=row.login,
        name=row.name,
        roles=frozenset(map(Role, row.roles)),
        active=row.active,
        locked_until=row.locked_until,
        must_change_password=row.must_change_password,
        has_totp=row.totp is not None,
        epoch=row.epoch,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


def _keep_an_administrator(db: Session) -> None:
    # Locked, so that two administrators cannot take each other's role at once.
    rows = db.scalars(select(OfficerRow).with_for_update())
    if not any(row.active and Role.ADMINISTRATOR in row.roles for row in rows):
        raise PeopleError("Phải còn ít nhất một quản trị viên đang hoạt động. Hãy giao quyền cho người khác trước.")


def _unlock(row: OfficerRow) -> None:
    row.failures, row.locked_until = 0, None


def _sorted(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _state(row: OfficerRow) -> dict[str, Any]:
    return {"name": row.name, "roles": list(row.roles)}
