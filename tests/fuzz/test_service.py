"""The short form of what `make fuzz` does to the service's readers: always the same few inputs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.console import Console, console_targets, open_console
from tests.fuzz.service import service_targets
from tests.fuzz.target import Target, examine


@pytest.mark.parametrize("target", service_targets(), ids=lambda target: target.name)
def test_takes_whatever_comes(target: Target) -> None:
    examine(target, examples=60)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with open_console(tmp_path_factory.mktemp("console")) as running:
        yield running


def test_the_console_takes_whatever_comes(console: Console) -> None:
    assert len(console.pages) > 20
    assert len(console.forms) > 10
    for target in console_targets(console):
        examine(target, examples=80)
