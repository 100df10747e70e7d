"""What changed with each version, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.db import Base, make_engine
from bot.knowledge.journal import Action, Change, changes_since, note_changes
from bot.knowledge.loader import load
from bot.knowledge.tables import KnowledgeVersionRecord
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of

NOW = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.timezone.utc)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def changes(engine: Engine, since: int) -> set[tuple[int, str, str, str]]:
    with Session(engine) as db:
        journal = changes_since(db, since, limit=1000)
        assert journal.complete
        return {(row.version, row.kind, row.key, row.action) for row in journal.changes}


def test_the_loader_writes_down_what_it_does(engine: Engine, tmp_path: Path) -> None:
    files = seeds()
    load(engine, write(tmp_path / "1", files))
    first = changes(engine, 0)
    assert {action for _, _, _, action in first} == {"added"}
    assert (1, "parameter_value", "luong/2024-07-01", "added") in first
    assert (1, "provision", "loan/2024", "added") in first
    load(engine, write(tmp_path / "2", files))
    assert changes(engine, 1) == set()

    parameter = files["policy/common.yml"]["parameters"][0]
    parameter["name"] = "Mức lương cơ sở"
    del parameter["values"][0]
    load(engine, write(tmp_path / "3", files))
    assert changes(engine, 1) == {
        (2, "parameter", "luong", "changed"),
        (2, "parameter_value", "luong/2020-01-01", "removed"),
    }


def test_is_read_in_pages(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        db.add(KnowledgeVersionRecord(id=1, number=2, changed_at=NOW))
        for version in (1, 2):
            note_changes(db, version, NOW, [Change("faq", f"q{n}", Action.CHANGED) for n in range(3)])
    seen, after = [], 0
    with Session(engine) as db:
        while True:
            journal = changes_since(db, 0, after=after, limit=4)
            seen += [(row.version, row.key) for row in journal.changes]
            if journal.following is None:
                break
            after = journal.following
    assert seen == [(version, f"q{n}") for version in (1, 2) for n in range(3)]


@pytest.mark.parametrize(("since", "complete"), [(3, False), (4, True), (5, True)])
def test_says_when_it_began_too_late(engine: Engine, since: int, complete: bool) -> None:
    with Session(engine) as db, db.begin():
        db.add(KnowledgeVersionRecord(id=1, number=5, changed_at=NOW))
        note_changes(db, 5, NOW, [Change("faq", "q", Action.ADDED)])
    with Session(engine) as db:
        assert changes_since(db, since, limit=10).complete is complete


def test_without_a_word_of_it_only_the_newest_version_is_known(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        db.add(KnowledgeVersionRecord(id=1, number=7, changed_at=NOW))
    with Session(engine) as db:
        assert [changes_since(db, since, limit=10).complete for since in (0, 6, 7)] == [False, False, True]
