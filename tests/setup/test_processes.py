"""Under a real supervisor: restart, giving up, and a stop that leaves nothing."""

from __future__ import annotations

import configparser
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.processes import Process, Supervised, ask, socket_folder, start
from tools.run import Watch
from tools.say import Stop

ROOT = Path(__file__).parents[2]

CONFIG = """
[supervisord]
nodaemon = true
silent = true
logfile = %(ENV_SUPERVISED_FOLDER)s/log/supervisord.log
pidfile = %(ENV_SUPERVISED_FOLDER)s/supervisord.pid
[unix_http_server]
file = %(ENV_SUPERVISED_SOCKET)s
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[program:good]
command = sh -c 'sleep 600 & wait'
autorestart = true
startsecs = 0
stopasgroup = true
killasgroup = true
"""

BAD = """
[program:bad]
command = sh -c 'echo no model; exit 1'
startretries = 0
redirect_stderr = true
stdout_logfile = %(ENV_SUPERVISED_FOLDER)s/log/bad.log
"""


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    members = [
        stat.read_text(encoding="utf-8").rpartition(") ")[2].split() for stat in Path("/proc").glob("[0-9]*/stat")
    ]
    return not any(int(fields[2]) == group and fields[0] != "Z" for fields in members)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "log").mkdir()
    return tmp_path


@pytest.fixture
def socket() -> Iterator[Path]:
    with socket_folder() as private:
        yield private / "s"


def started(folder: Path, socket: Path, config: str) -> Supervised:
    (folder / "supervisord.conf").write_text(config, encoding="utf-8")
    environ = {**os.environ, "SUPERVISED_FOLDER": str(folder), "SUPERVISED_SOCKET": str(socket)}
    return start(folder / "supervisord.conf", environ, folder, socket)


def pid_of(processes: list[Process], name: str) -> int:
    return next((process.pid for process in processes if process.name == name), 0)


def test_a_killed_process_comes_back_and_a_person_is_told(
    folder: Path, socket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(folder / "log")
    with started(folder, socket, CONFIG) as supervised:
        assert wait_for(lambda: pid_of(supervised.processes(), "good") > 0)
        first = pid_of(supervised.processes(), "good")
        watch.look(supervised.processes())
        os.killpg(first, signal.SIGKILL)
        assert wait_for(lambda: pid_of(supervised.processes(), "good") not in {0, first})
        watch.look(supervised.processes())
    assert "good đã ngừng và được chạy lại" in capsys.readouterr().out


def test_the_stop_leaves_no_process_behind(folder: Path, socket: Path) -> None:
    with started(folder, socket, CONFIG) as supervised:
        assert wait_for(lambda: pid_of(supervised.processes(), "good") > 0)
        group = pid_of(supervised.processes(), "good")
        assert not group_is_gone(group)
    assert wait_for(lambda: group_is_gone(group))
    assert ask(socket) == []


def test_a_killed_supervisor_leaves_no_process_behind(folder: Path, socket: Path) -> None:
    with started(folder, socket, CONFIG) as supervised:
        assert wait_for(lambda: pid_of(supervised.processes(), "good") > 0)
        group = pid_of(supervised.processes(), "good")
        os.kill(int((folder / "supervisord.pid").read_text(encoding="ascii")), signal.SIGKILL)
        assert wait_for(lambda: not supervised.alive())
    assert wait_for(lambda: group_is_gone(group))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death")
def test_a_killed_command_leaves_no_process_behind(folder: Path, socket: Path) -> None:
    config = folder / "supervisord.conf"
    config.write_text(CONFIG, encoding="utf-8")
    arguments = ", ".join(f"Path({str(path)!r})" for path in (folder, socket))
    code = (
        "import os, time; from pathlib import Path; from tools.processes import start;"
        f"start(Path({str(config)!r}), os.environ, {arguments}); time.sleep(600)"
    )
    environ = {**os.environ, "SUPERVISED_FOLDER": str(folder), "SUPERVISED_SOCKET": str(socket)}
    command = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environ)
    try:
        assert wait_for(lambda: pid_of(ask(socket), "good") > 0)
        group = pid_of(ask(socket), "good")
    finally:
        command.kill()
        command.wait()
    assert wait_for(lambda: group_is_gone(group))


def test_a_process_that_is_given_up_is_named_with_its_last_lines(
    folder: Path, socket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(folder / "log")
    with started(folder, socket, CONFIG + BAD) as supervised:
        assert wait_for(lambda: any(each.state == "FATAL" for each in supervised.processes()))
        with pytest.raises(Stop, match="bad keeps failing"):
            watch.look(supervised.processes())
    assert "| no model" in capsys.readouterr().out


def test_each_process_of_ours_is_restarted_stopped_whole_and_logged_within_bounds() -> None:
    config = configparser.RawConfigParser(inline_comment_prefixes=(" ;",))
    config.read(ROOT / "deploy" / "supervisord.conf", encoding="utf-8")
    programs = [name for name in config.sections() if name.startswith("program:")]
    assert programs == ["program:actions", "program:rasa", "program:gateway"]
    for name in programs:
        for key in ("autorestart", "stopasgroup", "killasgroup", "redirect_stderr"):
            assert config.getboolean(name, key)
        assert config.get(name, "stdout_logfile_maxbytes") == "5MB"
    assert "--enable-api" not in config.get("program:rasa", "command")
    assert "--interface 127.0.0.1" in config.get("program:rasa", "command")
