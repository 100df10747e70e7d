"""The shipped nginx configurations for as many processes as a measurement has."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.proxy import before_gateways, before_rasa


@pytest.mark.parametrize("ports", [[7001], [7001, 7002], [7001, 7002, 7003]])
def test_there_is_a_line_for_each_process(ports: list[int]) -> None:
    for text, options in (
        (before_gateways(Path("/x"), ports, 7443, 7080), "max_fails=2 fail_timeout=5s;"),
        (before_rasa(ports, 7000), "max_fails=1 fail_timeout=3s;"),
    ):
        lines = [line.strip() for line in text.splitlines() if line.strip().startswith("server 127")]
        assert lines == [f"server 127.0.0.1:{port} {options}" for port in ports]


def test_a_text_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="no 'rate=1r/s'"):
        before_gateways(Path("/x"), [7001], 7443, 7080, **{"rate=1r/s": "rate=2r/s"})
