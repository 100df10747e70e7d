"""Legal documents: the list, one to write, and one that replaces another with all that is then to be renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import URL, InputRequired, Length, Optional

from bot.console.drafting import DraftForm, content_of, draft_with, mark, write
from bot.console.editing import edit, open_drafts
from bot.console.fields import DayField, document_choices, not_before
from bot.console.forms import composed
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.renewing import renew, renewals
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offered, open_unit, save, taken
from bot.console.visit import Visit
from bot.knowledge.domain import LegalDocument
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "van-ban"
_MISSING = "Hãy điền ô này."
_DAY = dt.timedelta(days=1)
_DAYS = ("issued", "effective_from", "effective_to")


class DocumentForm(DraftForm):
    """A legal document."""

    number = StringField(
        "Số hiệu", [InputRequired(_MISSING), Length(max=120)], filters=[composed], description="Ví dụ: 188/2025/NĐ-CP."
    )
    name = TextAreaField("Tên văn bản", [InputRequired(_MISSING)], filters=[composed], render_kw={"rows": 3})
    issuer = StringField("Cơ quan ban hành", filters=[composed])
    issued = DayField("Ngày ban hành")
    effective_from = DayField("Có hiệu lực từ ngày")
    effective_to = DayField("Hết hiệu lực sau ngày", description="Để trống nếu còn hiệu lực.")
    url = StringField(
        "Địa chỉ trang có toàn văn",
        [Optional(), URL(message="Địa chỉ phải bắt đầu bằng http:// hoặc https://.")],
        filters=[composed],
    )
    replaces = SelectField(
        "Thay thế văn bản", description="Văn bản cũ sẽ ghi là được thay, và hết hiệu lực khi văn bản này có hiệu lực."
    )

    def validate_effective_to(self, field: DayField) -> None:
        """Refuse days the wrong way round."""
        not_before(self.effective_from, field)


def _listing(visit: Visit) -> Listing[LegalDocument]:
    day = visit.console.clock.today()

    def state(one: LegalDocument) -> str:
        if one.effective_to is not None and one.effective_to < day:
            return "Hết hiệu lực"
        if one.effective_from is not None and one.effective_from > day:
            return "Chưa có hiệu lực"
        return "Đã được thay" if one.replaced_by else "Còn hiệu lực"

    return Listing(
        "van-ban",
        columns=(
            Column("number", "Số hiệu", lambda one: one.number, link=lambda one: f"/documents/{quoted(one.number)}"),
            Column("title", "Tên văn bản", lambda one: one.title),
            Column("from", "Có hiệu lực từ", lambda one: one.effective_from),
            Column("to", "Đến hết", lambda one: one.effective_to),
            Column("state", "Tình trạng", state),
            Column("successor", "Được thay bằng", lambda one: one.replaced_by),
            Column("issuer", "Cơ quan", lambda one: one.issuer, shown=False),
            Column("url", "Địa chỉ", lambda one: one.url, shown=False),
        ),
        rows=MemoryRows(
            lambda db: list(visit.console.published.read(db).documents.values()),
            {"state": lambda one, value: state(one) == value},
        ),
        order="-from",
        filters=(
            Filter(
                "state",
                "Tình trạng",
                [(name, name) for name in ("Còn hiệu lực", "Chưa có hiệu lực", "Đã được thay", "Hết hiệu lực")],
            ),
        ),
    )


@routes.get("/documents", Permission.CONTENT, guide=_GUIDE)
async def documents(visit: Visit) -> web.StreamResponse:
    """All documents."""
    return await _listing(visit).respond(visit, "documents.html")


@routes.get("/documents/{id}", Permission.CONTENT, guide=_GUIDE)
async def document(visit: Visit) -> web.StreamResponse:
    """One document, and what rests on it from today on."""
    number = visit.request.match_info["id"]
    snapshot = await visit.run(visit.console.published.read)
    one = snapshot.documents.get(number)
    if one is None:
        raise web.HTTPNotFound
    rows = renewals(snapshot, number, visit.console.clock.today(), None)
    return await visit.page("document.html", one=one, path=quoted(number), rows=rows)


@routes.get("/new-document", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """The form for a new document; ``replaces`` is the number of the one that it takes the place of."""
    query = visit.request.query
    form = DocumentForm(data={"replaces": query.get("replaces", "")})
    form.seen.data = mark(None)
    return await _form(visit, form, query.get("in"))


@routes.post("/new-document", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Write a new document into a draft."""
    return await _save(visit, None)


