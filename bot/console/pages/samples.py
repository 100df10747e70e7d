"""Samples of answers: draw, judge one after the other, and the share that was right with its interval."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.forms import masked
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.listing.columns import text
from bot.console.pages.queue import number_of
from bot.console.people import By
from bot.console.review_forms import SampleForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.figures.periods import Period
from bot.conversation.report import words
from bot.conversation.review import log, sample
from bot.conversation.review.log import TurnView
from bot.knowledge.clock import VIETNAM

routes = Routes()
_GUIDE = "mau-danh-gia"
MOST = 1000
"""Samples that are listed, the newest."""


@dataclass(frozen=True)
class _Open:
    """A sample as its page shows it: the answer to judge next, and how many wait."""

    drawn: sample.Drawn
    turn: TurnView | None
    waiting: int


@routes.get("/samples", Permission.REVIEW, guide=_GUIDE)
async def listed(visit: Visit) -> web.StreamResponse:
    """All samples, and the form for another: the answers of the last whole month, unless told otherwise."""
    month = Period.around("month", visit.console.clock.today()).before
    return await _listed(visit, SampleForm(data={"since": month.first, "until": month.last, "size": 50}))


@routes.post("/samples", Permission.REVIEW, guide=_GUIDE)
async def draw(visit: Visit) -> web.StreamResponse:
    """Draw a sample."""
    form = SampleForm(await visit.form())
    if not form.validate():
        return await _listed(visit, form, status=422)
    period = form.period

    def work(db: Session, by: By, size: int) -> int:
        number = sample.draw(db, period.begins, period.ends, size, by.officer, by.at, seed=secrets.randbits(32))
        by.record(
            db, "create", "sample", str(number), after={"since": period.first, "until": period.last, "size": size}
        )
        return number

    number = await visit.run(work, visit.by, form.size.data or 0)
    return visit.to(f"/samples/{number}")


@routes.get("/samples/{id}", Permission.REVIEW, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """The next answer to judge; that it was read is written down."""
    found = await visit.run(_next, visit.by, _number(visit), visit.request.query.get("skip", ""))
    if found is None:
        raise web.HTTPNotFound
    return await visit.page("sample.html", **vars(found), told=_share(found.drawn), last=text(_last_day(found.drawn)))


@routes.post("/samples/{id}", Permission.REVIEW, guide=_GUIDE)
async def judge(visit: Visit) -> web.StreamResponse:
    """Say whether an answer was right, then on to the next."""
    given = await visit.form()
    number, turn_id, verdict = _number(visit), given.get("turn", ""), given.get("right")
    if verdict not in {"yes", "no"}:
        return visit.to(f"/samples/{number}", "Hãy chọn “Đúng” hoặc “Sai”.")

    def work(db: Session, by: By) -> None:
        note = masked(given.get("note"))[:1000] or None
        sample.judge(db, number, turn_id, by.officer, by.at, right=verdict == "yes", note=note)
        by.record(db, "judge", "sample", str(number), after={"turn": turn_id, "right": verdict == "yes"})

    try:
        await visit.run(work, visit.by)
    except sample.NotSampledError:
        raise web.HTTPNotFound from None
    return visit.to(f"/samples/{number}")


async def _listed(visit: Visit, form: SampleForm, *, status: int = 200) -> web.Response:
    return await LISTING.respond(visit, "samples.html", status=status, form=form)


def _next(db: Session, by: By, number: int, skip: str) -> _Open | None:
    drawn = next(iter(sample.listed(db, only=number)), None)
    if drawn is None:
        return None
    waiting = sample.unjudged(db, number)
    later = waiting[waiting.index(skip) + 1 :] if skip in waiting else waiting
    turn_id = next(iter(later or waiting), None)
    turn = None
    if turn_id is not None:
        turn = next(view for view in log.conversation(db, turn_id) if view.entry.turn_id == turn_id)
        by.record(db, "read", "conversation", turn_id)
    return _Open(drawn, turn, len(waiting))


def _share(drawn: sample.Drawn) -> str:
    """ "45/50 câu đúng (90,0%; khoảng tin cậy 95%: từ 78,6% đến 95,7%)"; a dash while nothing is judged."""
    found = sample.wilson(drawn.right, drawn.judged)
    if found.share is None:
        return words.NOTHING
    interval = f"khoảng tin cậy 95%: từ {words.percent(found.low)} đến {words.percent(found.high)}"
    return f"{found.right}/{found.judged} câu đúng ({words.percent(found.share)}; {interval})"


def _last_day(drawn: sample.Drawn) -> dt.date:
    """The last day whose answers it was drawn from."""
    return (drawn.until.astimezone(VIETNAM) - dt.timedelta(days=1)).date()


def _first_day(drawn: sample.Drawn) -> dt.date:
    return drawn.since.astimezone(VIETNAM).date()


LISTING: Listing[sample.Drawn] = Listing(
    "mau-danh-gia",
    columns=(
        Column("since", "Từ ngày", _first_day, link=lambda row: f"/samples/{row.id}"),
        Column("until", "Đến ngày", _last_day),
        Column("judged", "Đã đánh giá", lambda row: f"{row.judged}/{row.turns} (trong {row.answered} câu trả lời)"),
        Column("right", "Kết quả", _share),
        Column("by", "Ai rút", lambda row: row.drawn_by),
        Column("at", "Rút lúc", lambda row: row.drawn_at),
    ),
    rows=MemoryRows(
        lambda db: sample.listed(db, limit=MOST),
        {"state": lambda row, value: (row.judged < row.turns) == (value == "open")},
    ),
    order="-at",
    filters=(Filter("state", "Tình trạng", [("open", "chưa đánh giá xong"), ("done", "đã đánh giá xong")]),),
)


def _number(visit: Visit) -> int:
    return number_of(visit.request.match_info["id"]) or 0
