import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

import bot.knowledge.tables
from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load
from bot.knowledge.repository import current_version, load_snapshot, snapshot_from_files
from bot.knowledge.tables import FaqEntryRecord
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of

CONFIG = Config("alembic.ini")
KNOWLEDGE = {
    mapper.class_.__tablename__
    for mapper in Base.registry.mappers
    if mapper.class_.__module__ == bot.knowledge.tables.__name__
}


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = address_of(request, tmp_path)
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_migrated_tables_are_those_of_the_code(engine: Engine) -> None:
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)
    assert set(inspect(engine).get_table_names()) >= KNOWLEDGE


def test_a_new_database_has_version_zero(engine: Engine) -> None:
    command.upgrade(CONFIG, "head")
    with engine.connect() as connection:
        assert current_version(connection) == 0


def test_filled_tables_go_down_and_up_again(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    for _ in range(2):
        command.upgrade(CONFIG, "head")
        load(engine, root)
        with engine.connect() as connection:
            assert load_snapshot(connection) == snapshot_from_files(root)
        command.downgrade(CONFIG, "base")
        assert set(inspect(engine).get_table_names()) == {"alembic_version"}


def test_the_steps_above_the_first_keep_the_knowledge(engine: Engine, tmp_path: Path) -> None:
    command.upgrade(CONFIG, "head")
    load(engine, write(tmp_path / "data", seeds()))
    command.downgrade(CONFIG, "0001")
    command.upgrade(CONFIG, "head")
    with engine.connect() as connection:
        assert connection.scalar(select(FaqEntryRecord.question)) == "Hộ nghèo vay được bao nhiêu?"


def test_phrasings_become_rows_and_parts_of_their_entry_again(engine: Engine, tmp_path: Path) -> None:
    root = write(tmp_path / "data", seeds())
    command.upgrade(CONFIG, "head")
    load(engine, root)
    command.downgrade(CONFIG, "0014")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT faq_id, text FROM faq_phrasing ORDER BY position DESC")).all()
        assert [tuple(row) for row in rows] == [
            ("loan_amount", "vay tối đa bao nhiêu"),
            ("loan_amount", "mức vay hộ nghèo"),
            ("loan_amount", "vay được mấy đồng"),
        ]
    command.upgrade(CONFIG, "head")
    outcome = load(engine, root)
    assert (outcome.changed, outcome.kept) == (False, [])
    with engine.connect() as connection:
        assert load_snapshot(connection) == snapshot_from_files(root)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(CONFIG).get_heads()) == 1


def test_a_migration_that_fails_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("alembic.op.bulk_insert", fail)
    with pytest.raises(OSError, match="disk full"):
        command.upgrade(CONFIG, "0001")
    assert inspect(engine).get_table_names() == []
    # A connection to PostgreSQL left open is an error once it is collected.
    gc.collect()
