"""A provision's editor: what it says of itself, and its criteria, benefits, papers and steps, each row with a form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web
from multidict import MultiDict
from sqlalchemy.orm import Session

from bot.console.criterion_form import (
    CriterionForm,
    criterion_form,
    data_of_criterion,
    facts_by_scope,
    parameter_choices,
)
from bot.console.drafting import DraftForm, content_of, draft_with, mark, write
from bot.console.editing import open_drafts
from bot.console.fields import document_choices
from bot.console.provision_forms import (
    BenefitForm,
    GroupForm,
    PaperForm,
    ProvisionForm,
    RowForm,
    StepForm,
    data_of,
)
from bot.console.provision_rows import (
    Place,
    RowKind,
    Told,
    criteria_told,
    free_key,
    moved_up,
    row_at,
    with_row,
    without_row,
    worth,
)
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.saving import Refusal, offered
from bot.console.saving import save as save_unit
from bot.console.units import title_of
from bot.console.visit import Visit
from bot.knowledge.editing.faults import EditingError, NotAllowedError
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "quy-dinh"
_ONE = "/provisions/{id}"
_TITLES = {
    RowKind.CRITERION: "Điều kiện",
    RowKind.GROUP: "Nhóm điều kiện",
    RowKind.BENEFIT: "Mức hưởng",
    RowKind.DOCUMENT: "Giấy tờ",
    RowKind.STEP: "Bước làm",
}


@dataclass(frozen=True)
class Desk:
    """What the editor works on: the provision as the draft says it, or as it is published where no draft does."""

    key: str
    content: Content
    snapshot: Snapshot
    drafts: Sequence[ChangeSetRecord]
    draft: ChangeSetRecord | None

    @property
    def title(self) -> str:
        """What an officer calls the provision."""
        return title_of(Kind.PROVISION, self.key, self.content, self.snapshot)

    @property
    def path(self) -> str:
        """The editor's address."""
        return f"/provisions/{quote(self.key, safe='')}"

    def offer(self, form: DraftForm) -> None:
        """Offer the drafts to write into, and mark what the form was made from unless it says so."""
        form.offer(self.drafts, str(self.draft.id) if self.draft else None)
        form.seen.data = form.seen.data or mark(self.content)


@routes.get(f"{_ONE}/edit", Permission.EDIT, guide=_GUIDE)
async def ask(visit: Visit) -> web.StreamResponse:
    """The provision with all its rows."""
    desk = await _desk(visit, visit.request.query.get("in"))
    form = ProvisionForm(data=data_of(desk.content) | {"title": ""})
    return await _editor(visit, desk, form)


@routes.post(f"{_ONE}/edit", Permission.EDIT, guide=_GUIDE)
async def save(visit: Visit) -> web.StreamResponse:
    """Write what the provision says of itself."""
    posted = await visit.form()
    desk = await _desk(visit, posted.get("draft"))
    form = ProvisionForm(posted)
    form.offer(desk.drafts)
    if not form.validate():
        return await _editor(visit, desk, form, status=422)

    async def again(desk: Desk, refusal: Refusal) -> web.Response:
        return await _editor(visit, desk, form, status=refusal.status, refusal=refusal)

    return await _write(visit, desk, form, lambda content: {**content, **form.content()}, again)


@routes.get(f"{_ONE}/row", Permission.EDIT, guide=_GUIDE)
async def ask_row(visit: Visit) -> web.StreamResponse:
    """The form of one row; of a new criterion first the choice of its fact."""
    query = visit.request.query
    desk, place = await _desk(visit, query.get("in")), _place(visit, query.get("at", ""))
    row = _row(desk, place)
    fact = query.get("fact") or (row or {}).get("fact", "")
    if _builds(place) and fact not in desk.snapshot.facts:
        facts = facts_by_scope(desk.snapshot)
        number = desk.draft.id if desk.draft else "new"
        return await visit.page("provision_fact.html", desk=desk, at=query.get("at", ""), facts=facts, number=number)
    return await _row_page(visit, desk, place, _form_of(desk, place, fact, row=row), fact)


