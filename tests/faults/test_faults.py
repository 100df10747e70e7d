"""The short form of each fault, over one stack: nothing lost or doubled, no dishonest answer, nobody kept waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.cluster import open_folder
from tests.faults.faults import FAULTS, SHORT, Fault
from tests.faults.world import World, world


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(open_folder(tmp_path_factory.mktemp("faults")), SHORT) as started:
        yield started


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_message_is_answered_once_or_gets_an_honest_word(running: World, fault: Fault) -> None:
    if fault.disk and not running.stack.disks[fault.disk].small:
        pytest.skip("no leave to mount a disk that can be filled")
    result = running.suffer(fault)
    assert result.faults() == [], result
