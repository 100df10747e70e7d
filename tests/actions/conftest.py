from pathlib import Path

import pytest

from bot.knowledge.assistant import Library
from bot.knowledge.db import Base, make_engine
from bot.knowledge.loader import load

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The project's own data, in a database of its own."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('actions') / 'knowledge.db'}")
    Base.metadata.create_all(engine)
    load(engine, DATA)
    return Library(engine)
