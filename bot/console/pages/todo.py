"""What waits for officers, and the confirmation of rows that nobody has compared with their document."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console import waiting
from bot.console.editing import edit
from bot.console.listing import Column, Filter, Listing, MemoryRows
from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.units import changed, kind_of, page_of, title_of
from bot.console.visit import Visit
from bot.knowledge.domain import LegalDocument
from bot.knowledge.editing.changesets import published_content
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.to_confirm import Unconfirmed, confirm_unit, unconfirmed
from bot.knowledge.editing.units import Kind
from bot.knowledge.words import EVIDENCE

routes = Routes()
_GUIDE = "viec-can-lam"
_ONE = "/todo/confirm/{name}/{id}"


@dataclass(frozen=True)
class _Row:
    """A row to confirm, as the list shows it."""

    unit: Unconfirmed
    title: str


@routes.get("/todo", Permission.TODO, guide=_GUIDE)
async def todo(visit: Visit) -> web.StreamResponse:
    """All that waits, with counts and links."""
    console = visit.console

    def read(db: Session) -> list[waiting.Part]:
        return waiting.gather(db, console.published.read(db), console.clock.today(), console.clock.now())

    return await visit.page("todo.html", parts=waiting.for_roles(await visit.run(read), visit.officer.roles))


@routes.get("/todo/confirm", Permission.CONTENT, guide=_GUIDE)
async def to_confirm(visit: Visit) -> web.StreamResponse:
    """The rows that nobody has confirmed."""
    return await _listing(visit).respond(visit, "to_confirm.html")


@routes.get(_ONE, Permission.CONTENT, guide=_GUIDE)
async def one(visit: Visit) -> web.StreamResponse:
    """One row with the documents that it rests on, to be compared."""
    return await _page(visit)


@routes.post(_ONE, Permission.APPROVE, guide=_GUIDE)
async def confirm(visit: Visit) -> web.StreamResponse:
    """Confirm it: the officer has compared it with the document."""
    kind, key = _unit(visit)
    goes_on = (await visit.form()).get("then") == "next"
    # Asked before the row leaves the list.
    then = await _listing(visit).following(visit, lambda row: (row.unit.kind, row.unit.key) == (kind, key))
    try:
        await edit(visit, confirm_unit, kind, key)
    except EditingError as error:
        return await _page(visit, status=409, refused=str(error))
    done = "Đã xác nhận. Từ lượt hỏi tiếp theo, dòng này được dùng như đã kiểm chứng."
    if goes_on and then is None:
        done += " Đó là dòng cuối của danh sách đang lọc."
    return visit.to(_path(visit, then.unit) if goes_on and then else f"/todo/confirm{visit.asked}", done)


def _listing(visit: Visit) -> Listing[_Row]:
    def load(db: Session) -> list[_Row]:
        snapshot = visit.console.published.read(db)
        return [_Row(each, title_of(each.kind, each.key, None, snapshot)) for each in unconfirmed(db)]

    return Listing(
        "cho-xac-nhan",
        columns=(
            Column("title", "Dòng", lambda row: row.title, link=lambda row: _path(visit, row.unit)),
            Column("kind", "Loại", lambda row: kind_of(row.unit.kind)),
            Column("evidence", "Mức tin cậy", lambda row: EVIDENCE[row.unit.evidence]),
        ),
        rows=MemoryRows(
            load,
            {
                "faq": lambda row, value: (row.unit.kind is Kind.FAQ) == (value == "yes"),
                "evidence": lambda row, value: row.unit.evidence == value,
            },
        ),
        order="evidence",
        filters=(
            Filter("faq", "Câu hỏi thường gặp", [("yes", "Chỉ câu hỏi"), ("no", "Không kể câu hỏi")]),
            Filter("evidence", "Mức tin cậy", [*EVIDENCE.items()]),
        ),
    )


def _path(visit: Visit, unit: Unconfirmed) -> str:
    """The page of a row, which knows what the list was asked for."""
    return f"/todo/confirm/{unit.kind.value}/{quote(unit.key, safe='')}{visit.asked}"


def _unit(visit: Visit) -> tuple[Kind, str]:
    name, key = visit.request.match_info["name"], visit.request.match_info["id"]
    if name not in [*Kind]:
        raise web.HTTPNotFound
    return Kind(name), key


async def _page(visit: Visit, *, status: int = 200, refused: str | None = None) -> web.Response:
    kind, key = _unit(visit)
    snapshot = await visit.run(visit.console.published.read)
    content = await visit.run(published_content, kind, key)
    if content is None:
        raise web.HTTPNotFound
    cited = [snapshot.documents.get(number, LegalDocument(number, "")) for number in _documents(content)]
    return await visit.page(
        "to_confirm_one.html",
        status=status,
        title=title_of(kind, key, content, snapshot),
        called=kind_of(kind),
        rows=changed(kind, None, content, snapshot),
        documents=cited,
        evidence=EVIDENCE.get(str(content.get("evidence", "")), ""),
        edit=page_of(kind, key) if may(visit.officer.roles, Permission.EDIT) else None,
        may=may(visit.officer.roles, Permission.APPROVE),
        back=f"/todo/confirm{visit.asked}",
        refused=refused,
    )


def _documents(value: object) -> list[str]:
    """The numbers of all documents that a row cites, each once."""
    found: list[str] = []
    match value:
        case {"document": str(number)}:
            found.append(number)
        case dict():
            found = [number for each in value.values() for number in _documents(each)]
        case list():
            found = [number for each in value for number in _documents(each)]
    return list(dict.fromkeys(found))
