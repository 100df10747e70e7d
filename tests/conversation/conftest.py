"""A database of each kind with all tables, and rows of conversations in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import bot.channels.zalo_oa.models
import bot.conversation.figures.models
import bot.conversation.mail.models
import bot.conversation.retention.models  # noqa: F401 - importing declares the tables
from bot.conversation.models import CaseRow, MessageRow, SessionRow, TurnLog
from bot.knowledge.db import Base, make_engine
from tests.postgres import BOTH, address_of, server

NOW = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def add_turn(db: Session, number: int, at: dt.datetime, *, expires: dt.datetime | None = None, **log: Any) -> str:
    """One turn in a conversation of its own, with its two messages; ``log`` holds columns of the log."""
    session = f"s{number}"
    ends = expires or at + dt.timedelta(days=1)
    db.add(SessionRow(id=session, channel="web", sender=f"sender{number}", created_at=at, expires_at=ends))
    db.flush()
    db.add(CaseRow(session_id=session, data={"facts": [[None, "household_class", "poor"]]}, version=1))
    answer = {"status": "answered", "checklist_url": None}
    turn = {"session_id": session, "turn_id": f"t{number}", "sent_at": at}
    db.add(MessageRow(**turn, id=f"q{number}", role="citizen", text=f"hỏi {number}", state="answered", buttons=[]))
    buttons = [{"title": "Có", "payload": "x"}]
    db.add(MessageRow(**turn, id=f"a{number}", role="bot", text=f"đáp {number}", answer=answer, buttons=buttons))
    given: dict[str, Any] = {
        "turn_id": f"t{number}",
        "asked_at": at,
        "session_id": session,
        "channel": "web",
        "sender": f"sender{number}",
        "message_id": f"q{number}",
        "question": f"hỏi {number}",
        "normalised": f"hỏi {number}",
        "masked_kinds": [],
        "status": "answered",
        "topic": "health_insurance",
        "program": "bhyt_can_ngheo",
        "source": "policy",
        "understanding": {"intent": "ask_benefit"},
        "answers": [{"text": f"đáp {number}", "answer": answer}],
        "durations": {"decide_ms": 30.0},
        "took_ms": 30,
    }
    db.add(TurnLog(**{**given, **log}))
    db.flush()
    return session
