"""When a correction counts as arrived: as soon as every system tells it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench import publish
from bench.publish import publish_seconds
from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load
from bot.knowledge.tables import FaqEntryRecord
from tests.knowledge.seeds import seeds, write

LATE = 0.3


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'ansinh.db'}")
    Base.metadata.create_all(engine)
    load(engine, write(tmp_path / "data", seeds()))
    yield engine
    engine.dispose()


class Reader:
    """A system and its one conversation: answers from the rows as they were ``late`` seconds ago."""

    def __init__(self, engine: Engine, late: float = 0) -> None:
        self._engine, self._late = engine, late
        self._seen: list[tuple[float, dict[str, str]]] = []
        self.asked: list[str] = []

    async def open(self) -> Reader:
        return self

    async def messages(self, text: str) -> list[dict[str, Any]]:
        await asyncio.sleep(0.01)
        self.asked.append(text)
        with Session(self._engine) as db:
            rows = db.scalars(select(FaqEntryRecord)).all()
            now = {row.id: row.answer for row in rows}
            faq = next((row.id for row in rows if text in (row.question, *row.phrasings)), None)
        self._seen.append((time.perf_counter(), now))
        old = [rows for at, rows in self._seen if at <= time.perf_counter() - self._late]
        return [{"text": (old or [self._seen[0][1]])[-1].get(faq or "", ""), "answer": {"faq": faq}}]


async def test_the_slowest_system_counts(engine: Engine) -> None:
    assert await publish_seconds([Reader(engine), Reader(engine, LATE)], engine, "[mark]") >= LATE  # type: ignore[list-item]


async def test_a_new_phrasing_is_what_is_asked(engine: Engine) -> None:
    reader = Reader(engine, LATE)
    assert await publish_seconds([reader], engine, "[mark]", phrased=True) >= LATE  # type: ignore[list-item]
    assert reader.asked[-1] != reader.asked[0]
    with Session(engine) as db:
        assert reader.asked[-1] in db.scalars(select(FaqEntryRecord)).one().phrasings


async def test_a_correction_that_never_shows_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(RuntimeError, match="did not show"):
        await publish_seconds([Reader(engine, 1000)], engine, "[mark]")  # type: ignore[list-item]
