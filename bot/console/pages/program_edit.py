"""Writing a new program with its first provision, and changing what a program is called."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.console.drafting import mark, write
from bot.console.program_forms import NewProgramForm, ProgramForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offer_drafts, offered, open_unit, save, taken
from bot.console.visit import Visit
from bot.knowledge.domain import Scope
from bot.knowledge.editing.keys import key_for, taken_keys
from bot.knowledge.editing.units import Kind

routes = Routes()
_GUIDE = "quy-dinh"


@routes.get("/new-program", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """The form for a new program."""
    wanted = visit.request.query.get("in")
    form = NewProgramForm(data={"screened": True, "scope": Scope.HOUSEHOLD.value})
    form.seen.data = mark(None)
    form.offer_rows(await visit.run(offered, visit, wanted))
    return await _form(visit, form, wanted)


@routes.post("/new-program", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Write program and provision into a draft, and go on to the provision's rows."""
    form = NewProgramForm(await visit.form())
    snapshot = await visit.run(offered, visit, form.draft.data)
    form.offer_rows(snapshot)
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, None, status=422)
    names = {each.id: each.name for each in snapshot.programs.values()}
    if there := taken(Kind.PROGRAM, names, form.name.data or ""):
        return await _form(visit, form, None, status=there.status, refusal=there)
    key = key_for(form.name.data or "", await visit.run(taken_keys, Kind.PROGRAM))
    provision = form.provision(key)
    units = [(Kind.PROGRAM, form.content({"id": key})), (Kind.PROVISION, provision)]
    title = f"Chương trình mới: {form.name.data}"
    done = await save(visit, form, *units[-1], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _form(visit, form, None, status=done.status, refusal=done)
    place = quote(f"{key}/{provision['key']}", safe="")
    return visit.to(
        f"/provisions/{place}/edit?in={done}",
        "Đã ghi chương trình vào lần thay đổi. Tiếp theo: thêm điều kiện, mức hưởng, giấy tờ, các bước.",
    )


@routes.get("/programs/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of a program that is there."""
    wanted = visit.request.query.get("in")
    opened = await visit.run(open_unit, visit, Kind.PROGRAM, wanted)
    old = opened.content
    form = ProgramForm(data={**old, "title": "", "screened": old.get("screened", True)})
    form.seen.data = mark(old)
    form.offer_rows(opened.snapshot)
    return await _form(visit, form, opened.draft)


@routes.post("/programs/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write the program into a draft."""
    form = ProgramForm(await visit.form())
    opened = await visit.run(open_unit, visit, Kind.PROGRAM, form.draft.data)
    form.offer_rows(opened.snapshot)
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, None, status=422)
    units = [(Kind.PROGRAM, form.content(opened.content))]
    title = f"Chương trình {form.name.data}"
    done = await save(visit, form, *units[0], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _form(visit, form, None, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", "Đã ghi chương trình vào lần thay đổi.")


async def _form(
    visit: Visit, form: ProgramForm, wanted: str | None, *, status: int = 200, refusal: Refusal | None = None
) -> web.Response:
    await offer_drafts(visit, form, wanted)
    new = isinstance(form, NewProgramForm)
    return await visit.page("program_edit.html", status=status, form=form, refusal=refusal, new=new)
