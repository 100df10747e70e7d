"""The systemd units: well formed, sandboxed, and without a way for Rasa to secrets or the network."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
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
    # Without data, as on a machine with Rasa alone, systemd would refuse a path that has no sign before it.
    assert "InaccessiblePaths=/etc/ansinh -/var/lib/ansinh" in unit


@pytest.mark.parametrize("file", SERVICES, ids=names(SERVICES))
def test_each_module_that_is_started_is_there(file: Path) -> None:
    for module in re.findall(r"^ExecStart=\S+ -m (\S+)", file.read_text(encoding="utf-8"), re.MULTILINE):
        place = UNITS.parents[1] / module.replace(".", "/")
        assert module == "alembic" or place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_nothing_goes_down_with_the_preparation(file: Path) -> None:
    required = re.findall(
        r"^(?:Requires|BindsTo|PartOf|Requisite)=(.*)$", file.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert not any("ansinh-prepare" in units for units in required)


def test_the_preparation_comes_first_and_is_tried_again() -> None:
    unit = (UNITS / "ansinh-prepare.service").read_text(encoding="utf-8")
    assert "\nRestart=on-failure\n" in unit
    assert "\nWants=ansinh-prepare.service\n" in (UNITS / "ansinh.target").read_text(encoding="utf-8")
    for name in ("gateway@", "actions", "training"):
        after = re.findall(
            r"^After=(.*)$", (UNITS / f"ansinh-{name}.service").read_text(encoding="utf-8"), re.MULTILINE
        )
        assert "ansinh-prepare.service" in after[0].split(), name


def test_the_target_stops_and_starts_all_but_the_backups() -> None:
    parts = {file.name for file in FILES if "\nPartOf=ansinh.target\n" in file.read_text(encoding="utf-8")}
    assert set(names(FILES)) - parts == {"ansinh.target", "ansinh-backup.service", "ansinh-backup.timer"}


def waiting(python: str, seconds: str) -> tuple[list[str], dict[str, str]]:
    """The command with which the preparation waits for the database, and the variable that it reads."""
    unit = (UNITS / "ansinh-prepare.service").read_text(encoding="utf-8")
    [line] = re.findall(r"^ExecStartPre=-(.*)$", unit, re.MULTILINE)
    [(name, value)] = re.findall(r'^Environment="(\w+)=(.*)"$', unit, re.MULTILINE)
    line = line.replace("$$", "$").replace("/opt/ansinh/.venv/bin/python", shlex.quote(python))
    command = [seconds if word == "60" else word for word in shlex.split(line)]
    return command, {**os.environ, name: value}


@pytest.mark.parametrize(("failures", "status"), [(2, 0), (100, 124)])
def test_the_preparation_waits_for_the_database_for_a_while(tmp_path: Path, failures: int, status: int) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho x >> {tmp_path}/tries; test $(wc -l < {tmp_path}/tries) -gt {failures}\n")
    python.chmod(0o700)
    command, environ = waiting(str(python), "8")
    assert subprocess.run(command, env=environ, check=False).returncode == status


def test_the_preparation_asks_the_database_that_is_set(tmp_path: Path) -> None:
    command, environ = waiting(sys.executable, "30")
    environ["ANSINH_DATABASE_URL"] = f"sqlite:///{tmp_path / 'ansinh.db'}"
    assert subprocess.run(command, cwd=UNITS.parents[1], env=environ, check=False).returncode == 0
    assert (tmp_path / "ansinh.db").exists()