@routes.get("/documents/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form for a document that is there."""
    opened = await visit.run(open_unit, visit, Kind.LEGAL_DOCUMENT, visit.request.query.get("in"))
    old = opened.content
    days = {name: dt.date.fromisoformat(old[name]) for name in _DAYS if old.get(name)}
    form = DocumentForm(data={**old, **days, "name": old["title"], "title": ""})
    form.seen.data = mark(old)
    return await _form(visit, form, opened.draft, old["number"])


@routes.post("/documents/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write the document into a draft."""
    return await _save(visit, visit.request.match_info["id"])


@routes.get("/changes/{id}/renewals", Permission.EDIT, guide=_GUIDE)
async def to_renew(visit: Visit) -> web.StreamResponse:
    """What rests on the document ``old``, to be renewed in this draft by ``new``."""
    number, query = visit.request.match_info["id"], visit.request.query
    snapshot, draft = await visit.run(_snapshot_and_draft, visit, number)
    if draft is None:
        raise web.HTTPNotFound
    old, new = query.get("old", ""), query.get("new", "")
    rows = renewals(snapshot, old, visit.console.clock.today(), draft, new)
    return await visit.page("renewals.html", number=number, old=old, new=new, rows=rows, title=draft.title)


@routes.post("/changes/{id}/renewals", Permission.EDIT, guide=_GUIDE)
async def renew_one(visit: Visit) -> web.StreamResponse:
    """Take one of them into the draft, citing the new document; articles are then to be looked up."""
    posted, number = await visit.form(), visit.request.match_info["id"]
    old, new = posted.get("old", ""), posted.get("new", "")
    path = f"/changes/{number}/renewals?{urlencode({'old': old, 'new': new})}"
    try:
        said = await edit(visit, renew, number, posted.get("kind", ""), posted.get("key", ""), old, new)
    except EditingError as error:
        return visit.refuse(path, str(error))
    return visit.to(path, said)


def quoted(number: str) -> str:
    """A document's number as part of an address."""
    return quote(number, safe="")


def _snapshot_and_draft(db: Session, visit: Visit, number: str) -> tuple[Snapshot, ChangeSetRecord | None]:
    mine = {str(each.id): each for each in open_drafts(db, visit.officer.login)}
    draft = mine.get(number)
    if draft is not None:
        _ = draft.changes  # read while there is a session
    return visit.console.published.read(db), draft


async def _save(visit: Visit, number: str | None) -> web.StreamResponse:
    posted = await visit.form()
    if number is not None:
        posted["number"] = number
    form = DocumentForm(posted)
    known = await _offer(visit, form, None)
    if not form.validate():
        return await _form(visit, form, None, number, status=422)
    if number is None and (there := taken(Kind.LEGAL_DOCUMENT, {each: each for each in known}, form.number.data or "")):
        return await _form(visit, form, None, status=there.status, refusal=there)
    content = _content(form)

    def step(work: Any) -> int:
        units = [(Kind.LEGAL_DOCUMENT, content)]
        if form.replaces.data:
            replaced = form.replaces.data
            draft = draft_with(work.session, work.officer, form.draft.data, Kind.LEGAL_DOCUMENT, replaced)
            old = content_of(work.session, draft, Kind.LEGAL_DOCUMENT, replaced)
            if old is not None:
                units.insert(0, (Kind.LEGAL_DOCUMENT, _replaced(old, content)))
        if number is not None:
            draft = draft_with(work.session, work.officer, form.draft.data, Kind.LEGAL_DOCUMENT, number)
            before = content_of(work.session, draft, Kind.LEGAL_DOCUMENT, number) or {}
            content["replaced_by"] = before.get("replaced_by")
        return write(work, form, f"Văn bản {content['number']}", units)

    made = await save(visit, form, Kind.LEGAL_DOCUMENT, content, step)
    if isinstance(made, Refusal):
        return await _form(visit, form, None, number, status=made.status, refusal=made)
    said = f"Đã ghi văn bản {content['number']} vào lần thay đổi."
    if form.replaces.data:
        query = urlencode({"old": form.replaces.data, "new": content["number"]})
        return visit.to(f"/changes/{made}/renewals?{query}", said)
    return visit.to(f"/changes/{made}", said)


def _replaced(old: Content, new: Content) -> Content:
    """The document before: ended when the new one takes effect, unless it has ended earlier."""
    made = {**old, "replaced_by": new["number"]}
    if new.get("effective_from"):
        last = (dt.date.fromisoformat(new["effective_from"]) - _DAY).isoformat()
        made["effective_to"] = min(old.get("effective_to") or last, last)
    return made


def _content(form: DocumentForm) -> Content:
    days = {name: form[name].data.isoformat() for name in _DAYS if form[name].data}
    words = {"title": form.name.data, "issuer": form.issuer.data, "url": form.url.data}
    return {"number": form.number.data, **{name: value for name, value in words.items() if value}, **days}


async def _offer(visit: Visit, form: DocumentForm, wanted: str | None) -> Mapping[str, LegalDocument]:
    """Let drafts and documents be chosen; returns the documents, those of the draft included."""

    def read(db: Session) -> Mapping[str, LegalDocument]:
        form.offer(open_drafts(db, visit.officer.login), wanted)
        known = offered(db, visit, form.draft.data).documents
        form.replaces.choices = document_choices(known.values())
        return known

    return await visit.run(read)


async def _form(
    visit: Visit,
    form: DocumentForm,
    wanted: str | None,
    number: str | None = None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    await _offer(visit, form, wanted)
    return await visit.page("document_edit.html", status=status, form=form, number=number, refusal=refusal)
