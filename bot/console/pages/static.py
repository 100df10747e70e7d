"""Style sheets and scripts."""

from __future__ import annotations

from aiohttp import web

from bot.console.assets import ASSETS
from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit

routes = Routes()


@routes.get("/static/{name}", Permission.ANYONE)
async def file(visit: Visit) -> web.StreamResponse:
    """A file of the build."""
    return visit.request.app[ASSETS].file(visit.request.match_info["name"])
