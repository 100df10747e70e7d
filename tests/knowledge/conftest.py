from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import small_snapshot
from tests.postgres import server

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(scope="session")
def published() -> Snapshot:
    """What an empty database holds after loading the data files of the project."""
    return snapshot_from_files(DATA)


@pytest.fixture(scope="session")
def published_assistant(published: Snapshot) -> Assistant:
    return Assistant(published, Index(published))


@pytest.fixture(scope="session")
def small() -> Snapshot:
    return small_snapshot()


@pytest.fixture(scope="session")
def assistant(small: Snapshot) -> Assistant:
    return Assistant(small, Index(small))
