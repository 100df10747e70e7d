"""The systemd units: well formed, sandboxed, and without a way for Rasa to secrets or the network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.widget.conftest import need

UNITS = Path(__file__).parents[2] / "deploy/systemd"
FILES = sorted(UNITS.iterdir())
SERVICES = [file for file in FILES if file.suffix == ".service"]
LARGEST_EXPOSURE = 15
"""In tenths: systemd calls 2.0 and less well protected."""


def names(files: list[Path]) -> list[str]:
    return [file.name for file in files]


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    need(found is not None, "no systemd-analyze on PATH: install systemd")
    assert found is not None
    return found


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """The units with a program that is there in place of each of ours."""
    for file in FILES:
        text = re.sub(r"/opt/ansinh/\.venv(-rasa)?/bin/python", "/bin/true", file.read_text(encoding="utf-8"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_systemd_finds_nothing_wrong(analyze: str, copies: Path, file: Path) -> None:
    said = subprocess.run(
        [analyze, "verify", "--man=no", str(copies / file.name)], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("file", SERVICES, ids=names(SERVICES))
def test_what_it_is_exposed_to_is_little(analyze: str, copies: Path, file: Path) -> None:
    command = [analyze, "security", "--offline=yes", f"--threshold={LARGEST_EXPOSURE}", str(copies / file.name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout[-200:]


def test_rasa_reads_no_secret_of_others_and_reaches_this_machine_only() -> None:
    unit = (UNITS / "ansinh-rasa@.service").read_text(encoding="utf-8")
    assert re.findall(r"^EnvironmentFile=(.*)$", unit, re.MULTILINE) == ["/etc/ansinh/rasa.env"]
    assert "--interface 127.0.0.1" in unit
    assert "IPAddressDeny=any\nIPAddressAllow=localhost" in unit
    assert "InaccessiblePaths=/etc/ansinh /var/lib/ansinh" in unit


@pytest.mark.parametrize("file", SERVICES, ids=names(SERVICES))
def test_each_module_that_is_started_is_there(file: Path) -> None:
    for module in re.findall(r"^ExecStart=\S+ -m (\S+)", file.read_text(encoding="utf-8"), re.MULTILINE):
        place = UNITS.parents[1] / module.replace(".", "/")
        assert module == "alembic" or place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module
