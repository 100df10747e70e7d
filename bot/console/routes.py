"""The one way to give the console an address: with the permission it asks for.

    routes = Routes()

    @routes.get("/officers", Permission.PEOPLE, guide="quan-ly-nguoi-dung")
    async def officers(visit: Visit) -> web.StreamResponse: ...

Before a handler runs it is certain who asks and that they may, and that a POST comes from a form of ours.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import get_session
from multidict import MultiDict

from bot.console import people, sessions
from bot.console.people import OfficerUnknownError
from bot.console.roles import Permission, may
from bot.console.visit import Visit

Page = Callable[[Visit], Awaitable[web.StreamResponse]]
PASSWORD_PATH = "/account/password"  # noqa: S105 - an address
POLLING = "X-Polling"
"""The header of what a page asks for by itself: it does not show that the officer is there."""

# What whoever must change their password can still do.
_BEFORE_NEW_PASSWORD = {PASSWORD_PATH, "/logout"}


class StaleFormError(Exception):
    """The form was not ours, or of another session."""


class Routes:
    """The addresses of one module of pages, each with its permission; ``guides`` are behind its question marks."""

    def __init__(self) -> None:
        self._found: list[tuple[web.RouteDef, Permission]] = []
        self.guides: set[str] = set()

    def __iter__(self) -> Iterator[tuple[web.RouteDef, Permission]]:
        return iter(self._found)

    def get(self, path: str, permission: Permission, *, guide: str | None = None) -> Callable[[Page], Page]:
        """A page; ``guide`` names the page of the guide behind its question mark."""
        return self._add(web.get, path, permission, guide)

    def post(
        self, path: str, permission: Permission, *, guide: str | None = None, largest: int | None = None
    ) -> Callable[[Page], Page]:
        """Something that changes something; ``largest`` is how many bytes its form may have, files included."""
        return self._add(web.post, path, permission, guide, largest)

    def _add(
        self,
        kind: Callable[[str, Handler], web.RouteDef],
        path: str,
        permission: Permission,
        guide: str | None,
        largest: int | None = None,
    ) -> Callable[[Page], Page]:
        if guide is not None:
            self.guides.add(guide)

        def register(page: Page) -> Page:
            self._found.append((kind(path, _guarded(page, path, permission, guide, largest)), permission))
            return page

        return register


def add_routes(app: web.Application, modules: list[Routes]) -> None:
    """Give ``app`` all addresses, and remember the permission of each."""
    declared: dict[object, Permission] = {
        definition.handler: permission for routes in modules for definition, permission in routes
    }
    app[DECLARED] = declared
    app.add_routes([definition for routes in modules for definition, _ in routes])


def _guarded(page: Page, path: str, permission: Permission, guide: str | None, largest: int | None) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        cookie = await get_session(request)
        if largest is not None:
            request = request.clone(client_max_size=largest)
        visit = Visit(request, cookie, guide=guide)
        if permission is not Permission.ANYONE:
            visit.who = await _signed_in(visit)
            if visit.who is None:
                visit.cookie.clear()
                return visit.to_sign_in()
            if visit.who.must_change_password and path not in _BEFORE_NEW_PASSWORD:
                return visit.to(PASSWORD_PATH)
            if not may(visit.who.roles, permission):
                raise web.HTTPForbidden
        if request.method not in {"GET", "HEAD"}:
            await _check_form(visit)
        return await page(visit)

    return handle


async def _signed_in(visit: Visit) -> people.Officer | None:
    now = visit.console.clock.now()
    login = sessions.login_of(visit.cookie, now, visit.console.settings)
    if login is None:
        return None
    try:
        officer = await visit.run(people.read, login)
    except OfficerUnknownError:
        return None
    if not sessions.still_holds(visit.cookie, officer):
        return None
    if POLLING not in visit.request.headers:
        sessions.touch(visit.cookie, now)
    return officer


async def _check_form(visit: Visit) -> None:
    form = await _posted(visit)
    given = visit.request.headers.get("X-CSRF-Token") or form.get("csrf") or ""
    if not hmac.compare_digest(given.encode(), sessions.csrf_token(visit.cookie).encode()):
        raise StaleFormError


async def _posted(visit: Visit) -> MultiDict[str]:
    try:
        return await visit.form()
    except (web.HTTPException, OSError):
        raise
    # aiohttp raises whatever its parsers meet: each means that no browser has sent this.
    except Exception as error:
        raise web.HTTPBadRequest from error


DECLARED: web.AppKey[dict[object, Permission]] = web.AppKey("declared", dict)
"""The permission of each handler."""
