"""Every step of the schema, down and up again over tables that each hold a row, on both databases."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Engine, MetaData, Table, func, insert, inspect, select

from bot.knowledge.db import make_engine
from tests.postgres import BOTH, address_of, server

CONFIG = Config("alembic.ini")
NOW = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = address_of(request, tmp_path)
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    engine = make_engine(url)
    yield engine
    engine.dispose()


def value(column: Column[Any]) -> Any:
    """Something that the column holds; the same for a key and for what refers to it."""
    if isinstance(column.type, JSON):
        return []
    kind = column.type.python_type
    if kind is str:
        return "x"
    return {dt.datetime: NOW, dt.date: NOW.date(), decimal.Decimal: decimal.Decimal(1)}.get(kind) or kind(1)


def fill(engine: Engine) -> list[str]:
    """Puts a row into each table that has none; the names of all."""
    found = MetaData()
    found.reflect(engine)
    tables: list[Table] = [table for table in found.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as db:
        for table in tables:
            if not db.scalar(select(func.count()).select_from(table)):
                needed = [column for column in table.columns if not column.nullable]
                db.execute(insert(table).values({column.name: value(column) for column in needed}))
    return [table.name for table in tables]


def test_each_step_goes_down_and_up_again_over_filled_tables(engine: Engine) -> None:
    command.upgrade(CONFIG, "head")
    steps = [step.revision for step in ScriptDirectory.from_config(CONFIG).walk_revisions()]
    all_tables = fill(engine)
    assert len(all_tables) > 40
    for lower in steps[1:]:
        command.downgrade(CONFIG, lower)
        command.upgrade(CONFIG, "+1")
        fill(engine)
        command.downgrade(CONFIG, lower)
        fill(engine)
    command.downgrade(CONFIG, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    command.upgrade(CONFIG, "head")
    assert fill(engine) == all_tables
