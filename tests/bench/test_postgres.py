"""A measurement leaves no database behind."""

from __future__ import annotations

import pytest
from sqlalchemy import NullPool, create_engine, text

from bench.postgres import new_database
from tests.postgres import server
from tools.say import Stop


def test_the_database_is_empty_and_gone_afterwards() -> None:
    with server() as folder:
        address = f"postgresql+psycopg://tests@/postgres?host={folder}"
        admin = create_engine(address, poolclass=NullPool)
        with admin.connect() as connection:
            before = connection.execute(text("SELECT count(*) FROM pg_database")).scalar_one()
            with new_database(address) as made:
                engine = create_engine(made)
                # Still connected when it ends: what is killed leaves connections behind.
                held = engine.connect()
                assert held.execute(text("SELECT current_database()")).scalar_one().startswith("ansinh_bench_")
            assert connection.execute(text("SELECT count(*) FROM pg_database")).scalar_one() == before
        held.invalidate()
        engine.dispose()


def test_without_a_server_it_says_what_to_do() -> None:
    with pytest.raises(Stop, match="--postgres"), new_database("postgresql+psycopg://nobody@127.0.0.1:1/x"):
        pass
