"""A strict double of Rasa's private channel: it refuses, and remembers, whatever the gateway must not send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.text.mask import mask

SECRET = "rasa-secret-of-the-tests"
PATH = "/webhooks/ansinh/webhook"

Behaviour = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


def answer(text: str, *, buttons: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """One answer as an action utters it."""
    given = {"status": "answered", "topic": "health_insurance", "program": "bhyt_can_ngheo", "aspect": "benefit"}
    return {"text": text, "buttons": buttons or [], "answer": {**given, "source": "policy", **fields}}


def turn(*answers: dict[str, Any], case: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """The reply of one turn."""
    understanding = {"intent": "ask_benefit", "confidence": 0.93, "ranking": [["ask_benefit", 0.93]], "entities": []}
    payload = {"answers": list(answers), "case": case or {}, "understanding": understanding}
    return {"turns": [{**payload, "durations": {"retrieve_ms": 1.5}, **fields}]}


class FakeRasa:
    """Counts the turns in the case, so that a lost or doubled one shows in the answers."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.behaviour: Behaviour | None = None
        self.greetings = 0
        app = web.Application()
        app.add_routes([web.post(PATH, self._handle)])
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/"))

    @property
    def messages(self) -> list[str]:
        return [body["message"] for body in self.seen]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Ansinh-Secret") != SECRET:
            return web.json_response({}, status=401)
        body = await request.json()
        self._judge(body)
        if body["metadata"]["channel"] == "health":
            self.greetings += 1
        else:
            self.seen.append(body)
        if self.behaviour is not None:
            return await self.behaviour(body)
        return web.json_response(self.count(body))

    def count(self, body: dict[str, Any]) -> dict[str, Any]:
        """The usual reply."""
        number = body["metadata"]["case"].get("n", 0) + 1
        button = {"title": "Có", "act": {"act": "inform", "fact": "household_class", "value": "poor", "member": None}}
        said = answer(f"Câu {number}: {body['message']}", buttons=[button])
        return turn(said, case={"n": number})

    def _judge(self, body: dict[str, Any]) -> None:
        def must(condition: bool, what: str) -> None:
            if not condition:
                self.violations.append(what)

        metadata = body["metadata"]
        must(set(body) == {"sender", "message", "metadata"}, "keys of the body")
        must(set(metadata) == {"case", "today", "channel", "button"}, "keys of the metadata")
        must(metadata["today"] == "2026-11-25", "the fixed day")
        must(body["sender"] not in {earlier["sender"] for earlier in self.seen}, "a sender used twice")
        must(mask(body["message"]).text == body["message"], "an unmasked number")
        must(body["message"].strip() != "", "an empty message")
        if body["message"].startswith("/"):
            expected = "/greet" if metadata["channel"] == "health" else "/button"
            must(body["message"] == expected, f"a command: {body['message']}")
        must((body["message"] == "/button") == isinstance(metadata["button"], dict), "button and act together")
