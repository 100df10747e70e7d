"""Programs by topic, each with its provisions on a line of time, read as of a day; and a provision's next version."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.orm import Session
from wtforms.validators import InputRequired

from bot.console.drafting import DraftForm, content_of, draft_with, write
from bot.console.editing import edit, open_drafts
from bot.console.fields import DayField
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.renewing import new_version
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal
from bot.console.visit import Visit
from bot.knowledge.domain import Program, Provision, State
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.preview import draft_snapshot
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import benefit_text, citation_text, document_text, step_text
from bot.knowledge.words import EVIDENCE, STATE

routes = Routes()
_GUIDE = "quy-dinh"
_MISSING = "Hãy điền ô này."


class VersionForm(DraftForm):
    """From when a new version holds."""

    first = DayField("Phiên bản mới áp dụng từ ngày", [InputRequired(_MISSING)])


def _listing(snapshot: Snapshot, day: dt.date) -> Listing[Program]:
    def state(one: Program) -> str:
        now = one.on(day)
        return STATE[now.state] if now else "Không có quy định"

    def until(one: Program) -> dt.date | None:
        now = one.on(day)
        return now.applies_to if now else None

    return Listing(
        "chuong-trinh",
        columns=(
            Column("topic", "Chủ đề", lambda one: snapshot.topics[one.topic].name),
            Column("name", "Chương trình", lambda one: one.name, link=lambda one: f"/programs/{one.id}"),
            Column("state", "Hôm nay", state),
            Column("until", "Đến hết ngày", until),
            Column("versions", "Số phiên bản", lambda one: len(one.provisions)),
            Column("keywords", "Từ khoá", lambda one: ", ".join(one.keywords), shown=False),
        ),
        rows=MemoryRows(
            lambda _db: list(snapshot.programs.values()),
            {"topic": lambda one, value: one.topic == value, "state": lambda one, value: state(one) == value},
        ),
        order="topic",
        filters=(
            Filter("topic", "Chủ đề", [(each.id, each.name) for each in snapshot.topics.values()]),
            Filter("state", "Hôm nay", [(name, name) for name in (*STATE.values(), "Không có quy định")]),
        ),
    )


@routes.get("/programs", Permission.CONTENT, guide=_GUIDE)
async def programs(visit: Visit) -> web.StreamResponse:
    """All programs."""
    snapshot = await visit.run(visit.console.published.read)
    return await _listing(snapshot, visit.console.clock.today()).respond(visit, "programs.html")


@routes.get("/programs/{id}", Permission.CONTENT, guide=_GUIDE)
async def program(visit: Visit) -> web.StreamResponse:
    """One program as it reads on a day: as published, or as the change set ``in`` would have it."""
    return await _program(visit)


@routes.post("/programs/{id}", Permission.EDIT, guide=_GUIDE)
async def version(visit: Visit) -> web.StreamResponse:
    """Copy the last provision as a new version from a day on, into a draft; and open it."""
    posted = await visit.form()
    form = VersionForm(posted)
    await visit.run(lambda db: form.offer(open_drafts(db, visit.officer.login)))
    if not form.validate():
        return await _program(visit, form, status=422)
    name = visit.request.match_info["id"]

    def step(work: Work) -> tuple[int, str]:
        snapshot = visit.console.published.read(work.session)
        last = snapshot.programs[name].provisions[-1]
        if form.first.data <= last.applies_from:
            said = f"Quy định gần nhất áp dụng từ {last.applies_from:%d/%m/%Y}: phiên bản mới phải bắt đầu sau ngày đó."
            raise ValueError(f"{said} Đã nhập: {form.first.data:%d/%m/%Y}.")

        def drafted(key: str) -> Content | None:
            draft = draft_with(work.session, work.officer, form.draft.data, Kind.PROVISION, f"{name}/{key}")
            return content_of(work.session, draft, Kind.PROVISION, f"{name}/{key}")

        content = drafted(last.key)
        assert content is not None
        units = [(Kind.PROVISION, each) for each in new_version(content, form.first.data)]
        if drafted(units[-1][1]["key"]) is not None:
            raise ValueError(f"Phiên bản từ {form.first.data:%d/%m/%Y} đã có trong bản đang soạn: hãy mở ra để sửa.")
        form.seen.data = ""
        return write(work, form, f"{snapshot.programs[name].name} từ {form.first.data:%d/%m/%Y}", units), units[-1][1][
            "key"
        ]

    if name not in (await visit.run(visit.console.published.read)).programs:
        raise web.HTTPNotFound
    try:
        number, key = await edit(visit, step)
    except (EditingError, ValueError) as error:
        return await _program(visit, form, status=422, refusal=Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, [str(error)]))
    path = f"/provisions/{quote(f'{name}/{key}', safe='')}/edit?in={number}"
    return visit.to(path, "Đã chép quy định gần nhất thành phiên bản mới. Hãy sửa những gì khác đi.")


async def _program(
    visit: Visit, form: VersionForm | None = None, *, status: int = 200, refusal: Refusal | None = None
) -> web.Response:
    query, name = visit.request.query, visit.request.match_info["id"]
    number, given = query.get("in", ""), query.get("day", "")
    try:
        day = dt.date.fromisoformat(given) if given else visit.console.clock.today()
    except ValueError:
        day = visit.console.clock.today()
    form = form or VersionForm()

    def read(db: Session) -> tuple[Snapshot, bool]:
        form.offer(open_drafts(db, visit.officer.login), number or None)
        published = visit.console.published.read(db)
        given = number.isascii() and number.isdigit()
        return draft_snapshot(db, int(number)) if given else published, name in published.programs

    try:
        snapshot, is_published = await visit.run(read)
    except EditingError as error:
        raise web.HTTPNotFound from error
    one = snapshot.programs.get(name)
    if one is None:
        raise web.HTTPNotFound
    now = one.on(day)
    return await visit.page(
        "program.html",
        status=status,
        one=one,
        topic=snapshot.topics[one.topic].name,
        line=[
            (each, _standing(each, day), f"/provisions/{quote(f'{name}/{each.key}', safe='')}/edit")
            for each in one.provisions
        ],
        now=now,
        told=_told(now, snapshot, day) if now else None,
        day=day,
        number=number,
        published=is_published,
        form=form,
        refusal=refusal,
    )


def _standing(provision: Provision, day: dt.date) -> str:
    """How a provision stands on ``day``: one in the past or the future is not in force, whatever its state."""
    if provision.applies_to is not None and provision.applies_to < day:
        return "Đã qua"
    if provision.applies_from > day and provision.state is State.OPEN:
        return "Sắp áp dụng"
    return STATE[provision.state]


def _told(provision: Provision, snapshot: Snapshot, day: dt.date) -> dict[str, Any]:
    """The provision in the words that citizens hear."""
    return {
        "state": STATE[provision.state],
        "evidence": EVIDENCE[provision.evidence],
        "note": provision.note,
        "basis": [citation_text(each) for each in provision.legal_basis],
        "common": [each.label for each in provision.common],
        "groups": [(group.label, [each.label for each in group.criteria]) for group in provision.groups],
        "benefits": [benefit_text(each, snapshot.parameters, day) for each in provision.benefits],
        "documents": [document_text(each) for each in provision.documents],
        "steps": [step_text(each) for each in provision.steps],
    }
