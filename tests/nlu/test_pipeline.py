"""A small model of our components, trained, loaded and asked through our channel as in production."""

from __future__ import annotations

import asyncio
import json
import logging
import logging.config
import subprocess
import sys
from typing import Any
from unittest import mock

import aiohttp
import pytest
from aiohttp import web
from rasa.core.agent import Agent
from rasa.model_training import train
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog

from bot.nlu import one_turn

CONFIG = """
recipe: default.v1
assistant_id: test
language: vi
pipeline:
  - name: bot.nlu.tokenizer.UndertheseaTokenizer
  - name: bot.nlu.classifier.SentenceClassifier
  - name: bot.nlu.extractors.CitizenEntityExtractor
policies:
  - name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [ask_benefit, ask_documents, greet, button]
entities: [money, age, birth, household_size, date, relation, place, number]
actions: [action_answer]
"""
DATA = """
version: "3.1"
nlu:
- intent: ask_benefit
  examples: |
    - hộ nghèo được hỗ trợ gì
    - được bao nhiêu tiền một tháng
- intent: ask_documents
  examples: |
    - cần giấy tờ gì
    - hồ sơ gồm gì
- intent: greet
  examples: |
    - xin chào
    - chào em
- intent: button
  examples: |
    - nút bấm một
    - nút bấm hai
rules:
- rule: answer
  steps:
  - intent: ask_benefit
  - action: action_answer
- rule: papers
  steps:
  - intent: ask_documents
  - action: action_answer
- rule: greet
  steps:
  - intent: greet
  - action: action_answer
- rule: button
  steps:
  - intent: button
  - action: action_answer
"""
MARKER = "Xylophon"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("model")
    files = {"config.yml": CONFIG, "domain.yml": DOMAIN, "data.yml": DATA}
    for name, text in files.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")
    paths = {name: str(folder / name) for name in files}
    result = train(paths["domain.yml"], paths["config.yml"], [paths["data.yml"]], output=str(folder / "models"))
    assert result.model is not None
    return str(result.model)


def agent(model: str, actions: str) -> Agent:
    with mock.patch("rasa.core.agent.MessageProcessor"):
        one_turn.install()
        return Agent.load(model, action_endpoint=EndpointConfig(url=actions))


def echo(call: dict[str, Any]) -> web.Response:
    latest = call["tracker"]["latest_message"]
    said = {key: latest.get(key) for key in ("text", "entities", "metadata", "asks")}
    custom = {**said, "intent": latest["intent"]["name"]}
    return web.json_response({"events": [], "responses": [{"custom": custom}]})


def broken(_: dict[str, Any]) -> web.Response:
    return web.json_response({"events": "none", "responses": []})


