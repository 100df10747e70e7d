from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import ValidationError  # type: ignore[import-untyped]  # no stubs in Rasa's environment
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.nlu import fast_actions

ACTION = RemoteAction("action_answer", None)
ANSWER = {
    "events": [{"event": "slot", "name": "x", "value": 1, "timestamp": None}],
    "responses": [{"custom": {"answers": []}}],
}


@pytest.fixture
def schema_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The schemas that were checked, each time one was."""
    fast_actions._validator.cache_clear()
    kind = validator_for(RemoteAction.action_response_format_spec())
    checked: list[Any] = []
    original = kind.check_schema

    def check(schema: Any, *args: Any, **kwargs: Any) -> None:
        checked.append(schema)
        original(schema, *args, **kwargs)

    monkeypatch.setattr(kind, "check_schema", check)
    yield checked
    fast_actions._validator.cache_clear()


def test_the_schema_is_checked_once_for_all_answers(schema_checks: list[Any]) -> None:
    fast_actions.install_fast_actions()
    for _ in range(5):
        assert ACTION._validate_action_result(ANSWER) is True
    assert len(schema_checks) == 1


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"events": "none"},
        {"events": [{"event": 5}]},
        {"responses": [1]},
        {"responses": {}},
    ],
)
def test_an_answer_of_another_form_is_refused(answer: Any) -> None:
    fast_actions.install_fast_actions()
    with pytest.raises(ValidationError):
        ACTION._validate_action_result(answer)


def test_the_refusal_does_not_quote_the_answer() -> None:
    with pytest.raises(ValidationError) as refusal:
        fast_actions.validate_action_result(ACTION, {"responses": ["mẹ tôi 76 tuổi"]})
    assert "$.responses[0]" in str(refusal.value)
    assert "76" not in str(refusal.value)


def test_the_channel_installs_it() -> None:
    import bot.nlu.channel  # noqa: F401, PLC0415 - importing it is what the test is about

    assert RemoteAction._validate_action_result is fast_actions.validate_action_result


async def test_one_connection_serves_call_after_call() -> None:
    connections = set()

    async def answer(request: web.Request) -> web.Response:
        connections.add(request.transport)
        return web.json_response({"events": [], "responses": []})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    async with TestServer(app) as server:
        fast_actions.install_fast_actions()
        endpoint = EndpointConfig(str(server.make_url("/webhook")))
        for _ in range(3):
            assert await endpoint.request(json={}) == {"events": [], "responses": []}
        async with endpoint.session() as session:
            await session.close()
        assert await endpoint.request(json={}) == {"events": [], "responses": []}
        async with endpoint.session() as session:
            await session.close()
    assert len(connections) == 2


def test_another_event_loop_gets_a_session_of_its_own() -> None:
    fast_actions.install_fast_actions()
    endpoint = EndpointConfig("http://127.0.0.1:9")

    async def lent() -> aiohttp.ClientSession:
        async with endpoint.session() as session:
            return session

    first, second = asyncio.run(lent()), asyncio.run(lent())
    assert first is not second
    asyncio.run(second.close())
    asyncio.run(first.close())


async def test_an_action_server_that_has_gone_quiet_is_waited_for_no_longer_than_a_turn() -> None:
    fast_actions.install_fast_actions()
    async with fast_actions.kept_session(EndpointConfig("http://127.0.0.1:9")) as session:
        assert session.timeout.total == fast_actions.PATIENCE_SECONDS
        await session.close()


def test_a_call_carries_the_latest_message_and_neither_history_nor_domain() -> None:
    fast_actions.install_fast_actions()
    tracker = DialogueStateTracker("sender", [])
    tracker.update(UserUttered("xin chào", {"name": "greet"}, parse_data={"text": "xin chào", "asks": []}))
    call = ACTION._action_call_format(tracker, Domain.empty())
    assert call["next_action"] == "action_answer"
    assert call["tracker"]["latest_message"]["text"] == "xin chào"
    assert call["tracker"]["events"] is None
    assert "domain" not in call
