"""The list of facts: what the assistant asks citizens, and how many programs rest on it."""

from __future__ import annotations

from aiohttp import web

from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.units import page_of
from bot.console.visit import Visit
from bot.knowledge.auditing.findings import criteria_of
from bot.knowledge.domain import FactDefinition
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.words import FACT_TYPE, SCOPE

routes = Routes()
_GUIDE = "thong-tin"
_MISSING = "Hãy điền ô này."


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
            Column("type", "Loại", lambda one: FACT_TYPE[one.type].capitalize()),
            Column("scope", "Hỏi về", lambda one: SCOPE[one.scope]),
            Column("programs", "Số chương trình dùng", lambda one: len(read.get(one.id, ()))),
        ),
        rows=MemoryRows(
            lambda db: list(visit.console.published.read(db).facts.values()),
            {"scope": lambda one, value: one.scope == value, "type": lambda one, value: one.type == value},
        ),
        order="label",
        filters=(
            Filter("scope", "Hỏi về", [*SCOPE.items()]),
            Filter("type", "Loại", [(value, name.capitalize()) for value, name in FACT_TYPE.items()]),
        ),
    )


@routes.get("/facts", Permission.EDIT, guide=_GUIDE)
async def facts(visit: Visit) -> web.StreamResponse:
    """All facts."""
    snapshot = await visit.run(visit.console.published.read)
    return await _listing(visit, snapshot).respond(visit, "facts.html")
