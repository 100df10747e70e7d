"""A long step: its log, its failure, and that a signal leaves nothing of it behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.say import Stop
from tools.steps import run_step

ROOT = Path(__file__).parents[2]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # An orphan that nobody has collected is no process any more.
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="ascii").split(") ")[-1].startswith("Z")


def wait_for(condition, seconds: float = 10.0) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_step_that_fails_shows_the_last_lines_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stop, match=r"Do this\.") as stop:
        run_step("Bước", ["sh", "-c", "echo why; exit 3"], tmp_path / "log", advice=("Làm thế này.", "Do this."))
    assert "mã 3" in stop.value.vi
    assert "| why" in capsys.readouterr().out


def test_a_step_that_works_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Bước", ["true"], tmp_path / "log")
    assert "✓ Bước" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_step_and_what_it_started(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "from pathlib import Path; from tools.steps import run_step, stop_on_signals; stop_on_signals();"
        f"run_step('x', ['sh', '-c', 'sleep 600 & echo $!; wait'], Path({str(tmp_path / 'log')!r}))"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL)
    log = tmp_path / "log"
    try:
        assert wait_for(lambda: log.exists() and log.read_text(encoding="ascii").strip())
        sleeper = int(log.read_text(encoding="ascii"))
        child.send_signal(number)
        assert child.wait(15) == 128 + number
        assert wait_for(lambda: gone(sleeper))
    finally:
        child.kill()
        child.wait()


_INTERRUPTED = """
import os, signal, subprocess, sys
from pathlib import Path
from tools import steps

class Interrupted(subprocess.Popen):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        Path(sys.argv[1]).write_text(str(self.pid), encoding="ascii")
        os.kill(os.getpid(), signal.SIGTERM)

subprocess.Popen = Interrupted
steps.stop_on_signals()
steps.run_step("x", ["sleep", "600"], Path(sys.argv[2]))
"""


def test_a_signal_while_a_child_is_being_started_ends_it_as_well(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    command = [sys.executable, "-c", _INTERRUPTED, str(pid), str(tmp_path / "log")]
    code = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False, timeout=60).returncode
    try:
        assert code == 128 + signal.SIGTERM
        assert wait_for(lambda: gone(int(pid.read_text(encoding="ascii"))))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text(encoding="ascii")), signal.SIGKILL)
