"""A call as a log may name it."""

from __future__ import annotations

from aiohttp import web


def named(request: web.Request) -> str:
    """Method and route, never the address itself.

    Whoever reads the address of a checklist could open it, and a line break in one would begin a line of its own.
    """
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource else 'of no route'}"
