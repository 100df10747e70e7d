"""Static files of pages, and the health addresses."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.channels.base import CHANNELS, Channel
from bot.channels.web.gateway import GATEWAY

_STATIC = Path(__file__).with_name("static")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What every response allows; the pages of the widget say more."""


def page_routes() -> list[web.AbstractRouteDef]:
    """What belongs to no channel."""
    return [
        web.get("/static/checklist.css", _file("checklist.css", "text/css; charset=utf-8")),
        web.get("/static/figures.css", _file("figures.css", "text/css; charset=utf-8")),
        web.get("/static/icon.svg", _file("icon.svg", "image/svg+xml")),
        web.get("/healthz", _alive),
        web.get("/readyz", _ready),
    ]


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """A signal: nothing may run in our pages, or frame them, but what we serve."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")


def _file(name: str, kind: str) -> Handler:
    async def serve(_request: web.Request) -> web.FileResponse:
        # Checked again each time: a new release must not meet an old script.
        return web.FileResponse(_STATIC / name, headers={"Content-Type": kind, "Cache-Control": "no-cache"})

    return serve


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"alive": True})


async def _ready(request: web.Request) -> web.Response:
    readiness = await request.app[GATEWAY].ready.check()
    # A channel with a problem is for a person to mend; the others go on meanwhile.
    channels = {name: await _state(channel) for name, channel in request.app[CHANNELS].items()}
    body = {"ready": readiness.ready, "parts": readiness.parts, "channels": channels}
    return web.json_response(body, status=200 if readiness.ready else 503)


async def _state(channel: Channel) -> str:
    problems = await channel.problems()
    if problems is None:
        return "not set up"
    return "; ".join(f"{name}: {sentence}" for name, sentence in problems.items()) or "ok"
