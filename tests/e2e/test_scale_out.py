"""Several gateways, Rasa workers and action servers are one An Sinh: no sticky sessions, no restart after a change."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.cluster import Cluster
from bench.load.report import table
from bench.load.soak import soak
from bench.publish import approve, submit
from bot.knowledge.db import make_engine
from bot.knowledge.tables import FaqEntryRecord
from tests.e2e.cluster import RASA_SECRET, SECRET, kill, open_folder, two_of_each
from tests.e2e.running import TODAY, Talk, call, wait_for
from tests.postgres import new_database, server
from tests.redis_server import Redis

LIVE_SECONDS = 10.0
"""From the approval to the last process, on a machine that is busy with the tests."""
QUESTION = "Hộ cận nghèo được hỗ trợ bảo hiểm y tế bao nhiêu?"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with server() as folder:
        yield new_database(folder)


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with Redis() as started:
        yield started


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, database: str, redis: Redis) -> Iterator[Cluster]:
    with two_of_each(open_folder(tmp_path_factory.mktemp("scale")), database, redis.url) as started:
        yield started


def test_one_conversation_goes_over_all_processes(running: Cluster) -> None:
    talk, address = Talk(running.gateways[0]), cycle(running.gateways[::-1])
    for said in ("me toi 76 tuoi co duoc tien huu tri xa hoi ko", "không có lương hưu"):
        talk.address = next(address)
        *_, result = talk.say(said)
    assert result["answer"]["verdict"] == "eligible"
    talk.address = next(address)
    assert [message["role"] for message in talk.history()].count("citizen") == 2
    for _ in range(12):
        talk.address = next(address)
        talk.say(QUESTION)
    assert {running.ports["rasa-0"], running.ports["rasa-1"]} <= running.asked_of_rasa(), "both had their share"


def test_what_is_approved_reaches_every_process_without_a_restart(running: Cluster, database: str) -> None:
    talk, address = Talk(running.gateways[0]), cycle(running.gateways)
    engine = make_engine(database)
    with Session(engine) as db:
        faq, question = db.execute(
            select(FaqEntryRecord.id, FaqEntryRecord.question).order_by(FaqEntryRecord.id).limit(1)
        ).one()
    assert talk.say(question)[0]["answer"]["faq"] == faq
    mark = f"Dấu {uuid.uuid4().hex}"
    # By the way that the console takes: a draft, submitted by one officer and approved by another.
    number = submit(engine, faq, mark)
    assert mark not in talk.say(question)[0]["text"]
    version = approve(engine, number)
    engine.dispose()
    ends = time.monotonic() + LIVE_SECONDS
    # Each action server is asked by way of its own Rasa worker. How soon to the millisecond is for `make bench` to say.
    for worker in ("rasa-0", "rasa-1"):
        wait_for(lambda worker=worker: mark in _asked(running, worker, question), ends - time.monotonic())  # type: ignore[misc]
    for gateway in running.gateways:
        wait_for(
            lambda gateway=gateway: call(f"{gateway}/api/policy/v1").body["version"] == version,  # type: ignore[misc]
            ends - time.monotonic(),
        )
    # None may fall back afterwards.
    for _ in range(8):
        talk.address = next(address)
        assert mark in talk.say(question)[0]["text"]


def _asked(running: Cluster, worker: str, question: str) -> str:
    """What a Rasa worker and its action server say to a question."""
    url = f"http://127.0.0.1:{running.ports[worker]}/webhooks/ansinh/webhook"
    metadata = {"case": {}, "today": TODAY, "channel": "web", "button": None}
    body = {"sender": uuid.uuid4().hex, "message": question, "metadata": metadata}
    headers = {"Content-Type": "application/json", "X-Ansinh-Secret": RASA_SECRET}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - our own address
        return str(json.load(response)["turns"][0]["answers"][0]["text"])


def test_what_one_gateway_counts_the_other_counts_too(running: Cluster) -> None:
    talk, address = Talk(running.gateways[0]), cycle(running.gateways)
    statuses = [call(f"{next(address)}/api/web/messages", talk.token).status for _ in range(124)]
    assert statuses == [200] * 120 + [429] * 4, "120 a minute for a conversation, whichever gateway it comes to"


def test_citizens_by_the_public_address_meet_no_error(running: Cluster) -> None:
    """The short form of ``make soak``."""
    figures = soak(running, minutes=0.2, citizens=4, pause=0.0, warm=3)
    assert figures["soak_turns"] > 10
    assert figures["soak_errors"] == 0, table(figures)
    assert all(figures[f"{name}_end_mb"] > 1 for name in running.processes)


@pytest.mark.parametrize(
    "path", ["/status", "/version", "/model", "/domain", "/conversations/a/tracker", "/webhooks/rest/webhook"]
)
def test_rasa_has_no_other_way_in(running: Cluster, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{running.ports['rasa-0']}{path}", timeout=10)
    with caught.value as answered:
        assert answered.code == 404


def test_rasa_answers_nobody_without_the_secret(running: Cluster) -> None:
    for name in ("rasa-0", "rasa-proxy"):
        url = f"http://127.0.0.1:{running.ports[name]}/webhooks/ansinh/webhook"
        assert call(url, body={"sender": "a", "message": "xin chào"}).status == 401


def test_rasa_and_actions_listen_on_this_machine_only(running: Cluster) -> None:
    listening = {
        (address, port)
        for name in ("rasa-0", "rasa-1", "actions-0", "actions-1", "rasa-proxy")
        for address, port in _listening()
        if port == running.ports[name]
    }
    assert len(listening) == 5
    assert {address for address, _ in listening} == {"127.0.0.1"}


def _listening() -> Iterator[tuple[str, int]]:
    """Addresses that the kernel says somebody listens on."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        local, state = line.split()[1], line.split()[3]
        if state == "0A":
            address, port = local.split(":")
            yield socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)


