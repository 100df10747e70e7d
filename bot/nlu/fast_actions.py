"""Calls of the action server without work that Rasa repeats each time.

Rasa calls ``jsonschema.validate`` for every answer, which first checks the schema – a constant –
against the schema of schemas. That took a third of the Rasa process's time. The check of the answer
stays the same; only its preparation is done once. Rasa opens a session and a connection for every call; here
they are kept. It would also wait five minutes for an action server that has gone quiet, and a hundred such calls
use up all connections: here a call is given up when nobody waits for it any more. And Rasa sends all that happened
so far, in which the message stands again, and its whole domain; our actions read the latest message alone.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import aiohttp
import rasa
from jsonschema import ValidationError  # type: ignore[import-untyped]  # no stubs in Rasa's environment
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from jsonschema.protocols import Validator  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils import endpoints
from rasa.utils.endpoints import EndpointConfig

PATIENCE_SECONDS = 10
"""As long as the gateway waits for a turn by default."""


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:  # noqa: ARG001 - a method's place
    """Stands in for ``RemoteAction._validate_action_result``: True, or ``ValidationError``.

    The error names the place in the answer, not what stands there: that can be a citizen's facts.
    """
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        raise ValidationError(
            f"The action server's answer breaks Rasa's form at {error.json_path} (rule: {error.validator})."
        )
    return True


def action_call(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:  # noqa: ARG001
    """Stands in for ``RemoteAction._action_call_format``: the call without events and domain."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(),
        "version": rasa.__version__,
    }


class KeptSession:
    """Lends a session to one call after the other; the end of a call leaves it open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()

    @property
    def usable(self) -> bool:
        """Whether the session is open and belongs to the event loop that runs."""
        return not self._session.closed and self._loop is asyncio.get_running_loop()

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_error: object) -> None:
        return None


_new_session = EndpointConfig.session


def kept_session(endpoint: EndpointConfig) -> KeptSession:
    """Stands in for ``EndpointConfig.session``: the same session as long as its event loop runs."""
    kept: KeptSession | None = vars(endpoint).get("kept")
    if kept is None or not kept.usable:
        kept = vars(endpoint)["kept"] = KeptSession(_new_session(endpoint))
    return kept


def install_fast_actions() -> None:
    """Make every remote action use them; doing so again changes nothing."""
    endpoints.DEFAULT_REQUEST_TIMEOUT = PATIENCE_SECONDS
    RemoteAction._action_call_format = action_call
    RemoteAction._validate_action_result = validate_action_result
    EndpointConfig.session = kept_session
