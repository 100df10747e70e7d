"""What the gateway leaves to others: search, charts and documents weigh more than all the rest of it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("heavy", ["sklearn", "matplotlib", "docx"])
def test_the_gateway_with_its_console_does_not_load(heavy: str) -> None:
    program = f"import bot.cli.serve, sys; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
