from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of, server


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that holds the small world of data files."""
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    load(engine, write(tmp_path / "data", seeds()))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder of a running PostgreSQL's socket."""
    with server() as folder:
        yield folder
