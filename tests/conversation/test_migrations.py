"""The tables as Alembic makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from bot.conversation.models import TABLE_NAMES
from bot.knowledge.db import make_engine


def test_tables_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'ansinh.db'}"
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    engine = make_engine(url)
    command.upgrade(Config("alembic.ini"), "head")
    assert set(inspect(engine).get_table_names()) >= TABLE_NAMES
    assert {"ix_turn_log_asked_at", "ix_turn_log_status_asked_at"} <= {
        index["name"] for index in inspect(engine).get_indexes("turn_log")
    }
    command.downgrade(Config("alembic.ini"), "0001")
    assert not set(inspect(engine).get_table_names()) & TABLE_NAMES
    engine.dispose()
