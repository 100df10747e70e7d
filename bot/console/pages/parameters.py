"""Parameters: their values over time, and a new value with what changes with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.drafting import content_of, draft_with, drafted, mark, own_draft, write
from bot.console.editing import open_drafts
from bot.console.fields import document_choices
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.parameter_forms import ValueForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offered
from bot.console.saving import save as save_unit
from bot.console.units import page_of, title_of
from bot.console.visit import Visit
from bot.console.waiting import line_of
from bot.knowledge.domain import Evidence, Parameter
from bot.knowledge.editing.impact import readers_of
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.editing.values import Consequences, consequences, with_value
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import amount_text, day_text
from bot.knowledge.words import EVIDENCE

routes = Routes()
_GUIDE = "tham-so"


@dataclass(frozen=True)
class Given:
    """What a value's form is made from."""

    parameter: Parameter
    snapshot: Snapshot
    drafts: Sequence[ChangeSetRecord]
    draft: ChangeSetRecord | None
    values: Sequence[Content]


def _listing(visit: Visit) -> Listing[Parameter]:
    day = visit.console.clock.today()

    def now(one: Parameter) -> str:
        value = one.on(day)
        return amount_text(value.amount, one.unit) if value else "chưa có"

    def since(one: Parameter) -> dt.date | None:
        value = one.on(day)
        return value.applies_from if value else None

    def coming(one: Parameter) -> str:
        later = next((value for value in one.values if value.applies_from > day), None)
        return f"{amount_text(later.amount, one.unit)} từ {day_text(later.applies_from)}" if later else ""

    return Listing(
        "tham-so",
        columns=(
            Column("name", "Tham số", lambda one: one.name, link=lambda one: f"/parameters/{one.id}"),
            Column("now", f"Mức ngày {day_text(day)}", now),
            Column("since", "Từ ngày", since),
            Column("coming", "Mức sắp tới", coming),
            Column("id", "Mã", lambda one: one.id, shown=False),
        ),
        rows=MemoryRows(
            lambda db: list(visit.console.published.read(db).parameters.values()),
            {"state": lambda one, value: {"now": bool(one.on(day)), "coming": bool(coming(one))}[value]},
        ),
        order="name",
        filters=(Filter("state", "Tình trạng", [("now", "đang có mức"), ("coming", "sắp có mức mới")]),),
    )


@routes.get("/parameters", Permission.CONTENT, guide=_GUIDE)
async def parameters(visit: Visit) -> web.StreamResponse:
    """All parameters with today's value."""
    return await _listing(visit).respond(visit, "parameters.html")


@routes.get("/parameters/{id}", Permission.CONTENT, guide=_GUIDE)
async def parameter(visit: Visit) -> web.StreamResponse:
    """One parameter's values over time, and who reads it."""
    snapshot = await visit.run(visit.console.published.read)
    one = _found(snapshot, visit.request.match_info["id"])
    day = visit.console.clock.today()
    values = [
        {
            "value": value,
            "amount": amount_text(value.amount, one.unit),
            "evidence": EVIDENCE[value.evidence],
            "now": value == one.on(day),
            "edit": page_of(Kind.PARAMETER_VALUE, f"{one.id}/{value.applies_from}"),
        }
        for value in reversed(one.values)
    ]
    readers = [title_of(kind, key, None, snapshot) for kind, key in readers_of(snapshot, one.id)]
    return await visit.page("parameter.html", one=one, values=values, readers=readers)


