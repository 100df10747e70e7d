"""What a change set would change for households, run over before it is approved."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.rehearsals import REHEARSALS, rehearse, run_of
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.knowledge.editing.tables import ChangeSetRecord

routes = Routes()
_GUIDE = "thu-tac-dong"
_ONE = "/changes/{id}/impact"
_VERDICTS = {"eligible": "được hưởng", "not_eligible": "không được hưởng", "unknown": "chưa đủ thông tin"}


@routes.get(_ONE, Permission.CONTENT, guide=_GUIDE)
async def impact(visit: Visit) -> web.StreamResponse:
    """How far the run is, or what it found."""
    number, run, title = await _of(visit)
    found = await visit.request.app[REHEARSALS].find(run)
    return await visit.page("impact.html", number=number, title=title, run=found, verdicts=_VERDICTS)


@routes.post(_ONE, Permission.CONTENT, guide=_GUIDE)
async def start(visit: Visit) -> web.StreamResponse:
    """Begin to run."""
    number, run, title = await _of(visit)
    work = rehearse(visit.console.settings.database_url, number, visit.console.clock.today())
    await visit.request.app[REHEARSALS].start(run, visit.officer.login, title, work)
    return visit.to(f"/changes/{number}/impact")


async def _of(visit: Visit) -> tuple[int, str, str]:
    """The change set, the run that holds for just this draft over what is published now, and the title."""
    given = visit.request.match_info["id"]

    def read(db: Session) -> tuple[int, str, str] | None:
        found = db.get(ChangeSetRecord, int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else None
        if found is None:
            return None
        return found.id, run_of(db, found), found.title

    found = await visit.run(read)
    if found is None:
        raise web.HTTPNotFound
    return found
