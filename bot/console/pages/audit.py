"""The audit log: who, when, what, before and after. It can be read, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from aiohttp import web
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.console import words
from bot.console.diff import differences, in_words
from bot.console.listing import Column, Filter, Listing, SqlRows
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.knowledge.audit import Audit
from bot.knowledge.clock import VIETNAM
from bot.knowledge.editing.changesets import CHANGE_SET
from bot.knowledge.editing.tables import ChangeSetRecord

routes = Routes()
_GUIDE = "nhat-ky"


def _on_days(
    compare: Callable[[dt.datetime], ColumnElement[bool]], later: int
) -> Callable[[str], ColumnElement[bool] | None]:
    """A condition on the beginning of a day in Việt Nam, given as ``2026-11-30``."""

    def condition(value: str) -> ColumnElement[bool] | None:
        try:
            day = dt.date.fromisoformat(value) + dt.timedelta(days=later)
        except (ValueError, OverflowError):
            return None
        return compare(dt.datetime.combine(day, dt.time(), VIETNAM))

    return condition


def _listing(titles: Mapping[str, str]) -> Listing[Audit]:
    return Listing(
        "nhat-ky",
        columns=(
            Column("at", "Lúc", lambda row: row.at, link=lambda row: f"/audit/{row.id}"),
            Column("officer", "Ai", lambda row: row.officer),
            Column("action", "Việc", lambda row: words.action(row.action)),
            Column("kind", "Loại", lambda row: words.kind(row.kind)),
            Column("key", "Mục", lambda row: _called(row, titles)),
            Column("change", "Thay đổi", lambda row: in_words(row.before, row.after)),
            Column("address", "Nơi (băm)", lambda row: row.address, shown=False),
        ),
        rows=SqlRows(
            select(Audit),
            folded=Audit.folded,
            ordered={"at": Audit.at, "officer": Audit.officer, "kind": Audit.kind, "key": Audit.key},
            tie=Audit.id,
            filtered={
                "action": lambda value: Audit.action == value,
                "kind": lambda value: Audit.kind == value,
                "from": _on_days(lambda moment: Audit.at >= moment, 0),
                "to": _on_days(lambda moment: Audit.at < moment, 1),
            },
        ),
        order="-at",
        filters=(
            Filter("action", "Việc", sorted(words.ACTIONS.items(), key=lambda each: each[1])),
            Filter("kind", "Loại", sorted(words.KINDS.items(), key=lambda each: each[1])),
            Filter("from", "Từ ngày"),
            Filter("to", "Đến ngày"),
        ),
    )


@routes.get("/audit", Permission.AUDIT, guide=_GUIDE)
async def log(visit: Visit) -> web.StreamResponse:
    """The log, newest first."""
    return await _listing(await visit.run(_titles)).respond(visit, "audit.html")


@routes.get("/audit/{id}", Permission.AUDIT, guide=_GUIDE)
async def act(visit: Visit) -> web.StreamResponse:
    """One act, with what it changed."""
    row = await visit.run(_row, visit.request.match_info["id"])
    if row is None:
        raise web.HTTPNotFound
    called = _called(row, await visit.run(_titles))
    return await visit.page("audit_act.html", row=row, called=called, changes=differences(row.before, row.after))


def _titles(db: Session) -> Mapping[str, str]:
    """What the change sets are called, by number."""
    return {str(row.id): row.title for row in db.execute(select(ChangeSetRecord.id, ChangeSetRecord.title))}


def _called(row: Audit, titles: Mapping[str, str]) -> str:
    """What the act was done to, as officers know it: a change set by its title."""
    known = row.kind == CHANGE_SET and row.key in titles
    return f"{titles[row.key]} (số {row.key})" if known else row.key


def _row(db: Session, key: str) -> Audit | None:
    return db.get(Audit, int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None