@routes.get("/parameters/{id}/value", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form for a new value."""
    query = visit.request.query
    given = await visit.run(_given, visit, visit.request.match_info["id"], query.get("in"))
    form = ValueForm(data={"document": query.get("document", ""), "evidence": Evidence.TEXT.value})
    form.seen.data = mark(None)
    _offer(form, given, query.get("in"))
    return await _form(visit, given, form)


@routes.get("/values/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask_again(visit: Visit) -> web.StreamResponse:
    """The form for a value that is there; ``document`` is what it is to be renewed by."""
    query, key = visit.request.query, visit.request.match_info["id"]
    parameter, _, day = key.partition("/")
    held = await visit.run(draft_with, visit.officer.login, query.get("in"), Kind.PARAMETER_VALUE, key)
    wanted = str(held.id) if held else None
    given = await visit.run(_given, visit, parameter, wanted)
    old = next((value for value in given.values if value["applies_from"] == day), None)
    if old is None:
        raise web.HTTPNotFound
    form = ValueForm(data=_data(old, query.get("document", "")))
    form.seen.data = mark(old)
    _offer(form, given, wanted)
    return await _form(visit, given, form)


@routes.post("/parameters/{id}/value", Permission.EDIT, guide=_GUIDE)
async def save(visit: Visit) -> web.StreamResponse:
    """Show what the value changes; or write it, with the value before it closed, into a draft."""
    posted = await visit.form()
    given = await visit.run(_given, visit, visit.request.match_info["id"], posted.get("draft"))
    form = ValueForm(posted)
    _offer(form, given)
    if not form.validate():
        return await _form(visit, given, form, status=422)
    changes = with_value(
        [each for each in given.values if each["applies_from"] != _iso(form)], form.content(given.parameter.id)
    )
    if posted.get("do") != "save":
        return await _form(visit, given, form, found=consequences(given.snapshot, given.parameter.id, changes))
    units = [(Kind.PARAMETER_VALUE, each) for each in changes]
    name = f"{given.parameter.name} từ {form.applies_from.data:%d/%m/%Y}"
    done = await save_unit(visit, form, *units[-1], lambda work: write(work, form, name, units))
    if isinstance(done, Refusal):
        return await _form(visit, given, form, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", f"Đã ghi {name[:1].lower()}{name[1:]} vào lần thay đổi.")


def _found(snapshot: Snapshot, name: str) -> Parameter:
    one = snapshot.parameters.get(name)
    if one is None:
        raise web.HTTPNotFound
    return one


def _given(db: Session, visit: Visit, name: str, wanted: str | None) -> Given:
    draft = own_draft(db, visit.officer.login, wanted)
    snapshot = offered(db, visit, wanted)
    one = _found(snapshot, name)
    drafts = {each["applies_from"] for each in drafted(db, draft, Kind.PARAMETER_VALUE) if each["parameter"] == one.id}
    days = sorted({value.applies_from.isoformat() for value in one.values} | drafts)
    values = [content_of(db, draft, Kind.PARAMETER_VALUE, f"{one.id}/{day}") for day in days]
    return Given(
        one,
        snapshot,
        open_drafts(db, visit.officer.login),
        draft,
        [each for each in values if each is not None],
    )


def _offer(form: ValueForm, given: Given, wanted: str | None = None) -> None:
    form.offer(given.drafts, wanted)
    form.document.choices = document_choices(given.snapshot.documents.values())
    form.amount.description = f"Đơn vị: {given.parameter.unit}. Ví dụ: 2.530.000 hoặc 4,5."


def _data(old: Content, document: str) -> Content:
    basis = old["legal_basis"]
    return {
        "amount": Decimal(old["amount"]),
        "applies_from": dt.date.fromisoformat(old["applies_from"]),
        "applies_to": dt.date.fromisoformat(old["applies_to"]) if old.get("applies_to") else None,
        "document": document or basis["document"],
        "article": basis.get("article", "") if not document else "",
        "evidence": old["evidence"],
    }


def _iso(form: ValueForm) -> str:
    day: dt.date = form.applies_from.data
    return day.isoformat()


async def _form(
    visit: Visit,
    given: Given,
    form: ValueForm,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    found: Consequences | None = None,
) -> web.Response:
    readers = (
        [(title_of(each.kind, each.key, None, given.snapshot), each.lines) for each in found.readers] if found else []
    )
    findings = [line_of(each, given.snapshot) for each in found.findings] if found else []
    values = {"refusal": refusal, "found": found, "readers": readers, "findings": findings}
    return await visit.page("parameter_value.html", status=status, one=given.parameter, form=form, **values)
