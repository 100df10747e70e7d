"""What a change set would change for households, run over before it is approved."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.rehearsals import REHEARSALS, Key
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.repository import current_version

routes = Routes()
_GUIDE = "thu-tac-dong"
_ONE = "/changes/{id}/impact"
_VERDICTS = {"eligible": "được hưởng", "not_eligible": "không được hưởng", "unknown": "chưa đủ thông tin"}


@routes.get(_ONE, Permission.CONTENT, guide=_GUIDE)
async def impact(visit: Visit) -> web.StreamResponse:
    """How far the run is, or what it found."""
    key, title = await _of(visit)
    run = visit.request.app[REHEARSALS].find(key)
    return await visit.page("impact.html", number=key[0], title=title, run=run, verdicts=_VERDICTS)


@routes.post(_ONE, Permission.CONTENT, guide=_GUIDE)
async def start(visit: Visit) -> web.StreamResponse:
    """Begin to run."""
    key, _ = await _of(visit)
    visit.request.app[REHEARSALS].start(key, visit.console.clock.today())
    return visit.to(f"/changes/{key[0]}/impact")


async def _of(visit: Visit) -> tuple[Key, str]:
    given = visit.request.match_info["id"]

    def read(db: Session) -> tuple[Key, str] | None:
        found = db.get(ChangeSetRecord, int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else None
        return None if found is None else ((found.id, found.revision, current_version(db)), found.title)

    found = await visit.run(read)
    if found is None:
        raise web.HTTPNotFound
    return found
