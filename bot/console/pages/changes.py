"""Change sets: what is being changed, by whom, and the way from draft to published and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.console import changing
from bot.console.changing import STAGES, SetView
from bot.console.editing import edit
from bot.console.forms import masked
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.rehearsals import REHEARSALS, run_of
from bot.console.reviews import REVIEWS
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.runs import Run
from bot.console.units import page_of
from bot.console.visit import Visit
from bot.knowledge.clock import VIETNAM
from bot.knowledge.editing import changesets, history, publishing
from bot.knowledge.editing.faults import ConflictError, EditingError, FaultyError, NotAllowedError
from bot.knowledge.editing.reviewing import UnsoundError
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work

routes = Routes()
_GUIDE = "duyet-va-cong-bo"
_ONE = "/changes/{id}"
_FURTHEST = dt.timedelta(days=2 * 366)


@dataclass(frozen=True)
class _Line:
    """A change set in the list."""

    id: int
    title: str
    state: str
    author: str
    name: str
    units: int
    created_at: dt.datetime
    approver: str | None
    publish_at: dt.datetime | None
    published_at: dt.datetime | None


def _lines(db: Session) -> Sequence[_Line]:
    counted = db.execute(select(ChangeRecord.change_set_id, func.count()).group_by(ChangeRecord.change_set_id))
    sizes: dict[int, int] = {row[0]: row[1] for row in counted}
    columns = (
        ChangeSetRecord.id, ChangeSetRecord.title, ChangeSetRecord.state, ChangeSetRecord.author,
        ChangeSetRecord.created_at, ChangeSetRecord.approver, ChangeSetRecord.publish_at, ChangeSetRecord.published_at,
    )  # fmt: skip
    found = db.execute(select(*columns)).all()
    names = changing.names_of(db, *{row[3] for row in found}, *{row[5] for row in found})
    return [
        _Line(number, title, state, author, names[author], sizes.get(number, 0), made, names.get(by or ""), due, done)
        for number, title, state, author, made, by, due, done in found
    ]


def _listing(visitor: str) -> Listing[_Line]:
    return Listing(
        "lan-thay-doi",
        columns=(
            Column("title", "Lần thay đổi", lambda one: one.title, link=lambda one: f"/changes/{one.id}"),
            Column("state", "Tình trạng", lambda one: STAGES[one.state]),
            Column("author", "Người soạn", lambda one: one.name),
            Column("units", "Số mục", lambda one: one.units),
            Column("created", "Tạo lúc", lambda one: one.created_at),
            Column("approver", "Người duyệt", lambda one: one.approver),
            Column("due", "Hẹn công bố", lambda one: one.publish_at),
            Column("published", "Công bố lúc", lambda one: one.published_at),
        ),
        rows=MemoryRows(
            _lines,
            {
                "state": lambda one, value: one.state == value,
                "who": lambda one, value: (one.author == visitor) == (value == "me"),
            },
        ),
        order="-created",
        filters=(
            Filter("state", "Tình trạng", [*STAGES.items()]),
            Filter("who", "Người soạn", [("me", "Của tôi"), ("others", "Của người khác")]),
        ),
    )


@routes.get("/changes", Permission.CONTENT, guide=_GUIDE)
async def changes(visit: Visit) -> web.StreamResponse:
    """The list."""
    return await _listing(visit.officer.login).respond(visit, "changes.html")


@routes.get(_ONE, Permission.CONTENT, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One change set: its changes beside what is published, and the steps that can be taken."""
    number, console, reviews = number_of(visit), visit.console, visit.request.app[REVIEWS]

    def read(db: Session) -> tuple[SetView, Run | None] | None:
        published = console.published.read(db)
        view = changing.read(
            db,
            number,
            published,
            visit.officer,
            lambda found: reviews.read(db, found, published, console.clock.today()),
            visit.request.query,
        )
        if view is None:
            return None
        runs = visit.request.app[REHEARSALS]
        return view, runs.read(db, run_of(db, view.record)) if view.weighs else None

    found = await visit.run(read)
    if found is None:
        raise web.HTTPNotFound
    view, run = found
    return await visit.page("change_set.html", view=view, one=view.record, run=run)


@routes.post(f"{_ONE}/submit", Permission.EDIT, guide=_GUIDE)
async def submit(visit: Visit) -> web.StreamResponse:
    """Hand the draft over for approval."""
    console, reviews = visit.console, visit.request.app[REVIEWS]

    def step(work: Work, number: int, _form: Callable[[str], str]) -> None:
        found = work.session.get(ChangeSetRecord, number)
        if found is None:
            raise web.HTTPNotFound
        published = console.published.read(work.session)
        review = reviews.read(work.session, found, published, console.clock.today()).review
        if review.errors:
            raise UnsoundError(review.errors)
        changesets.submit(work, number, seen=found.revision)

    return await _do(visit, step, "Đã gửi duyệt.")


@routes.post(f"{_ONE}/withdraw", Permission.EDIT, guide=_GUIDE)
async def withdraw(visit: Visit) -> web.StreamResponse:
    """End a set that is not published."""
    return await _do(visit, lambda work, number, _: changesets.withdraw(work, number), "Đã rút lần thay đổi này.")


