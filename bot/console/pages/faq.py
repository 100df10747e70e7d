"""FAQ entries: the list, one entry with what it said before; taking it away or bringing a version back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import units
from bot.console.changing import names_of
from bot.console.editing import draft_for, edit
from bot.console.faq_form import cited_in
from bot.console.faq_rows import STANDINGS, drafts_of, listing, standing_of
from bot.console.pages.changes import sentence
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.units import ChangedField
from bot.console.visit import Visit
from bot.knowledge.editing import changesets, history
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.history import Version
from bot.knowledge.editing.units import Kind, content_of, row_of
from bot.knowledge.editing.work import Work
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import FaqEntryRecord

routes = Routes()
_GUIDE = "cau-hoi-thuong-gap"
_ONE = "/faq/{id}"


@dataclass(frozen=True)
class _Past:
    """A published version, against the one before it; ``step`` names it in forms."""

    version: Version
    author: str
    step: str
    rows: Sequence[ChangedField]


@routes.get("/faq", Permission.CONTENT, guide=_GUIDE)
async def entries(visit: Visit) -> web.StreamResponse:
    """The list."""
    snapshot = await visit.run(visit.console.published.read)
    return await listing(snapshot, visit.console.clock.today()).respond(visit, "faqs.html")


@routes.get(_ONE, Permission.CONTENT, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One entry as it stands in the table, and what it said before."""
    key, console = visit.request.match_info["id"], visit.console

    def read(db: Session) -> dict[str, Any] | None:
        record = db.get(FaqEntryRecord, key)
        if record is None:
            return None
        snapshot = console.published.read(db)
        content = content_of(row_of(Kind.FAQ, record))
        return {
            "key": key,
            "question": record.question,
            "answer": record.answer,
            "ways": content.get("phrasings", ()),
            "rows": [
                (units.field_of((name,), snapshot), units.value_of((name,), content.get(name), snapshot))
                for name in ("topic", "program", "aspect", "evidence", "applies_from", "applies_to")
            ],
            "cited": cited_in(content, snapshot),
            "standing": STANDINGS[standing_of(record, console.clock.today())],
            "published": record.published,
            "confirmed": (record.confirmed_by, record.confirmed_at),
            "drafts": drafts_of(db).get(key, ()),
            "past": _past(db, key, snapshot),
        }

    found = await visit.run(read)
    if found is None:
        raise web.HTTPNotFound
    return await visit.page("faq.html", **found)


@routes.post(f"{_ONE}/remove", Permission.EDIT, guide=_GUIDE)
async def remove(visit: Visit) -> web.StreamResponse:
    """Draft that the entry is taken away."""
    key = visit.request.match_info["id"]

    def step(work: Work) -> int:
        draft = draft_for(work, "Bỏ câu hỏi thường gặp")
        changesets.remove(work, draft.id, Kind.FAQ, key)
        return draft.id

    return await _drafted(visit, key, step)


@routes.post(f"{_ONE}/restore", Permission.EDIT, guide=_GUIDE)
async def restore(visit: Visit) -> web.StreamResponse:
    """Draft that an earlier version comes back."""
    key, wanted = visit.request.match_info["id"], (await visit.form()).get("version", "")

    def step(work: Work) -> int:
        for version in history.versions_of(work.session, Kind.FAQ, key):
            if wanted == _step(version):
                return history.restore(work, Kind.FAQ, key, version).id
        raise web.HTTPBadRequest

    return await _drafted(visit, key, step)


async def _drafted(visit: Visit, key: str, step: Callable[[Work], int]) -> web.Response:
    try:
        number = await edit(visit, step)
    except EditingError as error:
        return visit.refuse(f"/faq/{key}", sentence(error))
    return visit.to(f"/changes/{number}", "Đã soạn. Hãy xem lại rồi gửi duyệt.")


def _past(db: Session, key: str, snapshot: Snapshot) -> list[_Past]:
    """The versions that were published, newest first."""
    versions = history.versions_of(db, Kind.FAQ, key)
    names = names_of(db, *(version.author for version in versions))
    past = []
    before: Version | None = None
    for version in versions:
        rows = () if before is None else units.changed(Kind.FAQ, before.content, version.content, snapshot)
        past.append(_Past(version, names.get(version.author or "", ""), _step(version), rows))
        before = version
    return past[::-1]


def _step(version: Version) -> str:
    return "first" if version.change_set is None else str(version.change_set)
