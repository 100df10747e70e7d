"""The short form of what `make fuzz` does to the parsers: always the same few inputs."""

from __future__ import annotations

import pytest

from tests.fuzz.reading import entity_targets, text_targets
from tests.fuzz.target import Target, examine


@pytest.mark.parametrize("target", [*text_targets(), *entity_targets()], ids=lambda target: target.name)
def test_takes_whatever_comes(target: Target) -> None:
    examine(target, examples=100)
