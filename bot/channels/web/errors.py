"""Errors of the API: always JSON, always with a sentence that a citizen can read.

``{"error": {"code": "…", "message": "…", "field": "…"}}``; ``field`` only where one is at fault.
"""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import SQLAlchemyError

from bot import calls
from bot.conversation.handover import officers
from bot.conversation.repository import IdTakenError, MessageUnknownError, SessionGoneError
from bot.conversation.turn import log_without_text
from bot.conversation.voice import Voice

_log = logging.getLogger(__name__)


class ApiError(Exception):
    """A request that can't be served; ``code`` names its sentence in ``voice.yml``."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        headers: dict[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.headers = headers
        self.values = values


# What the conversation raises, as a caller of the API sees it.
_KNOWN: dict[type[Exception], tuple[int, str, str | None]] = {
    SessionGoneError: (401, "session_expired", None),
    IdTakenError: (409, "id_taken", "id"),
    MessageUnknownError: (404, "message_unknown", "message"),
    officers.RequestUnknownError: (404, "request_unknown", None),
    officers.NotClaimedError: (409, "request_not_claimed", None),
    officers.ClaimedByOtherError: (409, "request_claimed", None),
    officers.RequestClosedError: (409, "request_closed", None),
    officers.NoPhoneError: (404, "phone_none", None),
    officers.CitizenGoneError: (410, "citizen_gone", None),
}


def error_middleware(voice: Voice) -> Middleware:
    """Turns every exception into a JSON error; 500 is for what nobody thought of."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:  # noqa: BLE001 - the outermost place: a stack trace helps no citizen
            return _answer(voice, describe(request, error))

    return middleware


def describe(request: web.Request, error: Exception) -> ApiError:
    """What to tell of any exception; logs what nobody thought of."""
    return _from_http(request, error) if isinstance(error, web.HTTPException) else _from_exception(request, error)


def _from_http(request: web.Request, error: web.HTTPException) -> ApiError:
    match error:
        case web.HTTPRequestEntityTooLarge():
            return ApiError(413, "body_too_large", limit=request.app[MAX_BODY] // 1024)
        case web.HTTPNotFound():
            return ApiError(404, "not_found")
        case web.HTTPMethodNotAllowed():
            allowed = {"Allow": ",".join(sorted(error.allowed_methods))}
            return ApiError(405, "method_not_allowed", headers=allowed, method=error.method)
        case _:
            return ApiError(max(error.status, 400), "bad_request")


def _from_exception(request: web.Request, error: Exception) -> ApiError:
    if isinstance(error, ApiError):
        return error
    if type(error) in _KNOWN:
        status, code, field = _KNOWN[type(error)]
        return ApiError(status, code, field=field)
    if isinstance(error, SQLAlchemyError | TimeoutError):
        _log.warning("%s: %s", calls.named(request), type(error).__name__)
        return ApiError(503, "unavailable", headers={"Retry-After": "5"})
    log_without_text(_log, calls.named(request), error)
    return ApiError(500, "internal")


def _answer(voice: Voice, error: ApiError) -> web.Response:
    body = {"code": error.code, "message": voice.error(error.code, field=error.field, **error.values)}
    if error.field is not None:
        body["field"] = error.field
    return web.json_response({"error": body}, status=error.status, headers=error.headers)


MAX_BODY = web.AppKey("max_body", int)
