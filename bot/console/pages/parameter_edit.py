"""Writing a new parameter with its first value, and changing what a parameter is called."""

from __future__ import annotations

from aiohttp import web

from bot.console.drafting import mark, write
from bot.console.fields import document_choices
from bot.console.parameter_forms import HeadForm, NewParameterForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offer_drafts, offered, open_unit, save, taken
from bot.console.visit import Visit
from bot.knowledge.editing.keys import key_for, taken_keys
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "tham-so"


@routes.get("/new-parameter", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """The form for a new parameter."""
    wanted = visit.request.query.get("in")
    form = NewParameterForm()
    form.seen.data = mark(None)
    return await _new_form(visit, form, wanted)


@routes.post("/new-parameter", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Write parameter and value into a draft."""
    form = NewParameterForm(await visit.form())
    snapshot = await _offer(visit, form, form.draft.data)
    if not form.validate():
        return await _new_form(visit, form, form.draft.data, status=422)
    names = {each.id: each.name for each in snapshot.parameters.values()}
    if there := taken(Kind.PARAMETER, names, form.name.data or ""):
        return await _new_form(visit, form, form.draft.data, status=there.status, refusal=there)
    key = key_for(form.name.data or "", await visit.run(taken_keys, Kind.PARAMETER))
    units = [(Kind.PARAMETER, form.head(key)), (Kind.PARAMETER_VALUE, form.content(key))]
    title = f"Tham số mới: {form.name.data}"
    done = await save(visit, form, *units[-1], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _new_form(visit, form, form.draft.data, status=done.status, refusal=done)
    return visit.to(
        f"/changes/{done}",
        f"Đã ghi tham số vào lần thay đổi. Trong câu trả lời, viết {{{key}}} thì con số tự hiện và tự đổi theo bảng.",
    )


@routes.get("/parameters/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of what a parameter is called."""
    opened = await visit.run(open_unit, visit, Kind.PARAMETER, visit.request.query.get("in"))
    form = HeadForm(data={**opened.content, "title": ""})
    form.seen.data = mark(opened.content)
    return await _form(visit, form, opened.draft)


@routes.post("/parameters/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write it into a draft."""
    form = HeadForm(await visit.form())
    old = (await visit.run(open_unit, visit, Kind.PARAMETER, form.draft.data)).content
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, None, status=422)
    units = [(Kind.PARAMETER, form.head(old["id"]))]
    title = f"Tham số: {form.name.data}"
    done = await save(visit, form, *units[0], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _form(visit, form, None, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", "Đã ghi tham số vào lần thay đổi.")


async def _offer(visit: Visit, form: NewParameterForm, wanted: str | None) -> Snapshot:
    await offer_drafts(visit, form, wanted)
    snapshot = await visit.run(offered, visit, wanted)
    form.document.choices = document_choices(snapshot.documents.values())
    return snapshot


async def _new_form(
    visit: Visit,
    form: NewParameterForm,
    wanted: str | None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    await _offer(visit, form, wanted)
    return await visit.page("parameter_new.html", status=status, form=form, refusal=refusal)


async def _form(
    visit: Visit, form: HeadForm, wanted: str | None, *, status: int = 200, refusal: Refusal | None = None
) -> web.Response:
    await offer_drafts(visit, form, wanted)
    return await visit.page("parameter_edit.html", status=status, form=form, refusal=refusal)
