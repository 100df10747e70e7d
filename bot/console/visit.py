"""One request to the console, as pages see it: who asks, the database, the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import aiohttp_jinja2
from aiohttp import web
from aiohttp_session import Session as Cookie
from multidict import MultiDict
from sqlalchemy.orm import Session

from bot.console import menu, sessions
from bot.console.parts import CONSOLE, PREFIX, Console
from bot.console.people import By, Officer
from bot.console.roles import Permission, may
from bot.rates import caller

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass
class Visit:
    """What a handler gets. ``who`` is nobody where a route lets anyone in; ``guide`` names the page of the guide."""

    request: web.Request
    cookie: Cookie
    who: Officer | None = None
    guide: str | None = None

    @property
    def console(self) -> Console:
        """The parts of the service."""
        return self.request.app[CONSOLE]

    @property
    def officer(self) -> Officer:
        """Who is signed in; only for routes that ask for it."""
        assert self.who is not None
        return self.who

    @property
    def address(self) -> str:
        """The caller's network address."""
        return caller(self.request, self.console.settings.trusted_proxies)

    @property
    def asked(self) -> str:
        """The query of the address with its question mark, to go on to a page that shows the same of a list."""
        query = self.request.rel_url.raw_query_string
        return f"?{query}" if query else ""

    @property
    def by(self) -> By:
        """The officer as the author of a change, now."""
        return By(self.officer.login, self.console.clock.now(), self.console.address_hash(self.address))

    async def run(self, work: Callable[Concatenate[Session, _P], _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """The result of ``work(db, …)`` in one transaction."""
        return await self.console.store.run(work, *args, **kwargs)

    async def form(self) -> MultiDict[str]:
        """The fields of the posted form; files are left out."""
        posted = await self.request.post()
        return MultiDict((name, value) for name, value in posted.items() if isinstance(value, str))

    def say(self, sentence: str) -> None:
        """Have ``sentence`` shown at the top of the next page."""
        self.cookie["said"] = [*self.cookie.get("said", ()), sentence]

    async def page(self, template: str, *, status: int = HTTPStatus.OK, **values: Any) -> web.Response:
        """The template as a page, with menu and whatever was said."""
        said, refusals = self.cookie.pop("said", ()), self.cookie.pop("refusals", ())
        entries = menu.entries_for(self.who.roles) if self.who else ()
        counts = await self.run(menu.counts, entries, self.console.clock.now()) if entries else {}
        context = {
            "csrf": sessions.csrf_token(self.cookie),
            "edits": self.who is not None and may(self.who.roles, Permission.EDIT),
            "menu": menu.groups_of(entries),
            "counts": counts,
            "guide": self.guide,
            "here": self.request.path,
            "officer": self.who,
            "said": said,
            "refusals": refusals,
            **values,
        }
        return aiohttp_jinja2.render_template(template, self.request, context, status=status)

    def to(self, path: str, said: str | None = None) -> web.Response:
        """Send the browser on to a page of ours, such as ``/officers``, with something to say there."""
        if said is not None:
            self.say(said)
        return send_to(self.request, PREFIX + path)

    def refuse(self, path: str, sentence: str) -> web.Response:
        """Send the browser on to a page of ours, and say there why nothing was done."""
        self.cookie["refusals"] = [sentence]
        return send_to(self.request, PREFIX + path)

    def to_sign_in(self) -> web.Response:
        """Send the browser to the sign-in page, and from there back to where it was."""
        request = self.request
        back = str(request.rel_url) if request.method == "GET" else _referring(request)
        if "HX-Request" in request.headers:
            # A part of a page: the way back leads to the page.
            back = _referring(request) or back
        return send_to(request, f"{PREFIX}/login?next={quote(back)}" if back else f"{PREFIX}/login")


def send_to(request: web.Request, address: str) -> web.Response:
    """See other; what htmx asked for in the background becomes a change of the whole page."""
    if request.headers.get("HX-Request"):
        return web.Response(headers={"HX-Redirect": address})
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def ours(address: str) -> str | None:
    """``address`` if it is a page of the console, so that nobody is led astray by a link to our sign-in page."""
    inside = address.startswith(f"{PREFIX}/") and address.isprintable() and "\\" not in address
    return address if inside else None


def _referring(request: web.Request) -> str:
    """The page of ours that a form was sent from, as far as the browser says."""
    _, _, rest = request.headers.get("Referer", "").partition(f"//{request.host}")
    return ours(rest) or ""
