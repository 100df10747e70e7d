from pathlib import Path

import pytest

from bot.knowledge.assistant import Library
from bot.knowledge.db import make_engine


@pytest.fixture(scope="session")
def library(published_in_sqlite: Path) -> Library:
    """The project's own data."""
    return Library(make_engine(f"sqlite:///{published_in_sqlite}"))
