"""The addresses: read-only, open to any page, told apart by version."""

from __future__ import annotations

from typing import Any

from aiohttp import ETag, web
from sqlalchemy.orm import Session

from bot.channels.web.bodies import ChangesQuery, check
from bot.channels.web.errors import ApiError
from bot.channels.web.gateway import GATEWAY
from bot.channels.web.policy.files import NOTICE, PREFIX, File, Files, as_json
from bot.channels.web.policy.openapi import description
from bot.conversation.clock import shown
from bot.knowledge.journal import Journal, changes_since

_FRESH = "public, max-age=60"


def policy_routes() -> list[web.AbstractRouteDef]:
    """Each handler says what it does."""
    return [
        web.get(PREFIX, _file),
        web.get(f"{PREFIX}/changes.json", _changes),
        web.get(f"{PREFIX}/openapi.json", _openapi),
        web.get(f"{PREFIX}/{{name}}", _file),
        web.options(PREFIX, _preflight),
        web.options(f"{PREFIX}/{{name}}", _preflight),
    ]


def open_policy(app: web.Application) -> None:
    """Add the addresses to the gateway, and let pages of any site read them."""
    app.add_routes(policy_routes())
    app.on_startup.append(_prepare)
    app.on_response_prepare.append(_let_any_site_read)


async def _prepare(app: web.Application) -> None:
    app[FILES] = Files(app[GATEWAY].published)


async def _let_any_site_read(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith(PREFIX):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Policy-Version"


async def _file(request: web.Request) -> web.StreamResponse:
    """What there is, or a file: all rows, the rows of a kind, a flat table."""
    await _count(request)
    try:
        file = await request.app[GATEWAY].store.run(request.app[FILES].get, request.match_info.get("name", ""))
    except KeyError:
        raise ApiError(404, "not_found") from None
    return _sent(request, file)


async def _changes(request: web.Request) -> web.Response:
    """What was added, changed and removed since a version, oldest first."""
    await _count(request)
    gateway = request.app[GATEWAY]
    query = check(ChangesQuery, dict(request.query), gateway.voice)

    def read(db: Session) -> Journal:
        return changes_since(db, query.since, after=query.after, limit=query.limit)

    journal = await gateway.store.run(read)
    following = f"{PREFIX}/changes.json?since={query.since}&limit={query.limit}&after={journal.following}"
    body: dict[str, Any] = {
        "version": journal.version,
        "since": query.since,
        "complete": journal.complete,
        "changes": [
            {
                "version": change.version,
                "kind": change.kind,
                "key": change.key,
                "action": change.action,
                "at": shown(change.at),
            }
            for change in journal.changes
        ],
        "next": following if journal.following else None,
        "notice": NOTICE,
    }
    headers = {"X-Policy-Version": str(journal.version), "Cache-Control": _FRESH}
    response = web.Response(body=as_json(body), content_type="application/json", charset="utf-8", headers=headers)
    response.enable_compression()
    return response


async def _openapi(request: web.Request) -> web.Response:
    """The description that programs read."""
    await _count(request)
    body = as_json(description(request.app[GATEWAY].settings.public_url))
    return web.Response(body=body, content_type="application/json", charset="utf-8", headers={"Cache-Control": _FRESH})


async def _preflight(_request: web.Request) -> web.Response:
    """A browser asks whether a page of another site may send ``If-None-Match``."""
    headers = {
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return web.Response(status=204, headers=headers)


async def _count(request: web.Request) -> None:
    limits = request.app[GATEWAY].limits
    await limits.count("address_exports", limits.address(request))


def _sent(request: web.Request, file: File) -> web.Response:
    headers = {"Cache-Control": _FRESH, "X-Policy-Version": str(file.version)}
    known = request.if_none_match
    # Compressed on the way it is the same file to a reader, so a weak tag is enough.
    if known and any(tag.value in {file.tag, "*"} for tag in known):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=file.content, content_type=file.kind, charset="utf-8", headers=headers)
        if file.kind == "text/csv":
            name = request.match_info["name"].removesuffix(".csv")
            disposition = f'attachment; filename="an-sinh-{name}-{file.version}.csv"'
            response.headers["Content-Disposition"] = disposition
        response.enable_compression()
    response.etag = ETag(value=file.tag, is_weak=True)
    return response


FILES = web.AppKey("policy_files", Files)
