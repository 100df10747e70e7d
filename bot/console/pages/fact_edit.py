"""Writing a new fact, and changing the words of one that is there."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.drafting import mark, write
from bot.console.fact_form import TYPES, FactForm
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offer_drafts, offered, open_unit, save, taken
from bot.console.visit import Visit
from bot.knowledge.domain import FactType
from bot.knowledge.editing.changesets import published_content
from bot.knowledge.editing.keys import key_for, taken_keys
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.words import FACT_TYPE

routes = Routes()
_GUIDE = "thong-tin"
_SAID = "Đã ghi thông tin này vào lần thay đổi."
_NEW: Content = {}


@routes.get("/new-fact", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """First the choice of the type, then the form; ``for`` and ``at`` lead back to a criterion that waits for it."""
    query = visit.request.query
    kind = _type(query.get("type", ""))
    if kind is None:
        return await visit.page("fact_type.html", types=TYPES, given=query)
    form = FactForm(data={"askable": True}, kind=kind)
    form.seen.data = mark(None)
    form.spare(new=True)
    return await _form(visit, form, _NEW, query.get("in"))


@routes.post("/new-fact", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Write a new fact into a draft."""
    posted = await visit.form()
    kind = _type(posted.get("type", ""))
    if kind is None:
        raise web.HTTPNotFound
    form = FactForm(posted, kind=kind)
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, _NEW, None, status=422)
    snapshot = await visit.run(offered, visit, form.draft.data)
    names = {each.id: each.label for each in snapshot.facts.values()}
    if there := taken(Kind.CITIZEN_FACT, names, form.label.data or ""):
        return await _form(visit, form, _NEW, None, status=there.status, refusal=there)
    key = key_for(form.label.data or "", await visit.run(taken_keys, Kind.CITIZEN_FACT))
    content = form.content({"id": key, "type": kind.value})
    done = await _save(visit, form, content)
    if isinstance(done, Refusal):
        return await _form(visit, form, _NEW, None, status=done.status, refusal=done)
    if posted.get("for"):
        back = urlencode({"in": done, "at": posted.get("at", ""), "fact": key})
        return visit.to(f"/provisions/{quote(posted['for'], safe='')}/row?{back}", _SAID)
    return visit.to(f"/changes/{done}", _SAID)


@routes.get("/facts/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of a fact that is there."""
    opened = await visit.run(open_unit, visit, Kind.CITIZEN_FACT, visit.request.query.get("in"))
    old = opened.content
    form = FactForm(data={**old, "title": "", "askable": old.get("askable", True)}, kind=FactType(old["type"]))
    form.seen.data = mark(old)
    form.spare(new=False)
    return await _form(visit, form, old, opened.draft)


@routes.post("/facts/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write the fact into a draft."""
    posted = await visit.form()
    old = (await visit.run(open_unit, visit, Kind.CITIZEN_FACT, posted.get("draft"))).content
    form = FactForm(posted, kind=FactType(old["type"]), fixed=await visit.run(_published_choices, old["id"]))
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, old, None, status=422)
    done = await _save(visit, form, form.content(old))
    if isinstance(done, Refusal):
        return await _form(visit, form, old, None, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", _SAID)


async def _save(visit: Visit, form: FactForm, content: Content) -> int | Refusal:
    units = [(Kind.CITIZEN_FACT, content)]
    title = f"Thông tin: {content['label']}"
    return await save(visit, form, *units[0], lambda work: write(work, form, title, units))


def _type(given: str) -> FactType | None:
    return next((kind for kind in TYPES if kind == given), None)


def _published_choices(db: Session, key: str) -> set[str]:
    published = published_content(db, Kind.CITIZEN_FACT, key) or {}
    return {choice["id"] for choice in published.get("choices", ())}


async def _form(
    visit: Visit,
    form: FactForm,
    old: Content,
    wanted: str | None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    await offer_drafts(visit, form, wanted)
    posted = await visit.form()
    back = {name: posted.get(name) or visit.request.query.get(name, "") for name in ("for", "at")}
    values = {"kind": form.kind.value, "called": FACT_TYPE[form.kind], "boolean": form.kind is FactType.BOOLEAN}
    return await visit.page(
        "fact_edit.html", status=status, form=form, refusal=refusal, name=old.get("label"), back=back, **values
    )
