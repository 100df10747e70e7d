"""When the job that fills the queue is run, and that it runs as a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.review.collect import collect
from bot.conversation.review.job import COMMAND, Job
from bot.conversation.review.models import ReviewItem
from bot.conversation.review.news import ABANDONED, SETTLED, is_waiting
from bot.conversation.store import Store
from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load
from bot.knowledge.retrieval import Index
from tests.conversation.review.conftest import LONG_AGO, NOW, citizen, logged, thumb

DATA = Path(__file__).parents[3] / "data"


def test_what_is_new_is_seen_and_what_was_read_is_not(db: Session, index: Index) -> None:
    assert not is_waiting(db, NOW)
    turn = logged(1, "tôi có được vay không", status="asked_back", at=NOW)
    db.add_all([citizen(), turn])
    assert not is_waiting(db, NOW + SETTLED / 2), "its neighbours may still be written"
    assert is_waiting(db, NOW + SETTLED)
    collect(db, index, NOW + SETTLED)
    assert not is_waiting(db, NOW + SETTLED * 2)
    assert is_waiting(db, NOW + ABANDONED), "nobody went on"
    collect(db, index, NOW + ABANDONED)
    assert not is_waiting(db, NOW + ABANDONED)
    db.add(thumb(turn, -1, NOW + ABANDONED))
    assert is_waiting(db, NOW + ABANDONED + SETTLED)


async def test_the_job_fills_the_queue_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Relative paths of the job lead to a folder of the test.
    monkeypatch.setattr("bot.conversation.review.job.COMMAND", (*COMMAND, "--training", str(tmp_path / "learned.yml")))
    url = f"sqlite:///{tmp_path / 'ansinh.db'}"
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    load(engine, DATA)
    store = Store(engine, threads=1)
    job = Job(store, Clock(now=lambda: NOW), url, seconds=0.01)
    assert not await job.look()
    with Session(engine) as db, db.begin():
        db.add_all([citizen(), logged(1, "vay vốn kiểu gì", status="not_covered", at=LONG_AGO)])
    running = asyncio.create_task(job.run())
    end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60)
    while not (tmp_path / "learned.yml").exists() and dt.datetime.now(dt.UTC) < end:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.2)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert len(_items(engine)) == 1
    assert (tmp_path / "learned.yml").exists(), "written last"
    store.close()


def _items(engine: Engine) -> list[int]:
    with Session(engine) as db:
        return list(db.scalars(select(ReviewItem.id)))
