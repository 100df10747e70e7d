"""A PostgreSQL that was restarted, that is slow, and that has gone quiet."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.knowledge.db import make_engine
from tests.postgres import Postgres, new_database
from tests.wire import Wire, to_socket

PATIENCE = 1.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="ansinh-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(folder)
        server.start()
        yield server
        server.stop(signal.SIGINT)


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    with closing(Wire(to_socket(f"{postgres.folder}/.s.PGSQL.5432"))) as wire:
        yield wire


@pytest.fixture
def engine(postgres: Postgres, wire: Wire) -> Iterator[Engine]:
    name = new_database(postgres.folder).split("@/")[1].split("?")[0]
    engine = make_engine(f"postgresql+psycopg://tests@127.0.0.1:{wire.port}/{name}", patience=PATIENCE)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE message (id INTEGER PRIMARY KEY)"))
    yield engine
    engine.dispose()


def insert(engine: Engine, number: int = 1) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO message VALUES (:number)"), {"number": number})


def test_a_restarted_server_is_connected_to_anew(postgres: Postgres, engine: Engine) -> None:
    insert(engine)
    postgres.stop(signal.SIGINT)
    postgres.start()
    insert(engine, 2)


def test_a_statement_that_takes_too_long_ends_there_and_the_connection_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT pg_sleep(60)"))
        assert not caught.value.connection_invalidated
        connection.rollback()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_silent_server_is_given_up_and_its_locks_do_not_stay(engine: Engine, wire: Wire) -> None:
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO message VALUES (1)"))
        wire.silence()
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT 1"))
        assert caught.value.connection_invalidated
    with pytest.raises(OperationalError):
        insert(engine)
    wire.mend()
    insert(engine)


def test_whoever_wants_to_wait_may(postgres: Postgres) -> None:
    engine = make_engine(new_database(postgres.folder))
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    engine.dispose()
