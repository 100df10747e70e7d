"""What the doctor says of a server, on files of a test's own."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from bot.cli import doctor
from bot.cli.doctor_server import look_at_server
from bot.operations.reach import own_address
from tools.bootstrap import RASA, SERVICE


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    (tmp_path / "etc/ansinh").mkdir(parents=True)
    (tmp_path / "etc/systemd/system/ansinh.target.wants").mkdir(parents=True)
    return tmp_path / "etc"


def bad(etc: Path, *pythons: Path) -> list[str]:
    return [str(finding) for finding in look_at_server(pythons, etc) if finding.level == "bad"]


def environment(folder: Path, python: str) -> Path:
    """An environment's interpreter: a link to ``python``."""
    (folder / ".venv-rasa/bin").mkdir(parents=True)
    link = folder / ".venv-rasa/bin/python"
    link.symlink_to(python)
    return link


def test_a_machine_that_is_no_server_is_left_alone(tmp_path: Path) -> None:
    assert list(look_at_server([environment(tmp_path, "/root/.local/bin/python3.10")], tmp_path / "etc")) == []


@pytest.mark.parametrize("home", ["/root/.local/share/uv/python/cpython-3.10/bin/python3.10", "/home/an/python"])
def test_a_python_in_a_home_is_found(etc: Path, tmp_path: Path, home: str) -> None:
    [said] = bad(etc, environment(tmp_path, home))
    assert f"{tmp_path}/.venv-rasa dùng Python ở {home}" in said
    assert f"rm -r {tmp_path}/.venv-rasa" in said


def test_a_python_for_all_is_good(etc: Path, tmp_path: Path) -> None:
    assert bad(etc, environment(tmp_path, "/usr/local/lib/ansinh-python/cpython-3.10/bin/python3.10")) == []


def test_a_file_of_keys_that_others_read_is_found(etc: Path) -> None:
    for name, mode in (("ansinh.env", 0o600), ("rasa.env", 0o644), ("gateway-8081.env", 0o640)):
        (etc / "ansinh" / name).touch()
        (etc / "ansinh" / name).chmod(mode)
    said = bad(etc)
    assert [name for name in ("ansinh.env", "rasa.env", "gateway-8081.env") if name in "".join(said)] == [
        "rasa.env",
        "gateway-8081.env",
    ]
    assert all("chmod 600" in each for each in said)


@pytest.mark.parametrize("part", ["gateway", "rasa"])
def test_an_enabled_port_that_others_reach_is_found(etc: Path, part: str) -> None:
    if own_address() is None:
        pytest.skip("this machine is in no network")
    wants = etc / "systemd/system/ansinh.target.wants"
    (wants / "ansinh-actions.service").touch()
    for host, seen in (("127.0.0.1", False), ("0.0.0.0", True)):  # noqa: S104 - that is the fault
        with socket.create_server((host, 0)) as listener:
            unit = wants / f"ansinh-{part}@{listener.getsockname()[1]}.service"
            unit.touch()
            assert [unit.name in each for each in bad(etc)] == [True] * seen
            unit.unlink()


def test_an_environment_that_may_not_be_looked_into_is_no_fault_of_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bool:
        raise PermissionError(13, "Permission denied", os.devnull)

    monkeypatch.setattr("tools.environments.is_current", refuse)
    said = [finding.what for finding in doctor._built()]
    for each in (SERVICE, RASA):
        assert f"Môi trường {each.folder.name} chưa có hoặc đã cũ" in said
