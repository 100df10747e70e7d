from pathlib import Path

import pytest

from bot.knowledge.sheets.stored import Stored
from tests.knowledge.seeds import seeds, write
from tests.knowledge.sheets.books import stored_from

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def all_data() -> Stored:
    """What the project publishes."""
    return stored_from(DATA)


@pytest.fixture
def world(tmp_path: Path) -> Stored:
    """The small world of the tests of storage."""
    return stored_from(write(tmp_path / "seeds", seeds()))