@routes.post(f"{_ONE}/row", Permission.EDIT, guide=_GUIDE)
async def save_row(visit: Visit) -> web.StreamResponse:
    """Write the row."""
    posted = await visit.form()
    desk, place = await _desk(visit, posted.get("draft")), _place(visit, posted.get("at", ""))
    fact = posted.get("fact", "")
    if _builds(place) and fact not in desk.snapshot.facts:
        raise web.HTTPNotFound
    form = _form_of(desk, place, fact, posted=posted)
    if not form.validate() or (place.kind is RowKind.GROUP and place.index is None and not _named(form)):
        return await _row_page(visit, desk, place, form, fact, status=422)

    def change(content: Content) -> Content:
        made = form.content_for(desk.snapshot.facts[fact], desk.snapshot) if _builds(place) else form.content()
        old = row_at(content, place) or {}
        if place.kind is RowKind.GROUP:
            new = {"key": free_key(content), "label": getattr(form, "group", form.label).data, "criteria": [made]}
            return with_row(content, place, {**old, "label": form.label.data} if old else new)
        kept = {"evidence": old["evidence"]} if old.get("evidence") else {}
        return with_row(content, place, {**made, **kept})

    async def again(desk: Desk, refusal: Refusal) -> web.Response:
        return await _row_page(visit, desk, place, form, fact, status=refusal.status, refusal=refusal)

    return await _write(visit, desk, form, change, again)


@routes.post(f"{_ONE}/remove", Permission.EDIT, guide=_GUIDE)
async def remove(visit: Visit) -> web.StreamResponse:
    """Take a row away."""
    return await _rearrange(visit, without_row)


@routes.post(f"{_ONE}/up", Permission.EDIT, guide=_GUIDE)
async def up(visit: Visit) -> web.StreamResponse:
    """Put a row before the one it follows."""
    return await _rearrange(visit, moved_up)


async def _rearrange(visit: Visit, change: Callable[[Content, Place], Content]) -> web.StreamResponse:
    posted = await visit.form()
    desk, place = await _desk(visit, posted.get("draft")), _place(visit, posted.get("at", ""))
    form = DraftForm(posted)
    form.offer(desk.drafts)

    async def again(desk: Desk, refusal: Refusal) -> web.Response:
        fresh = ProvisionForm(data=data_of(desk.content) | {"title": ""})
        return await _editor(visit, desk, fresh, status=refusal.status, refusal=refusal)

    return await _write(visit, desk, form, lambda content: change(content, place), again)


async def _desk(visit: Visit, wanted: str | None) -> Desk:
    key = visit.request.match_info["id"]

    def read(db: Session) -> Desk | None:
        draft = draft_with(db, visit.officer.login, wanted, Kind.PROVISION, key)
        content = content_of(db, draft, Kind.PROVISION, key)
        if content is None:
            return None
        return Desk(key, content, offered(db, visit, wanted), open_drafts(db, visit.officer.login), draft)

    desk = await visit.run(read)
    if desk is None:
        raise web.HTTPNotFound
    return desk


def _place(_visit: Visit, written: str) -> Place:
    try:
        return Place.read(written)
    except NotAllowedError as error:
        raise web.HTTPNotFound from error


def _row(desk: Desk, place: Place) -> Content | None:
    try:
        return row_at(desk.content, place)
    except NotAllowedError as error:
        raise web.HTTPNotFound from error


def _builds(place: Place) -> bool:
    """A new group begins with a criterion."""
    return place.kind is RowKind.CRITERION or (place.kind is RowKind.GROUP and place.index is None)


def _named(form: Any) -> bool:
    if not form.group.data:
        form.group.errors = ["Hãy đặt tên cho nhóm, ví dụ: Người từ 75 tuổi thuộc hộ nghèo."]
    return bool(form.group.data)


