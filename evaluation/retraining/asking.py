"""Asks a model in a rig the golden questions and the regression cases, as the gateway would."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp

from bot.conversation.rasa_client import RasaClient, RasaError, RasaReply
from bot.conversation.reading import without_commands
from bot.conversation.review import cases
from bot.conversation.review.replay import Replay
from bot.text.mask import mask
from bot.text.normalize import normalize
from evaluation.outcome import SILENT, Outcome, of_replies
from evaluation.retraining.rig import Rig
from evaluation.rows import Row
from evaluation.scores import Judged

_SECONDS = 30.0
"""The machine is busy, and nobody waits for this answer."""

Told = Callable[[int, int], None]
"""Hears how many of how many questions have been asked."""


def as_asked(text: str) -> str:
    """The question as it comes to Rasa; empty when the gateway would answer it by itself."""
    return without_commands(mask(normalize(text)).text)


async def ask(
    where: Rig, today: dt.date, rows: Sequence[Row], held: Sequence[cases.Case], told: Told
) -> tuple[list[Judged], list[tuple[str, bool, str]]]:
    """Every row with its outcome, and of every case its words, whether it is right and what came of it."""
    total = len(rows) + len(held)
    async with aiohttp.ClientSession() as http:
        replay = Replay(RasaClient(http, where.url, where.secret), today, seconds=_SECONDS)
        judged = []
        for number, row in enumerate(rows):
            told(number, total)
            judged.append(Judged(row, await _outcome(replay, row.text)))
        results = []
        for number, case in enumerate(held):
            told(len(rows) + number, total)
            results += await cases.run([case], replay.ask)
    return judged, [(each.case.text, each.passed, str(each.told.get("status") or SILENT)) for each in results]


async def _outcome(replay: Replay, text: str) -> Outcome:
    begin = time.perf_counter()
    try:
        reply = await replay.ask(as_asked(text))
    except RasaError:
        return Outcome(SILENT, "", (time.perf_counter() - begin) * 1000)
    return of_replies(_messages(reply), (time.perf_counter() - begin) * 1000)


def _messages(reply: RasaReply) -> list[dict[str, Any]]:
    return [{"text": each.text, "answer": each.answer.model_dump(mode="json")} for each in reply.answers]
