"""How long a correction takes to reach citizens: from the commit to the first answer that shows it."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from bench.clients import AnSinh
from bot.knowledge.tables import FaqEntryRecord, KnowledgeVersionRecord

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
    await asyncio.to_thread(_change, engine, faq, mark)
    begin = time.perf_counter()
    while time.perf_counter() - begin < PATIENCE_SECONDS:
        replies = await conversation.messages(question)
        if any(mark in reply["text"] for reply in replies):
            return time.perf_counter() - begin
    raise RuntimeError(f"the change of {faq} did not show within {PATIENCE_SECONDS:.0f} s")


def _entries(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.execute(select(FaqEntryRecord.id, FaqEntryRecord.question).order_by(FaqEntryRecord.id))
        return [(faq, question) for faq, question in rows]


def _change(engine: Engine, faq: str, mark: str) -> None:
    """What an officer's publication does: the row and the version, in one transaction."""
    with Session(engine) as session, session.begin():
        entry = session.get_one(FaqEntryRecord, faq)
        entry.answer = f"{entry.answer} {mark}"
        session.execute(
            update(KnowledgeVersionRecord).values(
                number=KnowledgeVersionRecord.number + 1, changed_at=dt.datetime.now(dt.UTC)
            )
        )
