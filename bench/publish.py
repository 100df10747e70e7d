"""How long a correction takes to reach citizens: from its approval to the first answer that shows it.

Two kinds: of an entry's answer, and of what it is found by, of which the assistants learn anew.

`python -m bench.publish` measures this alone, and the stock bot's way beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median

import aiohttp
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.clients import AnSinh, AnSinhConversation
from bench.retraining import retrained_seconds
from bench.services import Place, an_sinh, place, stock_bot
from bench.stock import ensure_stock
from bot.knowledge.db import make_engine
from bot.knowledge.editing import changesets, publishing, trail
from bot.knowledge.editing.units import Kind
from bot.knowledge.editing.work import Work
from bot.knowledge.tables import FaqEntryRecord
from tools.bootstrap import ROOT
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import stop_on_signals

TIMES = 5
PATIENCE_SECONDS = 30.0
REPORT = ROOT / "var" / "reports" / "publish.json"


def publish_figures(ours: Sequence[float], phrased: Sequence[float], stock: Sequence[float]) -> dict[str, float]:
    """The seconds from corrections to their first right answers, by name; the ratio is An Sinh ÷ the stock bot.

    ``phrased`` are those of corrections with a new phrasing.
    """
    return {
        "publish_seconds": median(ours),
        "publish_max_seconds": max(ours),
        "publish_phrasing_seconds": median(phrased),
        "publish_phrasing_max_seconds": max(phrased),
        "stock_publish_seconds": median(stock),
        "publish_ratio": median(ours) / median(stock),
    }


def told(figures: Mapping[str, float]) -> str:
    """The same in a sentence."""
    return (
        f"Từ lúc duyệt một câu trả lời mới đến khi mọi tiến trình của hai hệ thống chung cơ sở dữ liệu trả lời theo "
        f"(publish): {figures['publish_seconds']:.2f} s, nhiều nhất {figures['publish_max_seconds']:.2f} s; "
        f"có thêm cách hỏi mới (new phrasing): {figures['publish_phrasing_seconds']:.2f} s, nhiều nhất "
        f"{figures['publish_phrasing_max_seconds']:.2f} s; bot gốc, sửa tệp rồi huấn luyện và nạp lại (rasa train): "
        f"{figures['stock_publish_seconds']:.1f} s; "
        f"tỉ lệ (ratio): {figures['publish_ratio']:.3f}."
    )


@contextlib.contextmanager
def beside(where: Place) -> Iterator[str]:
    """The address of one more gateway, Rasa and action server over the database of `where`; raises Stop."""
    folder = where.folder / "beside"
    (folder / "log").mkdir(parents=True)
    with an_sinh(replace(where, folder=folder)) as running:
        yield running.address


async def publications(addresses: Sequence[str], database_url: str, times: int, *, phrased: bool) -> list[float]:
    """`publish_seconds` of so many corrections, one after another."""
    engine = make_engine(database_url)
    try:
        async with aiohttp.ClientSession() as http:
            systems = [AnSinh(http, address) for address in addresses]
            kind = "phrasing" if phrased else "answer"
            return [
                await publish_seconds(systems, engine, f"[{kind} {number}]", phrased=phrased) for number in range(times)
            ]
    finally:
        engine.dispose()


async def publish_seconds(systems: Sequence[AnSinh], engine: Engine, mark: str, *, phrased: bool = False) -> float:
    """Seconds until each system answers with an FAQ entry's new words, which hold `mark`.

    If `phrased` the change adds a phrasing too, and that is asked.
    Raises RuntimeError when no entry answers its own question, or the change never shows.
    """
    conversations = [await system.open() for system in systems]
    faq, question = await _answered(conversations[0], await asyncio.to_thread(_entries, engine))
    for other in conversations[1:]:
        # What is done once after a start is not part of a publication.
        await other.messages(question)
    asked = f"{question} {mark}" if phrased else question
    number = await asyncio.to_thread(submit, engine, faq, mark, [asked] if phrased else [])
    begin = time.perf_counter()
    await asyncio.to_thread(approve, engine, number)
    shown = await asyncio.gather(*(_shown(each, asked, mark, begin) for each in conversations))
    return max(shown) - begin


async def _answered(conversation: AnSinhConversation, entries: Sequence[tuple[str, str]]) -> tuple[str, str]:
    for faq, question in entries:
        replies = await conversation.messages(question)
        if replies and replies[0]["answer"]["faq"] == faq:
            return faq, question
    raise RuntimeError("no FAQ entry answers its own question")


async def _shown(conversation: AnSinhConversation, question: str, mark: str, begin: float) -> float:
    """When the first answer with `mark` had come."""
    while time.perf_counter() - begin < PATIENCE_SECONDS:
        replies = await conversation.messages(question)
        if any(mark in reply["text"] for reply in replies):
            return time.perf_counter()
    raise RuntimeError(f"{mark} did not show within {PATIENCE_SECONDS:.0f} s")


def _entries(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.execute(select(FaqEntryRecord.id, FaqEntryRecord.question).order_by(FaqEntryRecord.id))
        return [(faq, question) for faq, question in rows]


def submit(engine: Engine, faq: str, mark: str, phrasings: Sequence[str] = ()) -> int:
    """A change set with the entry's new words and more phrasings, waiting for approval."""
    with Session(engine) as session, session.begin():
        work = Work(session, "bench.author", dt.datetime.now(dt.UTC))
        content = changesets.published_content(session, Kind.FAQ, faq)
        assert content is not None
        made = changesets.create(work, f"Bench {mark}")
        changed = {"answer": f"{content['answer']} {mark}", "phrasings": [*content["phrasings"], *phrasings]}
        changesets.put(work, made.id, Kind.FAQ, {**content, **changed})
        changesets.submit(work, made.id)
        trail.record(work)
        return made.id


def approve(engine: Engine, change_set: int) -> int:
    """What the console does when another officer approves; the version from then on."""
    with Session(engine) as session, session.begin():
        work = Work(session, "bench.approver", dt.datetime.now(dt.UTC))
        version = publishing.approve_and_publish(work, change_set)
        trail.record(work)
        return version


def measure() -> dict[str, float]:
    """Both ways, each system started for it; raises Stop."""
    with place() as where, an_sinh(where) as first, beside(where) as second:
        ours, phrased = (
            asyncio.run(publications((first.address, second), where.database_url, TIMES, phrased=each))
            for each in (False, True)
        )
    folder, model = ensure_stock()
    with stock_bot(folder, model) as running:
        return publish_figures(ours, phrased, [retrained_seconds(folder, running.address)])


def main() -> int:
    """Measure, show and store."""
    speak_utf8()
    stop_on_signals()
    os.chdir(ROOT)
    try:
        found = measure()
    except Stop as stop:
        show_stop(stop)
        return 1
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    line(told(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
