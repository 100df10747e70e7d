"""Topics: which office answers for each where no row does, and the words by which it is found."""

from __future__ import annotations

from collections import Counter

from aiohttp import web
from wtforms import SelectField
from wtforms.validators import InputRequired

from bot.console.drafting import DraftForm, mark, write
from bot.console.fields import LinesField, choices_by_name
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.saving import Opened, Refusal, offer_drafts, open_unit, save
from bot.console.units import page_of
from bot.console.visit import Visit
from bot.knowledge.domain import Topic
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "noi-lien-he"


class TopicForm(DraftForm):
    """What of a topic can be changed; its name stands in reports and in what was taught."""

    office = SelectField(
        "Nơi liên hệ",
        [InputRequired("Hãy chọn một nơi.")],
        description="Trợ lý chỉ người dân tới đây khi hỏi về chủ đề này mà chưa có câu trả lời.",
    )
    keywords = LinesField(
        "Từ khoá để tìm, mỗi dòng một từ",
        description="Những từ người dân hay dùng khi nói về chủ đề này.",
        render_kw={"rows": 6},
    )

    def offer_rows(self, snapshot: Snapshot) -> None:
        """Let the office be chosen from ``snapshot``."""
        self.office.choices = choices_by_name(snapshot.offices.values())

    def content(self, old: Content) -> Content:
        """``old`` with what the form says."""
        return {**old, "office": self.office.data, "keywords": self.keywords.data}


def _listing(visit: Visit, snapshot: Snapshot) -> Listing[Topic]:
    edits = may(visit.officer.roles, Permission.EDIT)

    programs = Counter(each.topic for each in snapshot.programs.values())
    faqs = Counter(each.topic for each in snapshot.faqs.values())

    return Listing(
        "chu-de",
        columns=(
            Column(
                "name",
                "Chủ đề",
                lambda one: one.name,
                link=(lambda one: page_of(Kind.TOPIC, one.id) or "") if edits else None,
            ),
            Column("office", "Nơi liên hệ", lambda one: snapshot.offices[one.office].name),
            Column("programs", "Số chương trình", lambda one: programs[one.id]),
            Column("faqs", "Số câu hỏi", lambda one: faqs[one.id]),
        ),
        rows=MemoryRows(lambda _db: list(snapshot.topics.values()), {"office": lambda one, value: one.office == value}),
        order="name",
        filters=(Filter("office", "Nơi liên hệ", choices_by_name(snapshot.offices.values())),),
    )


@routes.get("/topics", Permission.CONTENT, guide=_GUIDE)
async def topics(visit: Visit) -> web.StreamResponse:
    """All topics."""
    snapshot = await visit.run(visit.console.published.read)
    return await _listing(visit, snapshot).respond(visit, "topics.html")


@routes.get("/topics/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of a topic."""
    opened = await visit.run(open_unit, visit, Kind.TOPIC, visit.request.query.get("in"))
    form = TopicForm(data={**opened.content, "title": ""})
    form.seen.data = mark(opened.content)
    return await _form(visit, form, opened, opened.draft)


@routes.post("/topics/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Write the topic into a draft."""
    form = TopicForm(await visit.form())
    opened = await visit.run(open_unit, visit, Kind.TOPIC, form.draft.data)
    form.offer_rows(opened.snapshot)
    await offer_drafts(visit, form)
    if not form.validate():
        return await _form(visit, form, opened, None, status=422)
    units = [(Kind.TOPIC, form.content(opened.content))]
    title = f"Chủ đề: {opened.content['name']}"
    done = await save(visit, form, *units[0], lambda work: write(work, form, title, units))
    if isinstance(done, Refusal):
        return await _form(visit, form, opened, None, status=done.status, refusal=done)
    return visit.to(f"/changes/{done}", "Đã ghi chủ đề vào lần thay đổi.")


async def _form(
    visit: Visit,
    form: TopicForm,
    opened: Opened,
    wanted: str | None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    form.offer_rows(opened.snapshot)
    await offer_drafts(visit, form, wanted)
    return await visit.page("topic_edit.html", status=status, form=form, name=opened.content["name"], refusal=refusal)
