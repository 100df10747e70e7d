"""The one way into Rasa, for our gateway alone.

``POST …/webhook`` with the header ``X-Ansinh-Secret`` and JSON
``{"sender": "…", "message": "…", "metadata": {…}}`` answers 200 with
``{"turns": [<custom payload>, …], "model": "<name of the archive>"}``.
Anything else is an error that names its reason and never the citizen's words: 400 ``bad_request``,
401 ``unauthorized``, 502 ``no_answer`` (no action spoke) or ``failed``.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.fast_actions import install_fast_actions

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Ansinh-Secret"  # noqa: S105 - the name of a header, not a secret
# To Rasa a text that starts with "/" is an intent. Only these may pass: a button that the gateway
# has verified, and the greeting that it probes readiness with.
COMMANDS = ("/button", "/greet")

# Rasa imports this module before it answers anything.
install_fast_actions()


class AnSinhInput(InputChannel):  # type: ignore[misc]  # rasa carries no types
    """Takes one turn per call and gives back what the actions uttered."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        """The channel's name, and the middle of its address."""
        return "ansinh"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> AnSinhInput:
        """A channel with the ``secret`` of ``credentials.yml``; without one Rasa does not start."""
        secret = str((credentials or {}).get("secret") or "")
        if not secret.strip() or secret.startswith("${"):
            raise RasaException(
                "Channel 'ansinh' needs a secret that it shares with the gateway, and has none. "
                "Set the environment variable ANSINH_RASA_SECRET to the same value for both."
            )
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses ``/`` (alive) and ``/webhook`` (one turn)."""

        async def alive(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def receive(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return _error("unauthorized", 401)
            message = _message(request, self.name())
            if message is None:
                return _error("bad_request", 400)
            return await _turn(on_new_message, message, _model(request))

        webhook = Blueprint("ansinh_webhook")
        webhook.add_route(alive, "/", methods=["GET"])
        webhook.add_route(receive, "/webhook", methods=["POST"])
        return webhook

    def _is_ours(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode(errors="replace"), self._secret)


def plain(text: str) -> str:
    """``text`` stripped, and without leading slashes unless it is one of ``COMMANDS``."""
    stripped = text.strip()
    return stripped if stripped in COMMANDS else stripped.lstrip("/ \t\r\n")


def _message(request: Request, channel: str) -> UserMessage | None:
    try:
        body = request.json
    except Exception:  # noqa: BLE001 - Sanic's error for bad JSON quotes the body
        return None
    if not isinstance(body, dict):
        return None
    sender, text, metadata = body.get("sender"), body.get("message"), body.get("metadata", {})
    if not (isinstance(sender, str) and sender and isinstance(text, str) and isinstance(metadata, dict)):
        return None
    return UserMessage(plain(text), CollectingOutputChannel(), sender, input_channel=channel, metadata=metadata)


def _model(request: Request) -> str | None:
    """The name of the archive that answers."""
    agent = getattr(request.app.ctx, "agent", None)
    return agent.processor.model_filename if agent is not None and agent.processor is not None else None


async def _turn(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage, model: str | None
) -> HTTPResponse:
    try:
        await on_new_message(message)
    except Exception as error:  # noqa: BLE001 - the gateway must get an answer for any failure
        # The type alone: messages and tracebacks of Rasa can hold what the citizen wrote.
        logger.error("Turn failed: %s", type(error).__name__)  # noqa: TRY400
        return _error("failed", 502)
    turns = [sent["custom"] for sent in message.output_channel.messages if "custom" in sent]
    if not turns:
        logger.error("Turn without an answer: no action spoke")
        return _error("no_answer", 502)
    return response.json({"turns": turns, "model": model})


def _error(reason: str, status: int) -> HTTPResponse:
    return response.json({"error": reason}, status=status)
