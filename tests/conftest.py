"""What the tests of every part share."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

# The rows that a test process holds stay: to look through all of them again and again is a tenth of its time.
gc.set_threshold(200_000, 20, 100)


@pytest.fixture(scope="session")
def published_in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the rows of data/, to be copied: loading takes seconds."""
    # Rasa's environment, which sees this file too, has an older SQLAlchemy.
    import bot.conversation.models  # noqa: F401, PLC0415 - other declared tables refer to these
    from bot.knowledge.db import Base, make_engine  # noqa: PLC0415
    from bot.knowledge.loader import load  # noqa: PLC0415

    path = tmp_path_factory.mktemp("published") / "ansinh.db"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    load(engine, Path(__file__).parents[1] / "data")
    engine.dispose()
    return path
