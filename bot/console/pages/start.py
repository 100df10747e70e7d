"""The start page: what the officer may do here."""

from __future__ import annotations

from aiohttp import web

from bot.console.roles import Permission
from bot.console.routes import Routes
from bot.console.visit import Visit

routes = Routes()


@routes.get("/", Permission.SIGNED_IN, guide="dang-nhap")
async def start(visit: Visit) -> web.StreamResponse:
    """The parts of the console that are open to the officer, and what waits there."""
    return await visit.page("start.html")
