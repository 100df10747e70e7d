"""Finding Pythons that really run, among shims that do not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.bootstrap import python_stop
from tools.pythons import RASA_VERSIONS, find, probe

SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def python(path: Path, version: str) -> Path:
    return program(path, f"#!/bin/sh\necho {version}\n")


def test_a_shim_that_fails_is_passed_over_for_the_next_folder_on_path(tmp_path: Path) -> None:
    program(tmp_path / "first" / "python3.10", SHIM)
    good = python(tmp_path / "second" / "python3.10", "3.10.4")
    found = find(RASA_VERSIONS, {"PATH": f"{tmp_path / 'first'}:{tmp_path / 'second'}"})
    assert found is not None
    assert (found.path, found.version) == (good, "3.10.4")


def test_behind_a_dead_shim_the_newest_version_of_the_same_pyenv_is_found(tmp_path: Path) -> None:
    program(tmp_path / "pyenv" / "shims" / "python3.10", SHIM)
    for patch in ("3.10.9", "3.10.13", "3.10.2"):
        python(tmp_path / "pyenv" / "versions" / patch / "bin" / "python3.10", patch)
    found = find(RASA_VERSIONS, {"PATH": str(tmp_path / "pyenv" / "shims"), "HOME": str(tmp_path / "nobody")})
    assert found is not None
    assert found.version == "3.10.13"


@pytest.mark.parametrize("variable", ["PYENV_ROOT", "HOME"])
def test_pyenv_is_found_without_its_shims_on_path(tmp_path: Path, variable: str) -> None:
    root = tmp_path / ".pyenv"
    python(root / "versions" / "3.10.1" / "bin" / "python3.10", "3.10.1")
    found = find(RASA_VERSIONS, {"PATH": "", variable: str(root if variable == "PYENV_ROOT" else tmp_path)})
    assert found is not None
    assert found.version == "3.10.1"


def test_a_plain_python3_counts_only_with_the_wanted_version(tmp_path: Path) -> None:
    python(tmp_path / "python3", "3.1.0")
    assert find(RASA_VERSIONS, {"PATH": str(tmp_path)}) is None
    python(tmp_path / "python3", "3.10.0")
    assert find(RASA_VERSIONS, {"PATH": str(tmp_path)}) is not None


def test_versions_are_tried_in_order(tmp_path: Path) -> None:
    python(tmp_path / "python3.12", "3.12.1")
    python(tmp_path / "python3.11", "3.11.9")
    found = find(((3, 11), (3, 12)), {"PATH": str(tmp_path)})
    assert found is not None
    assert found.version == "3.11.9"


def test_this_python_passes_the_probe() -> None:
    found = probe(Path(sys.executable))
    assert found is not None
    assert found.version == ".".join(str(part) for part in sys.version_info[:3])


def test_the_message_says_what_to_install_in_both_languages() -> None:
    stop = python_stop(RASA_VERSIONS)
    assert "pyenv install 3.10" in stop.vi
    assert "pyenv install 3.10" in stop.en
