"""Asking Rasa: one POST per turn, and an error of its own for each way it can fail."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from typing import Any, NamedTuple

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from bot.conversation.messages import Act
from bot.knowledge.status import Status

_PATH = "/webhooks/ansinh/webhook"
# What Rasa's channel calls a turn in which no action spoke.
_NO_ANSWER = "no_answer"


class RasaError(Exception):
    """Rasa gave no usable reply; the subclass says which part failed."""


class RasaDownError(RasaError):
    """Rasa can't be reached, or refuses to work."""


class RasaTimeoutError(RasaError):
    """Rasa didn't answer in time."""


class ActionsDownError(RasaError):
    """Rasa answered, but no action did: the action server is down."""


class BadReplyError(RasaError):
    """The reply doesn't have the agreed shape: a fault in the code of one side."""


class Question(NamedTuple):
    """What is asked of Rasa; ``text`` is normalised and masked, ``/button`` or ``/greet`` for commands.

    ``draft`` is a change set that an officer tries out in the console; what a citizen sends leaves it empty.
    """

    text: str
    case: dict[str, Any]
    today: dt.date
    channel: str
    act: Act | None = None
    draft: int | None = None


class RasaButton(BaseModel):
    """A button before it is signed."""

    title: str
    act: Act


class AnswerFields(BaseModel, extra="allow"):
    """The fields of an answer object that the gateway itself reads; it passes on all."""

    status: Status
    topic: str | None = None
    program: str | None = None
    aspect: str | None = None
    source: str | None = None


class RasaAnswer(BaseModel):
    """One message of the answer."""

    text: str = Field(min_length=1)
    buttons: list[RasaButton] = []
    answer: AnswerFields


class Understanding(BaseModel, extra="allow"):
    """What the model made of the text."""

    intent: str | None = None
    confidence: float | None = None


class RasaReply(BaseModel):
    """What the actions returned: answers, the new case, and what goes to the log.

    ``case`` is ``None`` when they leave it as it was. ``model_version`` is the archive that Rasa answers with.
    """

    answers: list[RasaAnswer] = []
    case: dict[str, Any] | None = None
    understanding: Understanding = Understanding()
    durations: dict[str, float] = {}
    knowledge_version: str | int | None = None
    model_version: str | None = None


class _Envelope(BaseModel):
    turns: list[RasaReply]
    model: str | None = None


class _Refusal(BaseModel):
    error: str


class RasaClient:
    """Rasa's private input channel, over one kept-alive connection pool; ``model`` is what it answered with last."""

    def __init__(self, http: aiohttp.ClientSession, url: str, secret: str) -> None:
        self._http = http
        self._url = url.rstrip("/") + _PATH
        self._headers = {"X-Ansinh-Secret": secret}
        self.model: str | None = None

    async def ask(self, question: Question, *, timeout: float) -> RasaReply:
        """The reply of one turn, waiting ``timeout`` seconds at most.

        Raises one of the subclasses of ``RasaError``. Nothing of the question is logged.
        """
        body: dict[str, Any] = {
            "message": question.text,
            "metadata": {
                "case": question.case,
                "today": question.today.isoformat(),
                "channel": question.channel,
                "button": question.act,
            },
        }
        if question.draft is not None:
            body["metadata"]["draft"] = question.draft
        deadline = time.monotonic() + timeout
        try:
            status, raw = await self._post(body, deadline)
        except TimeoutError:
            raise RasaTimeoutError from None
        except (aiohttp.ClientError, OSError) as error:
            raise RasaDownError(type(error).__name__) from None
        if status != 200:
            if _reason(raw) == _NO_ANSWER:
                raise ActionsDownError
            raise RasaDownError(f"status {status}")
        reply = _read(raw)
        self.model = reply.model_version
        return reply

    async def _post(self, body: dict[str, Any], deadline: float) -> tuple[int, bytes]:
        try:
            return await self._post_once(body, deadline)
        except TimeoutError:
            raise
        except aiohttp.ClientConnectionError:
            # A connection kept from before Rasa was restarted. Asking twice does no harm: Rasa
            # changes nothing of ours.
            return await self._post_once(body, deadline)

    async def _post_once(self, body: dict[str, Any], deadline: float) -> tuple[int, bytes]:
        limit = aiohttp.ClientTimeout(total=max(deadline - time.monotonic(), 0.001))
        # A fresh sender each time: Rasa must not remember a turn, nor half of one.
        body = {"sender": uuid.uuid4().hex, **body}
        async with self._http.post(self._url, json=body, headers=self._headers, timeout=limit) as response:
            return response.status, await response.read()


def _reason(raw: bytes) -> str | None:
    try:
        return _Refusal.model_validate_json(raw).error
    except ValidationError:
        return None


def _read(raw: bytes) -> RasaReply:
    try:
        envelope = _Envelope.model_validate_json(raw)
    except ValidationError as error:
        # The places only: the values may hold what the citizen wrote.
        places = "; ".join(".".join(map(str, e["loc"])) + ": " + e["type"] for e in error.errors())
        raise BadReplyError(places) from None
    if not envelope.turns:
        raise ActionsDownError
    merged = envelope.turns[-1]
    merged.answers = [answer for turn in envelope.turns for answer in turn.answers]
    merged.model_version = envelope.model
    return merged
