"""Who changed what, when: a log that only grows.

Whoever changes something on behalf of an officer calls ``record`` in the same transaction. Nothing in the code changes
or deletes a row, and the database itself refuses to.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import DDL, JSON, String, Text, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import SERIAL, UtcTime
from bot.text.fold import fold

Values = Mapping[str, Any]


class Audit(Base):
    """One act: ``officer`` did ``action`` to the ``kind`` of thing that is called ``key``.

    ``before`` and ``after`` hold what changed, as JSON objects; empty where there was nothing. ``address`` is a keyed
    hash of the network address, where there was one. ``folded`` is all of it without accents, for searching.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    officer: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(128))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    address: Mapped[str | None] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(Text)


def record(
    db: Session,
    at: dt.datetime,
    officer: str,
    action: str,
    kind: str,
    key: str,
    before: Values | None = None,
    after: Values | None = None,
    *,
    address: str | None = None,
) -> None:
    """Write down one act, in the transaction of ``db``; what cannot be JSON (days, decimals) becomes text."""
    states = [_plain(before), _plain(after)]
    words = [officer, action, kind, key, *(json.dumps(state, ensure_ascii=False) for state in states if state)]
    db.add(
        Audit(
            at=at,
            officer=officer,
            action=action,
            kind=kind,
            key=key,
            before=states[0],
            after=states[1],
            address=address,
            folded=fold(" ".join(words)),
        )
    )


def _plain(values: Values | None) -> dict[str, Any] | None:
    return None if values is None else json.loads(json.dumps(dict(values), ensure_ascii=False, default=str))


_REFUSE = "the audit log only grows"
# As in the migration, for tables that are made without it.
_TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{what} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$""",
        """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ],
}
for _dialect, _statements in _TRIGGERS.items():
    for _statement in _statements:
        _ddl = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(Audit.__table__, "after_create", _ddl)