async def ask(address: str, secret: str, text: str) -> tuple[int, Any]:
    metadata: dict[str, Any] = {"today": "2026-11-25", "case": {}, "channel": "web", "button": None}
    body = {"sender": f"turn {text}", "message": text, "metadata": metadata}
    headers = {"X-Ansinh-Secret": secret}
    async with aiohttp.ClientSession() as session, session.post(address, json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_a_turn_from_message_to_action_and_back(
    model: str, channel_server: Any, action_server: Any, secret: str
) -> None:
    async with action_server(echo) as actions, channel_server(agent(model, actions).handle_message) as address:
        for text in ("hộ nghèo dc hỗ trợ gì, mẹ 76 tuổi", "ho ngheo duoc ho tro gi, me toi 76 tuoi"):
            status, answer = await ask(address, secret, text)
            (turn,) = answer["turns"]
            assert (status, turn["intent"], turn["text"]) == (200, "ask_benefit", text)
            assert [(e["entity"], e["value"]) for e in turn["entities"]] == [
                ("relation", "mother"),
                ("age", {"years": 76}),
            ]
            assert turn["metadata"]["today"] == "2026-11-25"
            assert [ask["intent"] for ask in turn["asks"]] == ["ask_benefit"]
        status, answer = await ask(address, secret, "/button")
        assert (status, answer["turns"][0]["intent"]) == (200, "button")
        status, answer = await ask(address, secret, "/restart")
        assert (status, answer["turns"][0]["text"]) == (200, "restart")


async def test_what_rasas_own_processor_does_is_done(
    model: str, channel_server: Any, action_server: Any, secret: str
) -> None:
    calls: list[dict[str, Any]] = []

    def note(call: dict[str, Any]) -> web.Response:
        calls.append(call)
        return echo(call)

    async with action_server(note) as actions:
        stock = Agent.load(model, action_endpoint=EndpointConfig(url=actions))
        for loaded in (stock, agent(model, actions)):
            async with channel_server(loaded.handle_message) as address:
                answers = [await ask(address, secret, text) for text in ("cần giấy tờ gì", "/greet", "mẹ tôi 76 tuổi")]
        assert [status for status, _ in answers] == [200, 200, 200]
    assert len(calls) == 6
    for theirs, ours in zip(calls[:3], calls[3:]):  # noqa: B905 - Python 3.10 has no use for it
        assert ours["next_action"] == theirs["next_action"]
        assert understood(ours) == understood(theirs)


def understood(call: dict[str, Any]) -> dict[str, Any]:
    latest: dict[str, Any] = call["tracker"]["latest_message"]
    return {key: value for key, value in latest.items() if key != "message_id"}


async def test_nothing_is_remembered_of_a_turn(
    model: str, channel_server: Any, action_server: Any, secret: str
) -> None:
    async with action_server(echo) as actions:
        loaded = agent(model, actions)
        async with channel_server(loaded.handle_message) as address:
            for _ in range(2):
                await ask(address, secret, "cần giấy tờ gì")
        assert list(await loaded.tracker_store.keys()) == []


ODD = ["a", "?", "😀", "e\u0302\u0323", "hoà  thuỷ", "9" * 50, "\u200b", "(" * 200, '{"a": 1}', "[x](y)"]


@pytest.mark.parametrize("text", ODD)
async def test_odd_text_gets_an_answer(
    text: str, model: str, channel_server: Any, action_server: Any, secret: str
) -> None:
    async with action_server(echo) as actions, channel_server(agent(model, actions).handle_message) as address:
        status, answer = await ask(address, secret, text)
        assert (status, len(answer.get("turns", []))) == (200, 1)


@pytest.mark.parametrize("actions_answer", [echo, broken])
async def test_no_log_holds_what_a_citizen_wrote(
    actions_answer: Any, model: str, channel_server: Any, action_server: Any, secret: str, capfd: Any
) -> None:
    text = f"{MARKER} hộ nghèo được hỗ trợ gì"
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    # As `rasa run` sets it up, at the level that our processes run with.
    configure_structlog(logging.INFO)
    handler = logging.StreamHandler()
    root.handlers = [*before[1], handler]
    root.setLevel(logging.INFO)
    try:
        async with (
            action_server(actions_answer) as actions,
            channel_server(agent(model, actions).handle_message) as address,
        ):
            status, _ = await ask(address, secret, text)
    finally:
        root.handlers = before[1]
        root.setLevel(before[0])
    assert status == (200 if actions_answer is echo else 502)
    logged = capfd.readouterr()
    assert MARKER not in logged.out + logged.err
    # The failure itself must not be silent.
    assert ("Turn without an answer" in logged.err) == (actions_answer is broken)


WITHOUT_TENSORFLOW = """
import asyncio, json, sys
from bot.nlu import without_tensorflow
without_tensorflow.install()
import rasa.engine.recipes.default_components
from rasa.core.agent import Agent
without_tensorflow.seal()
agent = Agent.load(sys.argv[1])
print(json.dumps([asyncio.run(agent.parse_message(text)) for text in sys.argv[2:]], default=str))
"""


def test_a_message_is_understood_the_same_without_tensorflow(model: str) -> None:
    texts = ["hộ nghèo được hỗ trợ gì", "chao em", "mẹ tôi 76 tuổi ở Ba Tơ được bao nhiêu tiền"]
    there = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT_TENSORFLOW, model, *texts],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert there.returncode == 0, there.stderr
    loaded = Agent.load(model)
    here = [asyncio.run(loaded.parse_message(text)) for text in texts]
    assert json.loads(there.stdout.splitlines()[-1]) == json.loads(json.dumps(here, default=str))
