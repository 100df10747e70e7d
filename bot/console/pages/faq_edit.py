"""Writing and changing an FAQ entry. What is saved goes into a change set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiDict
from sqlalchemy.orm import Session

from bot.console import units
from bot.console.drafting import NEW, OVERTAKEN, content_of, holding, mark
from bot.console.editing import draft_for, edit, open_drafts
from bot.console.faq_form import Cited, FaqForm, cited_by, cited_in, fields_of
from bot.console.faq_help import INDEXES, Help, documents, help_for
from bot.console.faq_rows import Drafted, drafts_of
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.units import ChangedField
from bot.console.visit import Visit
from bot.conversation.review.decisions import adopt
from bot.knowledge.editing import changesets
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.faults import EditingError, FaultyError, StaleError
from bot.knowledge.editing.keys import key_for, taken_keys
from bot.knowledge.editing.preview import with_drafted
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "cau-hoi-thuong-gap"
_EDIT = "/faq/{id}/edit"


@dataclass(frozen=True)
class _Opened:
    """What a form is made from: the content it shows and a mark of it, the draft it lies in."""

    snapshot: Snapshot
    content: Content | None
    mark: str
    draft: ChangeSetRecord | None
    drafts: Sequence[ChangeSetRecord]
    others: Sequence[Drafted]


@routes.get("/new-faq", Permission.EDIT, guide=_GUIDE)
async def ask_new(visit: Visit) -> web.StreamResponse:
    """An empty form; the address may say how it begins, and which ``task`` of a reviewer it does."""
    opened = await visit.run(_open, visit, "")
    given = visit.request.query
    names = ("question", "phrasings", "answer", "topic", "program", "aspect")
    form = FaqForm(data={name: given[name] for name in names if name in given}, snapshot=opened.snapshot)
    return await _form(visit, opened, form, [], key="")


@routes.post("/new-faq", Permission.EDIT, guide=_GUIDE)
async def create(visit: Visit) -> web.StreamResponse:
    """Draft a new entry."""
    return await _save(visit, "")


@routes.get(_EDIT, Permission.EDIT, guide=_GUIDE)
async def ask_change(visit: Visit) -> web.StreamResponse:
    """The form with what is drafted, else with what is published."""
    key = visit.request.match_info["id"]
    opened = await visit.run(_open, visit, key, visit.request.query.get("in", ""))
    if opened.content is None:
        raise web.HTTPNotFound
    form = FaqForm(data=fields_of(opened.content), snapshot=opened.snapshot)
    return await _form(visit, opened, form, cited_in(opened.content, opened.snapshot), key=key)


@routes.post(_EDIT, Permission.EDIT, guide=_GUIDE)
async def change(visit: Visit) -> web.StreamResponse:
    """Draft the entry's new content."""
    return await _save(visit, visit.request.match_info["id"])


@routes.post("/faq-check", Permission.EDIT, guide=_GUIDE)
async def check(visit: Visit) -> web.StreamResponse:
    """What there is to say about the entry as typed so far: a part of the page, or without script the whole page."""
    posted = await visit.form()
    key = posted.get("key", "")
    opened = await visit.run(_open, visit, key, posted.get("into", ""))
    form, cited = FaqForm(posted, snapshot=opened.snapshot), cited_by(posted, opened.snapshot)
    index = visit.request.app[INDEXES]
    day = visit.console.clock.today()

    def work(db: Session) -> Help:
        made = index.over(visit.console.published.read(db))
        return help_for(form, key, cited, made, opened.snapshot, day)

    found = await visit.run(work)
    if visit.request.headers.get("HX-Request"):
        return await visit.page("faq_warnings.html", help=found)
    return await _form(visit, opened, form, cited, key=key, posted=posted, found=found)


@routes.post("/faq-citations", Permission.EDIT, guide=_GUIDE)
async def citations(visit: Visit) -> web.StreamResponse:
    """The documents ticked so far and those that a search finds, as a part of the form."""
    posted = await visit.form()
    snapshot = await visit.run(visit.console.published.read)
    cited = cited_by(posted, snapshot)
    offered = documents(posted.get("find", ""), snapshot, cited)
    return await visit.page("faq_citations.html", cited=cited, offered=offered, find=posted.get("find", ""))


