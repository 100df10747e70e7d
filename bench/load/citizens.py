"""What Locust runs: citizens who talk with An Sinh as people do, and some who ask the stock bot the same.

Runs in ``.venv-load`` and imports nothing of ours. ``LOAD_PLAN`` names a JSON file: ``questions``, ``stages``
(citizens and seconds), ``pause`` (mean seconds between a reply and the next message), ``seed``, ``trust`` (the file of
the system's certificate, or nothing), and ``samples``, the file that takes one line of JSON for each call: stage,
seconds since its start, kind, milliseconds, outcome.
"""

from __future__ import annotations

import json
import os
import random
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent
from gevent import ssl
from geventhttpclient.client import HTTPClientPool
from locust import FastHttpUser, LoadTestShape, task

PLAN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PLAN"]).read_text(encoding="utf-8"))
SAMPLES = Path(PLAN["samples"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - open as long as we run
CHANCE = random.Random(PLAN["seed"])  # noqa: S311 - chance need not be secret here
# How often it happens in a conversation, or after a reply.
CHECKLIST, FEEDBACK, HISTORY, PERSON, ERASURE = 0.3, 0.2, 0.1, 0.03, 0.05
QUESTIONS_AT_MOST, ANSWERS_AT_MOST, TRIES = 4, 6, 30
FALLBACK_SECONDS = 2.0
BROKEN = {"unavailable", "error"}
TIME_OUT_SECONDS = 25.0
# One for all: to read the certificates for each of two hundred citizens is a load of its own, on the measured cores.
CONNECTIONS = HTTPClientPool(
    concurrency=1000,
    connection_timeout=TIME_OUT_SECONDS,
    network_timeout=TIME_OUT_SECONDS,
    ssl_context_factory=lambda: ssl.create_default_context(cafile=PLAN["trust"] or None),
)


class Stages(LoadTestShape):
    """So many citizens for so long, one stage after the other."""

    number = 0
    begun = 0.0

    def tick(self) -> tuple[int, float] | None:
        """How many there are to be now; None at the end."""
        passed = self.get_run_time()
        for number, (citizens, seconds) in enumerate(PLAN["stages"]):
            if passed < seconds:
                if number != Stages.number or not Stages.begun:
                    Stages.number, Stages.begun = number, time.monotonic()
                return citizens, max(citizens, 50)
            passed -= seconds
        return None


def note(kind: str, milliseconds: float, outcome: str) -> None:
    """One line of the samples."""
    since = time.monotonic() - Stages.begun
    SAMPLES.write(json.dumps([Stages.number, round(since, 3), kind, round(milliseconds, 2), outcome]) + "\n")


class _Caller(FastHttpUser):
    abstract = True
    client_pool = CONNECTIONS

    def send(self, kind: str, method: str, path: str, **given: Any) -> Any:
        """The response, noted; ``outcome`` is ``ok``, a status, or what kind of error kept it away."""
        begun = time.perf_counter()
        with self.client.request(method, path, name=kind, catch_response=True, **given) as response:
            took = (time.perf_counter() - begun) * 1000
            response.outcome = _outcome(response)
            if response.outcome == "ok" or response.status_code == 429:
                response.success()
            else:
                response.failure(response.outcome)
        note(kind, took, response.outcome)
        return response

    def read(self) -> None:
        """A citizen reads before they write."""
        if PLAN["pause"]:
            gevent.sleep(CHANCE.expovariate(1 / PLAN["pause"]))


def _outcome(response: Any) -> str:
    if 200 <= response.status_code < 300:
        return "ok"
    if response.status_code == 0:
        return type(response.error).__name__
    try:
        return f"{response.status_code} {response.json()['error']['code']}"
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)


class Citizen(_Caller):
    """Asks, answers what a check asks back by its buttons, rates, opens the checklist, now and then wants a person."""

    @task
    def conversation(self) -> None:
        """One conversation from its first to its last word."""
        opened = self.send("session", "POST", "/api/web/session")
        if opened.outcome != "ok":
            gevent.sleep(_again(opened))
            return
        self.headers = {"Authorization": f"Bearer {opened.json()['token']}"}
        for _ in range(CHANCE.randint(1, QUESTIONS_AT_MOST)):
            self.read()
            replies = self.turn("/api/web/messages", text=CHANCE.choice(PLAN["questions"]))
            self.follow(replies)
        if CHANCE.random() < PERSON:
            self.person()
        if CHANCE.random() < HISTORY:
            self.send("history", "GET", "/api/web/messages", headers=self.headers)
        if CHANCE.random() < ERASURE:
            self.send("erasure", "DELETE", "/api/web/session", headers=self.headers)

    def follow(self, replies: list[dict[str, Any]]) -> None:
        """What people do with a reply."""
        for _ in range(ANSWERS_AT_MOST):
            if not replies or not replies[-1]["answer"]["asks"] or not replies[-1]["buttons"]:
                break
            self.read()
            replies = self.turn("/api/web/messages", payload=CHANCE.choice(replies[-1]["buttons"])["payload"])
        if not replies or replies[0]["answer"]["status"] in BROKEN:
            return
        if CHANCE.random() < FEEDBACK:
            rating = {"message": replies[0]["id"], "value": CHANCE.choice([1, 1, 1, -1])}
            self.send("feedback", "POST", "/api/web/feedback", json=rating, headers=self.headers)
        address = replies[0]["answer"].get("checklist_url")
        if address and CHANCE.random() < CHECKLIST:
            self.send("checklist", "GET", urlsplit(address).path)

    def person(self) -> None:
        """Leaves a question for an officer, without a telephone number."""
        if not self.turn("/api/web/handover"):
            return
        self.read()
        replies = self.turn(
            "/api/web/messages", text="Cho tôi hỏi hồ sơ của nhà tôi nộp từ tháng trước sao chưa có kết quả?"
        )
        if replies and replies[-1]["buttons"]:
            self.turn("/api/web/messages", payload=replies[-1]["buttons"][0]["payload"])

    def turn(self, path: str, **said: str) -> list[dict[str, Any]]:
        """The replies; a message that is refused for now is sent again under its id, as the chat page does."""
        message = {"id": str(uuid.uuid4()), **said}
        begun = time.perf_counter()
        for _ in range(TRIES):
            response = self.send("turn", "POST", path, json=message, headers=self.headers)
            if response.outcome == "ok":
                replies: list[dict[str, Any]] = response.json()["messages"]
                broken = [reply["answer"]["status"] for reply in replies if reply["answer"]["status"] in BROKEN]
                note("answer", (time.perf_counter() - begun) * 1000, broken[0] if broken else "ok")
                return replies
            if response.status_code != 429:
                return []
            gevent.sleep(_again(response))
        note("answer", (time.perf_counter() - begun) * 1000, "refused too often")
        return []


def _again(response: Any) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, TypeError, ValueError):
        return FALLBACK_SECONDS


class StockCitizen(_Caller):
    """Asks the stock bot, in conversations as long."""

    @task
    def conversation(self) -> None:
        """One conversation."""
        sender = uuid.uuid4().hex
        for _ in range(CHANCE.randint(1, QUESTIONS_AT_MOST)):
            self.read()
            said = {"sender": sender, "message": CHANCE.choice(PLAN["questions"])}
            self.send("turn", "POST", "/webhooks/rest/webhook", json=said)
