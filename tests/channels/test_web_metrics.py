"""The metrics: what is counted, what a label may hold, and that alerts and dashboard ask for what there is."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import aiohttp
import pytest
import yaml
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.ports import free_ports
from bot.channels.base import CHANNELS
from bot.conversation.meter import STEPS, Meter
from bot.conversation.models import HandoverRow, SessionRow
from bot.conversation.retraining import choice
from bot.conversation.waiting import QUEUES, waiting
from bot.knowledge.status import Status
from tests.channels.conftest import Api, OpenApi
from tests.conversation.fake_rasa import FakeRasa, answer, turn
from tests.postgres import BOTH, address_of

DEPLOY = Path(__file__).parents[2] / "deploy"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
async def counted(open_api: OpenApi, port: int) -> Api:
    api = await open_api(metrics_host="127.0.0.1", metrics_port=port)
    await api.open()
    return api


async def scrape(port: int) -> Samples:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.status == 200
        page = await response.text()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, tuple(sorted(labels.items()))]


async def test_a_turn_is_counted_with_its_steps(counted: Api, port: int) -> None:
    await counted.say("bảo hiểm y tế hộ cận nghèo")
    await counted.say("bảo hiểm y tế hộ nghèo", "twice")
    await counted.say("bảo hiểm y tế hộ nghèo", "twice")
    samples = await scrape(port)
    assert value(samples, "ansinh_turns_total", channel="web", status="answered") == 2
    assert value(samples, "ansinh_turn_seconds_count") == 2
    steps = {dict(labels)["step"] for name, labels in samples if name == "ansinh_turn_step_seconds_count"}
    assert steps == set(STEPS) - {"answer"}, "the fake Rasa tells no duration of an action"
    posts = value(samples, "ansinh_requests_total", method="POST", route="/api/web/messages", status="200")
    assert posts == 3


async def test_a_failure_of_rasa_is_counted_by_its_kind(counted: Api, rasa: FakeRasa, port: int) -> None:
    async def fail(_body: dict[str, Any]) -> web.Response:
        return web.Response(status=500)

    rasa.behaviour = fail
    await counted.say("hỏi")
    samples = await scrape(port)
    assert value(samples, "ansinh_rasa_errors_total", kind="RasaDownError") == 1
    assert value(samples, "ansinh_turns_total", channel="web", status="unavailable") == 1
    assert value(samples, "ansinh_part_up", part="rasa") == 0
    assert value(samples, "ansinh_part_up", part="database") == 1


async def test_what_is_too_much_is_counted(open_api: OpenApi, port: int) -> None:
    api = await open_api(metrics_host="127.0.0.1", metrics_port=port, rate_session_messages="1/minute")
    await api.open()
    await api.say("hỏi")
    status, _ = await api.call("POST", "/api/web/messages", json={"id": "b", "text": "hỏi"})
    assert status == 429
    assert value(await scrape(port), "ansinh_rate_limited_total", kind="session_messages") == 1


async def test_a_database_that_fails_is_counted_and_the_page_still_comes(
    counted: Api, engine: Engine, port: int
) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO gone"))
    try:
        samples = await scrape(port)
    finally:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE gone RENAME TO inbox"))
    assert value(samples, "ansinh_waiting", queue="inbox") != value(samples, "ansinh_waiting", queue="inbox"), "NaN"
    assert value(samples, "ansinh_part_up", part="database") == 1


async def test_queues_tell_their_depth_and_age(counted: Api, engine: Engine, port: int) -> None:
    asked = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    with Session(engine) as db, db.begin():
        session = db.query(SessionRow).one()
        for number in range(3):
            db.add(HandoverRow(
                session_id=session.id, code=f"AB{number}", state="waiting" if number else "closed", question="?",
                requested_at=asked + dt.timedelta(minutes=number),
            ))  # fmt: skip
    with Session(engine) as db:
        assert waiting(db, asked + dt.timedelta(minutes=2))["handovers"] == (2, 60.0)
    samples = await scrape(port)
    assert [value(samples, "ansinh_waiting", queue=queue) for queue in QUEUES] == [0, 0, 2, 0]
    assert value(samples, "ansinh_oldest_waiting_seconds", queue="handovers") >= 0


async def test_a_model_that_rasa_does_not_take_is_told(counted: Api, rasa: FakeRasa, engine: Engine, port: int) -> None:
    async def reply(_body: dict[str, Any]) -> web.StreamResponse:
        return web.json_response({**turn(answer("Dạ")), "model": "old.tar.gz"})

    rasa.behaviour = reply
    for model, pending in (("old.tar.gz", 0), ("new.tar.gz", 60)):
        with Session(engine) as db, db.begin():
            choice.note_start(db, model, dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60))
        await counted.say("hộ nghèo được gì")
        assert pending <= value(await scrape(port), "ansinh_model_pending_seconds") <= pending + 30


async def test_open_streams_are_counted(counted: Api, port: int) -> None:
    async with counted.client.get("/api/web/events", headers=counted.headers) as response:
        assert response.status == 200
        await asyncio.sleep(0.05)
        assert value(await scrape(port), "ansinh_event_streams") == 1


async def test_labels_hold_nothing_of_a_citizen(counted: Api, port: int) -> None:
    """Whatever is typed, called or guessed: each label value is a word of a closed list."""
    await counted.say("tôi là Nguyễn Văn An, 0912345678")
    await counted.client.get("/nguyen-van-an/0912345678")
    await counted.client.get("/checklist/nguyen-van-an")
    await counted.client.request("PATCH", "/api/web/messages")
    await counted.client.get("/api/web/messages", headers={"Authorization": "Bearer nguyen"})
    routes = {route.resource.canonical for route in counted.client.app.router.routes() if route.resource}
    allowed = {
        "method": {"GET", "POST", "DELETE", "any"},
        "route": routes | {"none"},
        "status": {str(code) for code in range(200, 600)} | set(get_args(Status)),
        "channel": set(counted.client.app[CHANNELS]),
        "step": set(STEPS),
        "queue": set(QUEUES),
        "part": {"database", "rasa", "actions"},
        "kind": {"RasaDownError", "RasaTimeoutError", "ActionsDownError", "BadReplyError"},
    }
    samples = await scrape(port)
    for name, labels in samples:
        if name.startswith("ansinh_"):
            for label, held in labels:
                assert label == "le" or held in allowed[label], (name, label, held)
    assert ("ansinh_requests_total", (("method", "any"), ("route", "none"), ("status", "404"))) in samples


async def test_metrics_are_not_at_the_public_address(counted: Api) -> None:
    assert (await counted.client.get("/metrics")).status == 404


async def test_without_an_address_there_are_none(open_api: OpenApi, port: int) -> None:
    await open_api(metrics_port=port)
    with pytest.raises(aiohttp.ClientConnectionError):
        await scrape(port)


def _expressions() -> Iterator[tuple[str, str]]:
    alerts = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text(encoding="utf-8"))
    for group in alerts["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    board = json.loads((DEPLOY / "grafana/ansinh.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("name", "expression"), list(_expressions()), ids=[name for name, _ in _expressions()])
def test_alerts_and_dashboard_ask_for_metrics_and_labels_that_exist(name: str, expression: str) -> None:
    labels: dict[str, set[str]] = {}
    for family in Meter().registry.collect():
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}[family.type]
        for suffix in suffixes:
            labels[family.name + suffix] = _labels_of(family.name)
    used = re.findall(r"\b((?:ansinh|process)_\w+|up)\b(?:\{([^}]*)\})?", expression)
    assert used, name
    for metric, matchers in used:
        if metric.startswith("ansinh_"):
            assert metric in labels, f"{name}: there is no metric {metric}"
            assert set(re.findall(r"(\w+)=~?\"", matchers)) <= labels[metric], name
    grouped = {label for found in re.findall(r"by \(([^)]*)\)", expression) for label in found.split(", ")}
    known = set().union(*labels.values()) | {"le", "instance"}
    assert grouped <= known, name


def _labels_of(family: str) -> set[str]:
    collector: Any = Meter().registry._names_to_collectors[family]
    return set(collector._labelnames)


def test_every_alert_says_what_to_do() -> None:
    alerts = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text(encoding="utf-8"))
    page = (DEPLOY.parent / "docs/huong-dan/van-hanh/su-co.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    for rule in alerts["groups"][0]["rules"]:
        action = rule["annotations"]["action"]
        named = re.search(r"su-co\.md, mục (.+)\.$", action)
        assert named is None or named[1] in headings, f"{rule['alert']}: {action}"
