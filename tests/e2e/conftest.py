"""One An Sinh for all tests here: to start it takes longer than to talk to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import AnSinh, Talk


@pytest.fixture(scope="session")
def an_sinh() -> Iterator[AnSinh]:
    """The three processes, ready; afterwards none of them is left."""
    with tempfile.TemporaryDirectory(prefix="ansinh-e2e-") as folder, AnSinh(Path(folder)) as running:
        yield running
        running.stop()
        assert running.pids() == []


@pytest.fixture
def talk(an_sinh: AnSinh) -> Talk:
    """A new conversation."""
    return Talk(an_sinh.address)
