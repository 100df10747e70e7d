"""`python -m bench.storage`: how large the database is over a simulated year, and what a turn costs in it.

Citizens ask each day and get real answers; each night the job of `bot/conversation/retention` does its work, with the
periods of the settings. Time is simulated, so a year passes in minutes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import bot.channels.zalo_oa.models
import bot.conversation.figures.models
import bot.conversation.mail.models
import bot.conversation.retention.models  # noqa: F401 - importing declares the tables
from bench.questions import choose
from bot.conversation.messages import Incoming, full_answer
from bot.conversation.payloads import Payloads
from bot.conversation.reading import read
from bot.conversation.repository import Outcome, Reply, add_session, commit_turn, open_turn
from bot.conversation.retention.job import BATCH
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.scrub import scrub
from bot.conversation.retention.steps import STEPS
from bot.conversation.review.models import TurnText
from bot.conversation.review.positions import position_of
from bot.knowledge.case import Case
from bot.knowledge.checklist import has_checklist
from bot.knowledge.db import Base, make_engine
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.prepared import prepare
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from bot.settings import Settings
from tools.bootstrap import ROOT
from tools.say import line, speak_utf8

BEGIN = dt.datetime(2026, 1, 1, 1, tzinfo=dt.UTC)
SEED = 20261130
TURNS_OF_A_CONVERSATION = 4
SESSION = dt.timedelta(days=1)


Stored = tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]
"""Text, answer object, and buttons with their acts."""


@dataclass(frozen=True)
class Said:
    """A question with what the assistant said to it, as the gateway would store them."""

    question: str
    replies: tuple[Stored, ...]
    case: dict[str, Any]
    understanding: dict[str, Any]


def say(count: int) -> list[Said]:
    """`count` different questions, answered from the project's rows."""
    snapshot = snapshot_from_files(ROOT / "data")
    assistant = Assistant(snapshot, Index(snapshot))
    said: list[Said] = []
    for question in choose(snapshot, count, SEED):
        meant = Understanding(text=question, intent="ask_policy", confidence=0.9, today=BEGIN.date())
        replies, case = assistant.answer(meant, Case())
        ranking = [[f"intent_{number}", 0.123456789] for number in range(10)]
        understanding = {"intent": "ask_policy", "confidence": 0.9, "ranking": ranking, "entities": []}
        told = tuple(_stored(reply.to_json()) for reply in replies)
        said.append(Said(question, told, case.to_json(), understanding))
    return said


def _stored(reply: dict[str, Any]) -> Stored:
    answer = full_answer(reply["answer"])
    if has_checklist(answer):
        answer = {**answer, "checklist_url": "/checklist/" + "x" * 100}
    return reply["text"], answer, [(button["title"], button["act"]) for button in reply["buttons"]]


def ask(db: Session, payloads: Payloads, session_id: str, said: Said, at: dt.datetime) -> None:
    """One turn, stored as the gateway does it."""
    incoming = Incoming(session_id, "web", str(uuid.uuid4()), text=said.question)
    opened = open_turn(db, incoming, read(incoming, max_characters=2000).asked, at)
    replies = [
        Reply(
            text, answer, [{"title": title, "payload": payloads.sign(session_id, title, act)} for title, act in buttons]
        )
        for text, answer, buttons in said.replies
    ]
    first = replies[0].answer
    log: dict[str, Any] = {name: first[name] for name in ("status", "topic", "program", "aspect", "source")}
    log |= {
        "answers": [{"text": reply.text, "answer": reply.answer} for reply in replies],
        "durations": {"queue_ms": 0.02, "open_ms": 3.21, "rasa_ms": 31.54, "decide_ms": 33.05, "answer_ms": 12.33},
        "took_ms": 36,
        "intent": "ask_policy",
        "confidence": 0.9,
        "understanding": said.understanding,
        "knowledge_version": "12",
        "model_version": "0" * 32,
    }
    commit_turn(db, incoming, opened, Outcome(replies, "answered", log, said.case), at)
    # As the review's job does a little later, so that the log can be searched by words.
    position = position_of(at, opened.turn_id)
    db.add(TurnText(position=position, turn_id=opened.turn_id, folded=prepare(said.question)))


def night(engine: Engine, periods: Periods, now: dt.datetime) -> None:
    """The work of one night."""
    for step in STEPS.values():
        while True:
            with Session(engine) as db, db.begin():
                if step(db, periods, now, BATCH) < BATCH:
                    break
    scrub(engine)


def size(engine: Engine) -> int:
    """Bytes on disk: of the files of SQLite, or of our tables and their indexes in PostgreSQL.

    Its catalogue is left out: each night's new indexes leave dead rows there, which autovacuum clears by the clock, and
    here a year passes in minutes.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            ours = (
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            return int(connection.exec_driver_sql(ours).scalar_one())
    assert engine.url.database is not None
    place = Path(engine.url.database)
    return sum(path.stat().st_size for path in place.parent.glob(f"{place.name}*"))


def simulate(engine: Engine, periods: Periods, said: list[Said], *, days: int, turns: int) -> Iterator[tuple[int, int]]:
    """Let `days` pass with `turns` each; yields turns so far and bytes above the empty database, after each night."""
    Base.metadata.create_all(engine)
    scrub(engine)
    empty = size(engine)
    payloads = Payloads("key-of-the-bench", SESSION)
    asked = 0
    for day in range(days):
        at = BEGIN + dt.timedelta(days=day)
        with Session(engine) as db, db.begin():
            for number in range(turns):
                if number % TURNS_OF_A_CONVERSATION == 0:
                    session_id, sender = uuid.uuid4().hex, uuid.uuid4().hex * 2
                    add_session(db, session_id=session_id, channel="web", sender=sender, now=at, expires=at + SESSION)
                ask(db, payloads, session_id, said[asked % len(said)], at + dt.timedelta(seconds=number))
                asked += 1
        night(engine, periods, at + dt.timedelta(hours=18))
        yield asked, size(engine) - empty


def figures(days: int, sizes: list[tuple[int, int]]) -> dict[str, float]:
    """What is told of a simulation: bytes per turn asked, and how the size of the end compares with earlier ones."""
    asked, last = sizes[-1]
    return {
        "storage_days": days,
        "storage_turns": asked,
        "storage_bytes_per_turn": last / asked,
        "storage_end_to_three_quarters": last / sizes[days * 3 // 4 - 1][1],
    }


def main() -> int:
    """Simulate, print the course by month, and write var/reports/storage.json."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench.storage", description="Size of the database over a year.")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--turns", type=int, default=100, help="turns a day")
    parser.add_argument("--database", default="", help="an empty database to use, such as a PostgreSQL; else SQLite")
    given = parser.parse_args()
    said = say(200)
    sizes: list[tuple[int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(given.database or f"sqlite:///{folder}/storage.db")
        for asked, held in simulate(engine, Periods.of(Settings()), said, days=given.days, turns=given.turns):
            sizes.append((asked, held))
            if len(sizes) % 30 == 0:
                line(f"… ngày {len(sizes)}: {asked} lượt, {held / 1024:.0f} KB, {held / asked:.0f} byte mỗi lượt")
        engine.dispose()
    told = figures(given.days, sizes)
    line("\n".join(f"{name} {value:.4g}" for name, value in told.items()))
    place = ROOT / "var" / "reports" / "storage.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({name: round(value, 4) for name, value in told.items()}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
