"""Offices: whom citizens are told to ask, and the form of each."""

from __future__ import annotations

from aiohttp import web
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from bot.console.drafting import DraftForm, mark, write
from bot.console.fields import telephone
from bot.console.forms import composed
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.saving import Refusal, offer_drafts, offered, open_unit, save, taken
from bot.console.units import page_of
from bot.console.visit import Visit
from bot.knowledge.domain import Evidence, Office
from bot.knowledge.editing.keys import key_for, taken_keys
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.words import EVIDENCE

routes = Routes()
_GUIDE = "noi-lien-he"
_MISSING = "Hãy điền ô này."


class OfficeForm(DraftForm):
    """An office as citizens hear of it."""

    name = StringField("Tên cơ quan", [InputRequired(_MISSING)], filters=[composed])
    description = TextAreaField(
        "Giúp việc gì, hỏi ai, ở đâu",
        [InputRequired(_MISSING)],
        filters=[composed],
        description="Người dân đọc đúng câu này. Ví dụ: Nhận hồ sơ vay vốn; điểm giao dịch tại xã mỗi tháng một lần.",
        render_kw={"rows": 3},
    )
    phone = StringField(
        "Điện thoại", [Optional(), telephone], filters=[composed], description="Để trống nếu chưa chắc số còn dùng."
    )
    evidence = SelectField("Mức tin cậy", choices=[*EVIDENCE.items()], default=Evidence.TEXT.value)

    def content(self, key: str) -> Content:
        """The office under its key."""
        fields = {name: self[name].data for name in ("name", "description", "phone", "evidence")}
        return {"id": key, **{name: value for name, value in fields.items() if value}}


def _listing(visit: Visit, snapshot: Snapshot) -> Listing[Office]:
    edits = may(visit.officer.roles, Permission.EDIT)

    def programs(one: Office) -> int:
        own = {program.id for program in snapshot.programs.values() if program.office == one.id}
        topics = {topic.id for topic in snapshot.topics.values() if topic.office == one.id}
        by_topic = {each.id for each in snapshot.programs.values() if each.office is None and each.topic in topics}
        return len(own | by_topic)

    return Listing(
        "noi-lien-he",
        columns=(
            Column(
                "name",
                "Cơ quan",
                lambda one: one.name,
                link=(lambda one: page_of(Kind.OFFICE, one.id) or "") if edits else None,
            ),
            Column("description", "Giúp việc gì, ở đâu", lambda one: one.description),
            Column("phone", "Điện thoại", lambda one: one.phone),
            Column("programs", "Số chương trình chỉ tới", programs),
            Column("evidence", "Mức tin cậy", lambda one: EVIDENCE[one.evidence]),
        ),
        rows=MemoryRows(
            lambda _db: list(snapshot.offices.values()), {"evidence": lambda one, value: one.evidence == value}
        ),
        order="name",
        filters=(Filter("evidence", "Mức tin cậy", [*EVIDENCE.items()]),),
    )


@routes.get("/offices", Permission.CONTENT, guide=_GUIDE)
async def offices(visit: Visit) -> web.StreamResponse:
    """All offices."""
    snapshot = await visit.run(visit.console.published.read)
    return await _listing(visit, snapshot).respond(visit, "offices.html")


@routes.get("/new-office", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """The form for a new office."""
    form = OfficeForm()
    form.seen.data = mark(None)
    return await _form(visit, form, visit.request.query.get("in"), new=True)


@routes.post("/new-office", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Write a new office into a draft."""
    form = OfficeForm(await visit.form())
    snapshot = await visit.run(offered, visit, form.draft.data)
    if there := taken(Kind.OFFICE, {each.id: each.name for each in snapshot.offices.values()}, form.name.data or ""):
        return await _form(visit, form, None, new=True, status=there.status, refusal=there)
    return await _save(visit, form, key_for(form.name.data or "", await visit.run(taken_keys, Kind.OFFICE)), new=True)


@routes.get("/offices/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of an office that is there."""
    opened = await visit.run(open_unit, visit, Kind.OFFICE, visit.request.query.get("in"))
    form = OfficeForm(data={**opened.content, "title": ""})
    form.seen.data = mark(opened.content)
    return await _form(visit, form, opened.draft, new=False)


@routes.post("/offices/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write the office into a draft."""
    form = OfficeForm(await visit.form())
    old = (await visit.run(open_unit, visit, Kind.OFFICE, form.draft.data)).content
    return await _save(visit, form, old["id"], new=False)


async def _save(visit: Visit, form: OfficeForm, key: str, *, new: bool) -> web.StreamResponse:
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, None, new=new, status=422)
    units = [(Kind.OFFICE, form.content(key))]
    title = f"Nơi liên hệ: {form.name.data}"
    done = await save(visit, form, *units[0], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _form(visit, form, None, new=new, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", "Đã ghi nơi liên hệ vào lần thay đổi.")


async def _form(
    visit: Visit,
    form: OfficeForm,
    wanted: str | None,
    *,
    new: bool,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    await offer_drafts(visit, form, wanted)
    return await visit.page("office_edit.html", status=status, form=form, new=new, refusal=refusal)
