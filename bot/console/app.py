"""The console as an aiohttp application, to be mounted under ``/console``."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from aiohttp import web
from aiohttp_session import session_middleware

from bot.console import rendering
from bot.console.assets import ASSETS, DIST, Assets
from bot.console.errors import error_pages
from bot.console.faq_help import INDEXES, Indexes
from bot.console.pages import ALL, excel
from bot.console.parts import CONSOLE, PREFIX, Console
from bot.console.publisher import publisher
from bot.console.rehearsals import rehearsals
from bot.console.reviews import REVIEWS, Reviews
from bot.console.routes import add_routes
from bot.console.sessions import storage
from bot.console.signing_in import DOORKEEPER, RATE, Doorkeeper, Lock
from bot.rates import Rates
from bot.settings import Settings


def create_console(settings: Settings, parts: Callable[[], Console], dist: Path = DIST) -> web.Application:
    """The console with all its pages, to be mounted under ``PREFIX``.

    ``parts`` is called once, when the application starts: by then whoever mounts it has them. ``dist`` is the folder
    with the build of style sheets and scripts.
    """
    app = web.Application(middlewares=[error_pages, session_middleware(storage(settings))])
    app[ASSETS] = assets = Assets.read(dist)
    app[INDEXES] = Indexes()
    app[REVIEWS] = Reviews()
    rendering.set_up(app, assets)
    add_routes(app, ALL)

    async def start(app: web.Application) -> AsyncIterator[None]:
        console = app[CONSOLE] = parts()
        lock = Lock(settings.console_login_failures, dt.timedelta(minutes=settings.console_lock_minutes))
        rates = Rates(settings.redis_url, {RATE: settings.rate_console_logins})
        app[DOORKEEPER] = Doorkeeper(console.store, console.box, lock, rates)
        yield
        await rates.close()

    app.cleanup_ctx.extend((start, publisher, excel.runs, rehearsals))
    return app


def mount(app: web.Application, console: web.Application) -> None:
    """Put the console into ``app`` under ``PREFIX``, however its address is typed."""
    app.router.add_get(PREFIX, _enter)
    app.add_subapp(PREFIX, console)


def alone(console: web.Application) -> web.Application:
    """An application that holds nothing but the console, for a listen address of its own."""
    app = web.Application()
    app.router.add_get("/", _enter)
    mount(app, console)
    return app


async def _enter(_request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": f"{PREFIX}/"})
