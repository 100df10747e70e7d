"""The inbox: what citizens ask a person, with how long they wait; and who did what with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from bot.console.handovers import ACTS, CHANNELS, names, state_of
from bot.console.listing import Column, Filter, Listing, SqlRows
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.models import HandoverAudit, HandoverRow

routes = Routes()
_GUIDE = "hop-thu"
_SHORT = 140
_STATES = {
    "open": "Chưa xong",
    "waiting": "Đang chờ",
    "mine": "Của tôi",
    "claimed": "Đã có người nhận",
    "late": "Quá hạn, chưa trả lời",
    "closed": "Đã đóng",
}
_TABS = ("waiting", "mine", "late", "open")


def conditions(login: str, overdue_since: dt.datetime) -> dict[str, ColumnElement[bool]]:
    """What each state of the filter means to an officer at a moment."""
    unfinished = HandoverRow.state != "closed"
    return {
        "open": unfinished,
        "waiting": HandoverRow.state == "waiting",
        "mine": and_(HandoverRow.state == "claimed", HandoverRow.claimed_by == login),
        "claimed": HandoverRow.state == "claimed",
        "late": and_(unfinished, HandoverRow.answered_at.is_(None), HandoverRow.requested_at < overdue_since),
        "closed": HandoverRow.state == "closed",
    }


def age(since: dt.datetime, now: dt.datetime) -> str:
    """How long ago that was, in its largest unit: ``12 phút``, ``3 giờ``, ``2 ngày``."""
    minutes = max(int((now - since).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} phút"
    return f"{minutes // 60} giờ" if minutes < 24 * 60 else f"{minutes // (24 * 60)} ngày"


def _listing(visit: Visit, known: Mapping[str, str]) -> Listing[HandoverRow]:
    standing, now = visit.console.standing, visit.console.clock.now()
    overdue_since = standing.overdue_since(now)
    states = conditions(visit.officer.login, overdue_since)
    return Listing(
        "hop-thu",
        columns=(
            Column("code", "Mã", lambda row: row.code, link=lambda row: f"/inbox/{row.code}"),
            Column("question", "Câu hỏi", lambda row: _cut(row.question)),
            Column("all", "Câu hỏi đầy đủ", lambda row: row.question, shown=False),
            Column("channel", "Kênh", lambda row: CHANNELS.get(row.session.channel, row.session.channel)),
            Column("requested", "Hỏi lúc", lambda row: row.requested_at),
            Column("age", "Đã chờ", lambda row: age(row.requested_at, row.answered_at or row.closed_at or now)),
            Column("due", "Hạn trả lời", lambda row: standing.due(row.requested_at)),
            Column("state", "Tình trạng", lambda row: state_of(row, overdue_since)),
            Column("holder", "Người nhận", lambda row: known.get(row.claimed_by or "", row.claimed_by)),
            Column("claimed", "Nhận lúc", lambda row: row.claimed_at, shown=False),
            Column("answered", "Trả lời lúc", lambda row: row.answered_at, shown=False),
            Column("closed", "Đóng lúc", lambda row: row.closed_at, shown=False),
        ),
        rows=SqlRows(
            select(HandoverRow).options(joinedload(HandoverRow.session)),
            folded=HandoverRow.folded,
            ordered={
                "requested": HandoverRow.requested_at,
                "code": HandoverRow.code,
                "state": HandoverRow.state,
                "holder": HandoverRow.claimed_by,
            },
            tie=HandoverRow.id,
            filtered={
                "state": states.get,
                "channel": lambda value: HandoverRow.session.has(channel=value),
            },
        ),
        order="requested" if visit.request.query.get("state", "open") not in {"closed", ""} else "-requested",
        filters=(Filter("state", "Tình trạng", [*_STATES.items()]), Filter("channel", "Kênh", [*CHANNELS.items()])),
        at_first={"state": "open"},
    )


@routes.get("/inbox", Permission.INBOX, guide=_GUIDE)
async def inbox(visit: Visit) -> web.StreamResponse:
    """The list; without a question in the address, what is not finished."""
    if "export" in visit.request.query:
        await visit.run(visit.by.record, "export", "handover", "danh-sach")
    known = await visit.run(names)
    counted = await visit.run(_count, visit.officer.login, visit.console.standing.overdue_since(visit.by.at))
    return await _listing(visit, known).respond(
        visit,
        "inbox.html",
        tabs=[(state, _STATES[state], counted[state]) for state in _TABS],
        newest=await visit.run(_newest),
        sees_log=may(visit.officer.roles, Permission.AUDIT),
    )


@routes.get("/inbox/news", Permission.INBOX)
async def news(visit: Visit) -> web.StreamResponse:
    """Whether somebody has asked since the page was opened: a sentence, or 204 while there is nothing new to say."""
    since, seen = (_number(visit.request.query.get(name, "")) for name in ("since", "seen"))
    newest, count = await visit.run(_newer, since)
    if newest <= seen:
        return web.Response(status=204)
    values = {"since": since, "newest": newest, "count": count}
    return aiohttp_jinja2.render_template("inbox_news.html", visit.request, values)


_LOG: Listing[HandoverAudit] = Listing(
    "nhat-ky-hop-thu",
    columns=(
        Column("at", "Lúc", lambda row: row.at),
        Column("officer", "Ai", lambda row: row.officer),
        Column("action", "Việc", lambda row: ACTS.get(row.action, row.action)),
        Column("code", "Mã", lambda row: row.code),
    ),
    rows=SqlRows(
        select(HandoverAudit),
        # Logins and codes have no accents.
        folded=func.lower(HandoverAudit.officer + " " + HandoverAudit.code),
        ordered={"at": HandoverAudit.at, "officer": HandoverAudit.officer, "code": HandoverAudit.code},
        tie=HandoverAudit.id,
        filtered={"action": lambda value: HandoverAudit.action == value},
    ),
    order="-at",
    filters=(Filter("action", "Việc", sorted(ACTS.items(), key=lambda each: each[1])),),
)


@routes.get("/inbox/log", Permission.AUDIT, guide=_GUIDE)
async def log(visit: Visit) -> web.StreamResponse:
    """Who looked at what and did what, newest first."""
    return await _LOG.respond(visit, "inbox_log.html")


def _cut(question: str) -> str:
    return question if len(question) <= _SHORT else f"{question[: _SHORT - 1]}…"


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0


def _count(db: Session, login: str, overdue_since: dt.datetime) -> dict[str, int]:
    found = conditions(login, overdue_since)
    return {state: db.scalar(select(func.count()).select_from(HandoverRow).where(found[state])) or 0 for state in _TABS}


def _newest(db: Session) -> int:
    return db.scalar(select(func.max(HandoverRow.id))) or 0


def _newer(db: Session, since: int) -> tuple[int, int]:
    query = select(func.max(HandoverRow.id), func.count()).where(HandoverRow.id > since)
    newest, count = db.execute(query).one()
    return newest or 0, count
