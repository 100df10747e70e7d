import shutil
from pathlib import Path

import pytest

from bot.knowledge.assistant import Library
from bot.knowledge.db import make_engine


@pytest.fixture(scope="session")
def library(published_in_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The project's own data."""
    path = shutil.copy(published_in_sqlite, tmp_path_factory.mktemp("actions"))
    return Library(make_engine(f"sqlite:///{path}"))