@routes.post(f"{_ONE}/reopen", Permission.EDIT, guide=_GUIDE)
async def reopen(visit: Visit) -> web.StreamResponse:
    """Go on with a set that was withdrawn."""
    return await _do(visit, lambda work, number, _: changesets.reopen(work, number), "Đã mở lại để soạn tiếp.")


@routes.post(f"{_ONE}/rename", Permission.EDIT, guide=_GUIDE)
async def rename(visit: Visit) -> web.StreamResponse:
    """Call a draft something else."""
    return await _do(
        visit, lambda work, number, form: changesets.rename(work, number, masked(form("title"))), "Đã đổi tên."
    )


@routes.post(f"{_ONE}/reject", Permission.APPROVE, guide=_GUIDE)
async def reject(visit: Visit) -> web.StreamResponse:
    """Give a set back to its author with a reason."""
    return await _do(
        visit,
        lambda work, number, form: changesets.reject(work, number, masked(form("reason"))),
        "Đã trả lại người soạn.",
    )


@routes.post(f"{_ONE}/approve", Permission.APPROVE, guide=_GUIDE)
async def approve(visit: Visit) -> web.StreamResponse:
    """Approve, and publish at once or at the time given."""

    def step(work: Work, number: int, form: Callable[[str], str]) -> None:
        if form("when") != "later":
            publishing.approve_and_publish(work, number)
            return
        given = changing.moment(form("publish_at"), VIETNAM)
        if given is None or given <= work.at:
            said = f" Đã chọn: {given:%d/%m/%Y %H:%M}." if given else ""
            raise NotAllowedError(f"Hãy chọn ngày giờ công bố ở sau lúc này.{said}")
        if given > work.at + _FURTHEST:
            raise NotAllowedError(f"Chỉ hẹn công bố được trong vòng hai năm tới. Đã chọn: {given:%d/%m/%Y %H:%M}.")
        changesets.approve(work, number, given.astimezone(dt.timezone.utc))

    form = await visit.form()
    done = "Đã duyệt, sẽ tự công bố đúng giờ." if form.get("when") == "later" else "Đã duyệt và công bố."
    return await _do(visit, step, done)


@routes.post(f"{_ONE}/publish", Permission.APPROVE, guide=_GUIDE)
async def publish(visit: Visit) -> web.StreamResponse:
    """Publish an approved set now, before its time."""
    return await _do(visit, lambda work, number, _: publishing.publish(work, number), "Đã công bố.")


@routes.post(f"{_ONE}/undo", Permission.EDIT, guide=_GUIDE)
async def undo(visit: Visit) -> web.StreamResponse:
    """Draft the way back to what was said before a published set."""
    number = number_of(visit)
    try:
        made = await edit(visit, history.undo, number)
    except EditingError as error:
        return visit.refuse(f"/changes/{number}", sentence(error))
    return visit.to(f"/changes/{made.id}", "Đã soạn bản khôi phục. Hãy xem lại rồi gửi duyệt.")


@routes.post(f"{_ONE}/drop", Permission.EDIT, guide=_GUIDE)
async def drop(visit: Visit) -> web.StreamResponse:
    """Take a unit out of the draft."""

    def step(work: Work, number: int, form: Callable[[str], str]) -> None:
        changesets.drop(work, number, _kind(form("kind")), form("key"))

    return await _do(visit, step, "Đã bỏ mục đó khỏi lần thay đổi.")


@routes.post(f"{_ONE}/rebase", Permission.EDIT, guide=_GUIDE)
async def rebase(visit: Visit) -> web.StreamResponse:
    """Take what others published as the base; what was drafted stays, to be edited on."""

    def step(work: Work, number: int, form: Callable[[str], str]) -> None:
        changesets.rebase(work, number, _kind(form("kind")), form("key"))

    form, number = await visit.form(), number_of(visit)
    page = page_of(_kind(form.get("kind", "")), form.get("key", ""), number)
    return await _do(visit, step, "Đã lấy bản mới làm gốc; bản soạn còn nguyên. Hãy sửa lại cho khớp.", page)


def number_of(visit: Visit) -> int:
    """The change set that the address names; raises ``HTTPNotFound`` for what is no number."""
    given = visit.request.match_info["id"]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise web.HTTPNotFound
    return int(given)


def sentence(error: EditingError) -> str:
    """What an officer is told; the page itself shows faults and conflicts in full."""
    match error:
        case FaultyError():
            return f"Chưa làm được: còn {len(error.faults)} lỗi cần sửa, xem bên dưới."
        case UnsoundError():
            return f"Chưa gửi duyệt được: bản soạn làm {len(error.findings)} chỗ không còn đúng, xem bên dưới."
        case ConflictError():
            return "Chưa làm được: có mục vừa được người khác công bố bản mới, xem bên dưới. Bản soạn còn nguyên."
        case _:
            return str(error)


async def _do(
    visit: Visit, step: Callable[[Work, int, Callable[[str], str]], object], done: str, then: str | None = None
) -> web.Response:
    number, form = number_of(visit), await visit.form()
    try:
        await edit(visit, step, number, lambda name: form.get(name, ""))
    except EditingError as error:
        return visit.refuse(f"/changes/{number}", sentence(error))
    return visit.to(then or f"/changes/{number}{visit.asked}", done)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise web.HTTPBadRequest from None
