"""A database as it is in service, migrated and with a conversation; on both kinds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from bot.conversation.repository import Reply, create_session
from bot.knowledge.db import make_engine
from bot.knowledge.loader import load
from tests.postgres import BOTH, address_of, server

NOW = dt.datetime(2026, 11, 30, 19, 15, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    def address(name: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        return address_of(request, folder)

    return address


@pytest.fixture
def in_service(new_address: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> str:
    url = new_address("service")
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    command.upgrade(Config("alembic.ini"), "head")
    say(url, "Dạ em chào")
    return url


@pytest.fixture
def published(in_service: str) -> str:
    """With all that is in data/, which takes its time."""
    engine = make_engine(in_service)
    load(engine, Path("data"))
    engine.dispose()
    return in_service


def say(url: str, text: str, number: int = 0, sender: str = "x") -> None:
    """A new conversation that begins with ``text``."""
    engine = make_engine(url)
    with Session(engine) as db, db.begin():
        create_session(
            db, session_id=f"s{number}", channel="web", sender=sender, now=NOW, expires=NOW + dt.timedelta(days=1),
            greeting=Reply(text, {}, []),
        )  # fmt: skip
    engine.dispose()
