"""A log on both databases, with turns written as the gateway writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import bot.conversation.review.models
import bot.knowledge.learned  # noqa: F401 - importing declares the tables
from bot.conversation.models import FeedbackRow, HandoverRow, SessionRow, TurnLog
from bot.knowledge.db import Base, make_engine
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import small_snapshot
from tests.postgres import BOTH, address_of, server

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def small() -> Snapshot:
    return small_snapshot()


@pytest.fixture(scope="session")
def index(small: Snapshot) -> Index:
    return Index(small)


def logged(number: int, question: str | None, *, at: dt.datetime | None = None, **columns: Any) -> TurnLog:
    """The log's row of a turn; the ``number``-th is asked so many seconds after a day ago."""
    answer = {"asks": None, "readings": [], **columns.pop("answer", {})}
    given: dict[str, Any] = {
        "session_id": "s1",
        "channel": "web",
        "sender": "x",
        "status": "answered",
        "source": "policy",
        "intent": "ask_benefit",
        "confidence": 0.9,
        "masked_kinds": [],
        "understanding": {"ranking": [["ask_benefit", 0.9], ["ask_documents", 0.05]]},
        "answers": [{"text": "Dạ.", "answer": answer}],
        "durations": {"rasa_ms": 12.5},
        "knowledge_version": "7",
    }
    return TurnLog(
        turn_id=f"{number:032x}",
        asked_at=at or LONG_AGO + dt.timedelta(seconds=number),
        question=question,
        **(given | {"normalised": question} | columns),
    )


def citizen(session_id: str = "s1", sender: str = "x") -> SessionRow:
    return SessionRow(
        id=session_id, channel="web", sender=sender, created_at=LONG_AGO, expires_at=NOW + dt.timedelta(days=1)
    )


def thumb(turn: TurnLog, value: int, at: dt.datetime = LONG_AGO) -> FeedbackRow:
    turn.rating = value
    return FeedbackRow(
        session_id=turn.session_id, message_id=f"m{turn.turn_id}", turn_id=turn.turn_id, value=value, given_at=at,
        reason="không đúng ý tôi",
    )  # fmt: skip


def wish(turn: TurnLog, after: dt.timedelta = dt.timedelta(seconds=30)) -> HandoverRow:
    return HandoverRow(
        session_id=turn.session_id, code=f"AS-{turn.turn_id[-6:]}", state="waiting", question="hỏi cán bộ",
        requested_at=turn.asked_at + after,
    )  # fmt: skip
