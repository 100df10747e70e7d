"""When an environment counts as built, and when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.environments import Environment, build_with_uv, is_current, mark_current
from tools.pythons import Interpreter
from tools.say import Stop

INTERPRETER = Interpreter(Path("/usr/bin/python3"), "3.11.7")

UV = """#!/bin/sh
echo "$1" "$2" >> "$(dirname "$0")/calls"
echo "$@" > "$(dirname "$0")/options"
for last; do :; done
case "$1" in
venv) mkdir -p "$last/bin"; : > "$last/bin/python"; echo 'version_info = 3.11.7' > "$last/pyvenv.cfg";;
pip) echo 'no such package' >&2; exit EXIT;;
esac
"""


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    lock = tmp_path / "service.txt"
    lock.write_text("aiohttp==3 --hash=sha256:00\n", encoding="utf-8")
    return Environment(tmp_path / ".venv", lock, "dịch vụ")


def fake_uv(folder: Path, *, exit_code: int = 0) -> Path:
    uv = folder / "uv"
    uv.write_text(UV.replace("EXIT", str(exit_code)), encoding="utf-8")
    uv.chmod(0o755)
    return uv


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text(encoding="utf-8").splitlines()


def test_a_folder_without_a_stamp_is_not_an_environment(environment: Environment) -> None:
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    assert not is_current(environment)


def test_a_build_that_ended_is_current_until_the_lock_changes(environment: Environment, tmp_path: Path) -> None:
    build_with_uv(environment, fake_uv(tmp_path), INTERPRETER, tmp_path / "log")
    assert is_current(environment)
    environment.lock.write_text("aiohttp==4 --hash=sha256:00\n", encoding="utf-8")
    assert not is_current(environment)


def test_libraries_are_proved_and_compiled(environment: Environment, tmp_path: Path) -> None:
    build_with_uv(environment, fake_uv(tmp_path), INTERPRETER, tmp_path / "log")
    options = (tmp_path / "options").read_text(encoding="utf-8").split()
    assert {"--require-hashes", "--compile-bytecode"} <= set(options)


def test_a_build_that_failed_is_not_current_even_where_an_older_one_was(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_with_uv(environment, fake_uv(tmp_path), INTERPRETER, tmp_path / "log")
    with pytest.raises(Stop, match="Check the connection"):
        build_with_uv(environment, fake_uv(tmp_path, exit_code=2), INTERPRETER, tmp_path / "log")
    assert not is_current(environment)
    assert "no such package" in capsys.readouterr().out


def test_a_changed_lock_changes_packages_and_a_changed_python_makes_the_folder_anew(
    environment: Environment, tmp_path: Path
) -> None:
    uv = fake_uv(tmp_path)
    build_with_uv(environment, uv, INTERPRETER, tmp_path / "log")
    build_with_uv(environment, uv, INTERPRETER, tmp_path / "log")
    assert calls(tmp_path) == ["venv --clear", "pip sync", "pip sync"]
    build_with_uv(environment, uv, INTERPRETER._replace(version="3.12.1"), tmp_path / "log")
    assert calls(tmp_path)[3:] == ["venv --clear", "pip sync"]


def test_a_python_that_was_uninstalled_makes_it_stale(environment: Environment, tmp_path: Path) -> None:
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(tmp_path / "gone")
    mark_current(environment)
    assert not is_current(environment)
