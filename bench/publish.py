"""How long a correction takes to reach citizens: from its approval to the first answer that shows it."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.clients import AnSinh
from bot.knowledge.editing import changesets, publishing
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.tables import FaqEntryRecord

PATIENCE_SECONDS = 30.0


async def publish_seconds(system: AnSinh, engine: Engine, mark: str) -> float:
    """Seconds until an FAQ entry's new words, which hold `mark`, come through the web API.

    Raises RuntimeError when no entry answers its own question, or the change never shows.
    """
    conversation = await system.open()
    for faq, question in await asyncio.to_thread(_entries, engine):
        replies = await conversation.messages(question)
        if replies and replies[0]["answer"]["faq"] == faq:
            break
    else:
        raise RuntimeError("no FAQ entry answers its own question")
    number = await asyncio.to_thread(_submit, engine, faq, mark)
    begin = time.perf_counter()
    await asyncio.to_thread(_approve, engine, number)
    while time.perf_counter() - begin < PATIENCE_SECONDS:
        replies = await conversation.messages(question)
        if any(mark in reply["text"] for reply in replies):
            return time.perf_counter() - begin
    raise RuntimeError(f"the change of {faq} did not show within {PATIENCE_SECONDS:.0f} s")


def _entries(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.execute(select(FaqEntryRecord.id, FaqEntryRecord.question).order_by(FaqEntryRecord.id))
        return [(faq, question) for faq, question in rows]


def _submit(engine: Engine, faq: str, mark: str) -> int:
    """A change set with the entry's new words, waiting for approval."""
    with Session(engine) as session, session.begin():
        work = Work(session, "bench.author", dt.datetime.now(dt.UTC))
        content = changesets.published_content(session, Kind.FAQ, faq)
        assert content is not None
        made = changesets.create(work, f"Bench {mark}")
        changesets.put(work, made.id, Kind.FAQ, {**content, "answer": f"{content['answer']} {mark}"})
        changesets.submit(work, made.id)
        return made.id


def _approve(engine: Engine, change_set: int) -> None:
    """What the console does when another officer approves."""
    with Session(engine) as session, session.begin():
        work = Work(session, "bench.approver", dt.datetime.now(dt.UTC))
        changesets.approve(work, change_set)
        publishing.publish(work, change_set)
