"""The printable checklist of an answer: a page that needs no script and that its address alone opens."""

from __future__ import annotations

import datetime as dt

from aiohttp import web
from sqlalchemy.orm import Session

from bot.channels.web.errors import ApiError, describe
from bot.channels.web.gateway import GATEWAY
from bot.channels.web.templates import render
from bot.conversation import repository
from bot.conversation.checklists import PATH, ExpiredTokenError, Place
from bot.conversation.published import Published
from bot.conversation.tokens import BadTokenError
from bot.knowledge.checklist import Checklist, checklist, has_checklist

# A search engine that comes upon an address must not show what somebody was told.
_HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


def checklist_routes() -> list[web.AbstractRouteDef]:
    """The one address of checklists."""
    return [web.get(PATH + "{token}", _show)]


async def _show(request: web.Request) -> web.Response:
    gateway = request.app[GATEWAY]
    try:
        await gateway.limits.count("address_requests", gateway.limits.address(request))
        now = gateway.clock.now()
        place = _place(request, now)
        sheet = await gateway.store.run(_read, place, gateway.published)
    except Exception as raised:  # noqa: BLE001 - a person with a browser reads no JSON
        error = describe(request, raised)
        message = gateway.voice.error(error.code, **error.values)
        return _page("sorry.html", error.status, error.headers, message=message)
    return _page("checklist.html", 200, None, sheet=sheet, last_day=place.last_day)


def _place(request: web.Request, now: dt.datetime) -> Place:
    try:
        return request.app[GATEWAY].checklists.read(request.match_info["token"], now)
    except ExpiredTokenError:
        raise ApiError(410, "checklist_expired") from None
    except BadTokenError:
        raise ApiError(404, "checklist_unknown") from None


def _read(db: Session, place: Place, published: Published) -> Checklist:
    message = repository.reply_of(db, place.turn_id, place.number)
    if message is None or message.answer is None or not has_checklist(message.answer):
        raise ApiError(404, "checklist_unknown")
    return checklist(message.answer, published.read(db))


def _page(name: str, status: int, headers: dict[str, str] | None, **values: object) -> web.Response:
    return web.Response(
        text=render(name, **values), status=status, content_type="text/html", headers={**_HEADERS, **(headers or {})}
    )
