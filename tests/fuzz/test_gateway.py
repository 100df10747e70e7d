"""The short form of what `make fuzz` does to the gateway's addresses: always the same few calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.gateway import DESCRIPTIONS, Gateway, open_gateway
from tests.fuzz.target import examine


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with open_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_what_is_described_is_what_happens(gateway: Gateway, description: str) -> None:
    tried = 0
    for target in gateway.targets(description):
        examine(target, examples=8)
        tried += 1
    assert tried > 5
