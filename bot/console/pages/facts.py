"""Facts: what the assistant asks citizens, in which words, of whom, and which answers it offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from bot.console.drafting import DraftForm, content_of, mark, own_draft, write
from bot.console.editing import edit, open_drafts
from bot.console.fields import LinesField
from bot.console.forms import composed
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.units import SCOPES, changed, page_of
from bot.console.visit import Visit
from bot.knowledge.auditing.findings import criteria_of
from bot.knowledge.domain import FactDefinition, FactType
from bot.knowledge.editing.faults import EditingError, StaleError
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "thong-tin"
_MISSING = "Hãy điền ô này."
_TYPES = {
    FactType.BOOLEAN: "Có hay không",
    FactType.CHOICE: "Chọn một",
    FactType.NUMBER: "Con số",
    FactType.MONEY: "Số tiền",
    FactType.AGE: "Tuổi",
    FactType.DURATION: "Số tháng",
    FactType.COMMUNE: "Xã, phường",
    FactType.SEVERAL: "Hỏi gộp",
}


class ChoiceForm(Form):
    """One answer to choose."""

    id = HiddenField()
    label = StringField("Câu trả lời", filters=[composed])
    phrases = LinesField("Cách nói của người dân, mỗi dòng một cách", render_kw={"rows": 3})


class FactForm(DraftForm):
    """A fact's words; what criteria and code rest on (its type, the keys of its choices) stays."""

    label = StringField("Tên gọi", [InputRequired(_MISSING)], filters=[composed])
    question = TextAreaField("Câu hỏi", [InputRequired(_MISSING)], filters=[composed], render_kw={"rows": 2})
    help = TextAreaField("Giải thích thêm", filters=[composed], render_kw={"rows": 2})
    scope = SelectField("Hỏi về ai", choices=[*SCOPES.items()])
    phrases = LinesField("Cách nói nghĩa là có, mỗi dòng một cách", render_kw={"rows": 4})
    negative_phrases = LinesField("Cách nói nghĩa là không, mỗi dòng một cách", render_kw={"rows": 4})
    choices = FieldList(FormField(ChoiceForm), label="Câu trả lời để chọn")
    askable = BooleanField("Được hỏi người dân")
    sensitive = BooleanField("Thông tin nhạy cảm")


def _listing(visit: Visit, snapshot: Snapshot) -> Listing[FactDefinition]:
    read: dict[str, set[str]] = {}
    for program in snapshot.programs.values():
        for provision in program.provisions:
            for criterion in criteria_of(provision):
                read.setdefault(criterion.fact, set()).add(program.id)
    return Listing(
        "thong-tin",
        columns=(
            Column(
                "label", "Thông tin", lambda one: one.label, link=lambda one: page_of(Kind.CITIZEN_FACT, one.id) or ""
            ),
            Column("question", "Câu hỏi", lambda one: one.question),
            Column("type", "Loại", lambda one: _TYPES[one.type]),
            Column("scope", "Hỏi về", lambda one: SCOPES[one.scope]),
            Column("programs", "Số chương trình dùng", lambda one: len(read.get(one.id, ()))),
        ),
        rows=MemoryRows(
            lambda db: list(visit.console.published.read(db).facts.values()),
            {"scope": lambda one, value: one.scope == value, "type": lambda one, value: one.type == value},
        ),
        order="label",
        filters=(Filter("scope", "Hỏi về", [*SCOPES.items()]), Filter("type", "Loại", [*_TYPES.items()])),
    )


@routes.get("/facts", Permission.EDIT, guide=_GUIDE)
async def facts(visit: Visit) -> web.StreamResponse:
    """All facts."""
    snapshot = await visit.run(visit.console.published.read)
    return await _listing(visit, snapshot).respond(visit, "facts.html")


@routes.get("/facts/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form of one fact."""
    wanted = visit.request.query.get("in")
    old = await visit.run(_content, visit, wanted)
    form = FactForm(data={**old, "title": "", "askable": old.get("askable", True)})
    form.seen.data = mark(old)
    return await _form(visit, form, old, wanted)


@routes.post("/facts/{id}/edit", Permission.EDIT, guide=_GUIDE)
async def save(visit: Visit) -> web.StreamResponse:
    """Write the fact into a draft."""
    form = FactForm(await visit.form())
    old = await visit.run(_content, visit, form.draft.data)
    if not form.validate():
        return await _form(visit, form, old, None, status=422)
    content = _made(old, form)
    try:
        number = await edit(visit, write, form, f"Thông tin: {content['label']}", [(Kind.CITIZEN_FACT, content)])
    except EditingError as error:
        refused = form.show(error)
        differ: object = ()
        if isinstance(error, StaleError):
            form.seen.data = mark(old)
            differ = changed(Kind.CITIZEN_FACT, old, content, await visit.run(visit.console.published.read))
        return await _form(visit, form, old, None, status=409, refused=refused, differ=differ)
    return visit.to(f"/changes/{number}", "Đã ghi thông tin này vào lần thay đổi.")


def _made(old: Content, form: FactForm) -> Content:
    """The fact with the words of the form; a choice keeps its key, and what follows from it."""
    choices = {each["id"]: each for each in old.get("choices", ())}
    for entry in form.choices:
        said = entry.form
        if said.id.data in choices and said.label.data:
            choices[said.id.data] = {
                **choices[said.id.data],
                "label": said.label.data,
                "phrases": said.phrases.data or [],
            }
    made: dict[str, Any] = {
        **old,
        "label": form.label.data,
        "question": form.question.data,
        "help": form.help.data or None,
        "scope": form.scope.data,
        "choices": list(choices.values()),
        "askable": form.askable.data,
        "sensitive": form.sensitive.data,
    }
    if old["type"] == FactType.BOOLEAN:
        made |= {"phrases": form.phrases.data or [], "negative_phrases": form.negative_phrases.data or []}
    return made


def _content(db: Session, visit: Visit, wanted: str | None) -> Content:
    draft = own_draft(db, visit.officer.login, wanted)
    found = content_of(db, draft, Kind.CITIZEN_FACT, visit.request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found


async def _form(
    visit: Visit,
    form: FactForm,
    old: Content,
    wanted: str | None,
    *,
    status: int = 200,
    refused: Sequence[str] = (),
    differ: object = (),
) -> web.Response:
    await visit.run(lambda db: form.offer(open_drafts(db, visit.officer.login), wanted))
    kind = FactType(old["type"])
    values = {"name": old["label"], "kind": _TYPES[kind], "boolean": kind is FactType.BOOLEAN}
    return await visit.page("fact_edit.html", status=status, form=form, refused=refused, differ=differ, fact=values)
