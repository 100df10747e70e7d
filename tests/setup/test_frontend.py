"""When what browsers get is built again, and that half a build never counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import frontend
from tools.frontend import ALL, WIDGET, Frontend, ensure_built
from tools.say import Stop

NODE = """#!/bin/sh
# Stands in for node: its arguments are npm-cli.js --prefix FOLDER COMMAND …
echo "$4" >> "$3/called"
case "$4" in
  ci) /bin/mkdir -p "$3/node_modules" ;;
  run) /bin/mkdir -p "$3/dist" ;;
esac
exit EXIT
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bot/widget"
    (folder / "src").mkdir(parents=True)
    for name in ("src/loader.ts", "tsconfig.json", "vite.config.ts", "package.json", "package-lock.json"):
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(frontend, "_wheel", lambda: tmp_path / "wheel")
    fake_node(tmp_path)
    return tmp_path


def fake_node(root: Path, exit_code: int = 0) -> None:
    node = root / "wheel/bin/node"
    node.parent.mkdir(parents=True, exist_ok=True)
    node.write_text(NODE.replace("EXIT", str(exit_code)), encoding="utf-8")
    node.chmod(0o755)


def called(root: Path) -> list[str]:
    return (root / "bot/widget/called").read_text(encoding="utf-8").split()


def test_is_built_once_and_again_when_a_source_changed(root: Path) -> None:
    for _ in range(2):
        ensure_built(WIDGET, root, root / "log", {})
    assert called(root) == ["ci", "run"]
    (root / "bot/widget/src/loader.ts").write_text("changed", encoding="utf-8")
    assert not WIDGET.is_built(root)
    ensure_built(WIDGET, root, root / "log", {})
    assert called(root) == ["ci", "run", "run"]


def test_packages_are_installed_again_when_the_lock_file_changed(root: Path) -> None:
    ensure_built(WIDGET, root, root / "log", {})
    (root / "bot/widget/package-lock.json").write_text("changed", encoding="utf-8")
    ensure_built(WIDGET, root, root / "log", {})
    assert called(root) == ["ci", "run", "ci", "run"]


def test_a_build_that_fails_says_where_to_look_and_does_not_count(root: Path) -> None:
    fake_node(root, exit_code=1)
    with pytest.raises(Stop, match="npm registry") as stop:
        ensure_built(WIDGET, root, root / "log", {})
    assert "widget-install.log" in stop.value.vi
    assert not WIDGET.is_built(root)


def test_node_missing_from_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "find_spec", lambda _name: None)
    with pytest.raises(Stop, match="make environments"):
        frontend.npm("ci")


@pytest.mark.parametrize("each", ALL, ids=[each.name for each in ALL])
def test_the_lock_files_name_no_registry(each: Frontend) -> None:
    text = (each.folder(Path(__file__).parents[2]) / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert "registry" not in text
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