def test_killed_workers_lose_and_double_no_message(running: Cluster) -> None:
    """A Rasa worker and a gateway are killed while eight citizens write; their clients send again, as the page does."""
    halfway = threading.Barrier(9)

    def citizen(number: int) -> tuple[Talk, list[str]]:
        talk, sent = Talk(running.gateways[0]), []
        address = cycle(running.gateways[::-1] if number % 2 else running.gateways)
        for turn in range(10):
            if turn == 5:
                halfway.wait(60)
            body = {"id": str(uuid.uuid4()), "text": QUESTION}
            sent.append(body["id"])
            assert _until_answered(talk, address, body)["answer"]["status"] in {"answered", "unavailable"}
        return talk, sent

    with ThreadPoolExecutor(8) as pool:
        citizens = [pool.submit(citizen, number) for number in range(8)]
        halfway.wait(60)
        time.sleep(0.1)
        kill(running, "rasa-0")
        kill(running, "gateway-1")
        ended = [each.result(120) for each in citizens]
    for talk, sent in ended:
        talk.address = running.gateways[0]
        said = talk.history()
        assert [message["id"] for message in said if message["role"] == "citizen"] == sent
        assert [message["role"] for message in said[1:]] == ["citizen", "bot"] * len(sent)
        assert talk.say(QUESTION)[0]["answer"]["status"] == "answered"


def _until_answered(talk: Talk, address: Iterator[str], body: dict[str, str]) -> dict[str, Any]:
    """The first reply to a message that is sent again, under its id, to one gateway after the other."""
    for _ in range(20):
        talk.address = next(address)
        # Reset while it was under way, or nobody there any more.
        with contextlib.suppress(OSError, http.client.HTTPException):
            response = talk.post(body)
            if response.status == 200:
                first: dict[str, Any] = response.body["messages"][0]
                return first
        time.sleep(0.2)
    raise AssertionError("no gateway answered")


def test_no_log_names_a_secret(running: Cluster) -> None:
    logs = [file for file in running.folder.glob("*.log") if file.stat().st_size]
    assert logs, "Rasa at least has said something"
    for file in logs:
        held = file.read_text(encoding="utf-8", errors="replace")
        assert SECRET not in held, file.name
        assert RASA_SECRET not in held, file.name
