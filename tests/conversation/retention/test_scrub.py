"""What the night gives back to the disk on PostgreSQL: room in indexes, and what an interrupted night left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import bot.conversation.mail.models
import bot.conversation.review.models
import bot.knowledge.learned  # noqa: F401 - importing declares the tables
from bot.conversation.retention.scrub import TABLES, scrub
from bot.knowledge.db import Base, make_engine
from tests.conversation.conftest import NOW, add_turn
from tests.postgres import new_database

OF_A_CITIZEN = {"sender", "session_id", "turn_id", "handover_id", "folded"}
"""Columns by which a row is somebody's, or is searched for what somebody said."""
ONLY_GROW = {"audit"}
SIZE = "SELECT pg_relation_size('ix_turn_log_topic_asked_at')"


@pytest.fixture
def engine(postgres: str) -> Iterator[Engine]:
    engine = make_engine(new_database(postgres))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_every_table_of_citizens_is_vacuumed() -> None:
    kept = {name for name, table in Base.metadata.tables.items() if OF_A_CITIZEN & set(table.columns.keys())}
    assert set(TABLES) == kept - ONLY_GROW
    assert len(set(TABLES)) == len(TABLES)


def test_indexes_shrink_with_what_is_pruned(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        for number in range(600):
            add_turn(db, number, NOW + dt.timedelta(seconds=number))
    with engine.begin() as connection:
        # Each row is written anew, as pruning does, and then most are gone.
        connection.execute(text("UPDATE turn_log SET topic = 'housing_support'"))
        connection.execute(text("DELETE FROM turn_log WHERE turn_id <> 't300'"))
        before = connection.scalar(text(SIZE))
    scrub(engine)
    with engine.connect() as connection:
        assert (connection.scalar(text(SIZE)) or 0) < before / 2
        assert connection.scalar(text("SELECT count(*) FROM turn_log WHERE topic = 'housing_support'")) == 1


def test_what_an_interrupted_night_left_behind_goes(engine: Engine) -> None:
    with engine.begin() as db:
        for name in ("ix_turn_log_topic_asked_at_ccnew", "being_made_by_somebody"):
            db.execute(text(f"CREATE INDEX {name} ON turn_log (topic, asked_at)"))
            db.execute(text(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass"))  # noqa: S608
    scrub(engine)
    with engine.connect() as db:
        left = db.scalars(text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")).all()
    assert left == ["being_made_by_somebody"]