def _form_of(
    desk: Desk, place: Place, fact: str, *, row: Content | None = None, posted: MultiDict[str] | None = None
) -> Any:
    data = data_of(row) if row else None
    form: RowForm
    if _builds(place):
        if row:
            data = {**(data or {}), **(data_of_criterion(row) if row["fact"] == fact else {"value": None, "label": ""})}
        form = criterion_form(desk.snapshot.facts[fact], desk.snapshot, posted, data)
    else:
        kinds: dict[RowKind, type[RowForm]] = {
            RowKind.GROUP: GroupForm,
            RowKind.BENEFIT: BenefitForm,
            RowKind.DOCUMENT: PaperForm,
            RowKind.STEP: StepForm,
        }
        form = kinds[place.kind](posted, data=data)
    if isinstance(form, BenefitForm):
        form.parameter.choices = parameter_choices(desk.snapshot)
        form.groups.choices = [(group["key"], group["label"]) for group in desk.content.get("groups", ())]
    if isinstance(form, BenefitForm | CriterionForm):
        form.document.choices = document_choices(desk.snapshot.documents.values())
    desk.offer(form)
    return form


async def _write(
    visit: Visit,
    desk: Desk,
    form: DraftForm,
    change: Callable[[Content], Content],
    again: Callable[[Desk, Refusal], Awaitable[web.Response]],
) -> web.Response:
    """Write the changed provision, and go back to the editor; or show what stands in the way."""
    done: int | Refusal
    try:
        unit = Kind.PROVISION, change(desk.content)
    except EditingError as error:
        done = Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, [str(error)])
    else:
        done = await save_unit(visit, form, *unit, lambda work: write(work, form, desk.title, [unit]))
    if isinstance(done, Refusal):
        return await again(await _desk(visit, form.draft.data), done)
    return visit.to(f"{desk.path}/edit?in={done}", "Đã ghi vào lần thay đổi.")


async def _editor(
    visit: Visit, desk: Desk, form: ProvisionForm, *, status: int = 200, refusal: Refusal | None = None
) -> web.Response:
    desk.offer(form)
    form.offer_documents(document_choices(desk.snapshot.documents.values()))
    content, snapshot = desk.content, desk.snapshot
    groups = [
        (
            f"groups-{number}",
            group["label"],
            list(criteria_told(group["criteria"], f"groups-{number}-criteria", snapshot)),
        )
        for number, group in enumerate(content.get("groups", ()))
    ]
    common = list(criteria_told(content.get("common", []), "common", snapshot))
    return await visit.page(
        "provision_edit.html",
        status=status,
        desk=desk,
        form=form,
        common=common,
        groups=groups,
        lists=[
            ("Mức hưởng", "benefits", _texts(desk, "benefits")),
            ("Giấy tờ cần có", "documents", _texts(desk, "documents")),
            ("Các bước làm", "steps", _texts(desk, "steps")),
        ],
        number=desk.draft.id if desk.draft else "new",
        seen=mark(content),
        refusal=refusal,
    )


def _texts(desk: Desk, name: str) -> list[Told]:
    return [
        Told(
            f"{name}-{number}",
            row.get("label") or row.get("name") or row["text"],
            worth(row, desk.snapshot) if name == "benefits" else "",
        )
        for number, row in enumerate(desk.content.get(name, ()))
    ]


async def _row_page(
    visit: Visit,
    desk: Desk,
    place: Place,
    form: Any,
    fact: str,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
) -> web.Response:
    at = "-".join(map(str, place.of)) + ("" if place.index is None else f"-{place.index}")
    named = desk.snapshot.facts.get(fact) if _builds(place) else None
    hidden = {"draft", "title", "seen", "group"}
    shown = [field.short_name for field in form if field.short_name not in hidden]
    if named is not None:
        # The value's fields belong to the type of the fact; they stand behind the comparison.
        shown.sort(key=lambda name: name not in {"op", "value", "parameter", "factor"})
    if place.kind is RowKind.GROUP and place.index is None:
        shown.insert(0, "group")
    return await visit.page(
        "provision_row.html",
        status=status,
        desk=desk,
        form=form,
        at=at,
        fact=named,
        kind=_TITLES[place.kind],
        fields=[form[name] for name in shown],
        number=desk.draft.id if desk.draft else "new",
        refusal=refusal,
    )