async def _save(visit: Visit, key: str) -> web.StreamResponse:
    posted = await visit.form()
    wanted, task = posted.get("into", ""), posted.get("task", "")[:9]
    opened = await visit.run(_open, visit, key, wanted)
    form, cited = FaqForm(posted, snapshot=opened.snapshot), cited_by(posted, opened.snapshot)
    if not form.validate():
        return await _form(visit, opened, form, cited, key=key, posted=posted, status=422)

    def step(work: Work) -> int:
        within = _draft(work.session, work.officer, key, wanted)
        draft = within or draft_for(work, _title(key, form), wanted)
        changesets.take(work, draft.id, Stage.DRAFT)
        if key and mark(content_of(work.session, within, Kind.FAQ, key)) != posted.get("mark"):
            raise StaleError(OVERTAKEN)
        own = key or key_for(form.question.data or "", taken_keys(work.session, Kind.FAQ))
        if not key and task.isascii() and task.isdigit():
            adopt(work.session, int(task), own)
        changesets.put(work, draft.id, Kind.FAQ, form.content(own, cited))
        return draft.id

    try:
        number = await edit(visit, step)
    except FaultyError as error:
        others = form.show(error.faults)
        return await _form(visit, opened, form, cited, key=key, posted=posted, status=422, refused=" ".join(others))
    except StaleError as error:
        # Opened anew: the form's mark is that of the newer version, and what was typed stays.
        opened = await visit.run(_open, visit, key, wanted)
        rows = units.changed(Kind.FAQ, opened.content, form.content(key, cited), opened.snapshot)
        return await _form(visit, opened, form, cited, key=key, into=wanted, status=409, refused=str(error), newer=rows)
    except EditingError as error:
        return await _form(visit, opened, form, cited, key=key, posted=posted, status=422, refused=str(error))
    return visit.to(f"/changes/{number}", "Đã lưu vào lần thay đổi này. Xem lại, thử hỏi, rồi gửi duyệt.")


async def _form(
    visit: Visit,
    opened: _Opened,
    form: FaqForm,
    cited: Sequence[Cited],
    *,
    key: str,
    posted: MultiDict[str] | None = None,
    into: str = "",
    status: int = 200,
    refused: str = "",
    newer: Sequence[ChangedField] | None = None,
    found: Help | None = None,
) -> web.Response:
    """The form's page. ``posted`` keeps the mark that the form had; without it that is the one of now."""
    posted = MultiDict() if posted is None else posted
    find = posted.get("find", "")
    return await visit.page(
        "faq_edit.html",
        status=status,
        form=form,
        key=key,
        cited=cited,
        offered=documents(find, opened.snapshot, cited),
        find=find,
        draft=opened.draft,
        drafts=opened.drafts,
        others=opened.others,
        mark=posted.get("mark") or opened.mark,
        into=into or posted.get("into") or visit.request.query.get("in") or NEW,
        refused=refused,
        newer=newer,
        help=found,
        task=posted.get("task") or visit.request.query.get("task", ""),
    )


def _open(db: Session, visit: Visit, key: str, wanted: str = "") -> _Opened:
    """The entry as a form shows it: from the officer's own draft, the one numbered ``wanted`` first."""
    drafts = open_drafts(db, visit.officer.login)
    snapshot = with_drafted(db, visit.console.published.read(db), *(draft.id for draft in drafts))
    draft = _draft(db, visit.officer.login, key, wanted)
    said = content_of(db, draft, Kind.FAQ, key) if key else None
    others = [each for each in drafts_of(db).get(key, ()) if each.author != visit.officer.login]
    return _Opened(snapshot, said, mark(said), draft, drafts, others)


def _draft(db: Session, officer: str, key: str, wanted: str) -> ChangeSetRecord | None:
    """The officer's draft that writes the entry: the one numbered ``wanted``, else the newest."""
    found = holding(db, officer, Kind.FAQ, key) if key else []
    return next((each for each in found if str(each.id) == wanted), found[0] if found else None)


def _title(key: str, form: FaqForm) -> str:
    return f"{'Sửa' if key else 'Thêm'} câu hỏi: {form.question.data}"
