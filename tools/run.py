"""`make run` from the point where both environments stand: prepares, starts, waits, watches, stops."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import fcntl
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.conversation.retraining import choice
from bot.knowledge.db import make_engine
from bot.settings import Settings
from tools.bootstrap import ROOT
from tools.frontend import ALL, ensure_built
from tools.model import model_to_run
from tools.preflight import RUN_NEEDS, check_disk, check_port, check_writable
from tools.process_env import CHOICE, run_environment
from tools.processes import Process, Supervised, socket_folder, start
from tools.say import Stop, line, show_stop, speak_utf8, tail
from tools.steps import run_step, stop_on_signals

READY_SECONDS = 180.0
"""After so long without a yes of /readyz something is wrong that nobody has to wait for."""

WATCH_SECONDS = 1.0


def main() -> int:
    """Runs until Ctrl-C; 0 after a wanted stop, 1 after a failure."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m tools.run", description="Start An Sinh on this machine.")
    parser.add_argument(
        "--folder", type=Path, default=Path("var"), help="takes logs and the lock of this run (default: var)"
    )
    folder: Path = parser.parse_args().folder
    os.chdir(ROOT)
    stop_on_signals()
    try:
        run(folder)
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


def run(folder: Path) -> None:
    """Everything from the checks to the stop; raises Stop, or SystemExit on a signal before it is ready."""
    begin = time.monotonic()
    settings = read_settings()
    check_writable(folder / "log")
    check_disk(folder, RUN_NEEDS)
    with _only_one(folder):
        check_ports(settings)
        logs = folder / "log"
        for frontend in ALL:
            ensure_built(frontend, ROOT, logs, os.environ)
        prepare_database(logs)
        model = choose_model(settings, logs)
        # The processes start with it; what officers choose later is written there.
        (folder / CHOICE).unlink(missing_ok=True)
        with socket_folder() as private:
            environ = run_environment(
                os.environ,
                rasa_port=settings.rasa_port,
                actions_port=settings.actions_port,
                model=model,
                folder=folder.absolute(),
                socket=private / "s",
            )
            watch = Watch(logs)
            try:
                with start(ROOT / "deploy" / "supervisord.conf", environ, folder, private / "s") as supervised:
                    address = _address(settings)
                    wait_ready(supervised, watch, address)
                    _write_state(folder, address, private / "s")
                    line(f"\nAn Sinh sẵn sàng sau {time.monotonic() - begin:.0f} giây (ready): {address}/")
                    line(f"Nhấn Ctrl-C để dừng (Ctrl-C stops it). Nhật ký (logs): {logs}/")
                    _watch_until_signal(supervised, watch)
            finally:
                (folder / "run.json").unlink(missing_ok=True)
                line("Đã dừng mọi tiến trình (all processes stopped).")


def read_settings() -> Settings:
    """The settings from the environment, else from a file `.env` in the project's folder; raises Stop."""
    for name, value in dotenv_values(ROOT / ".env").items():
        if value is not None:
            os.environ.setdefault(name, value)
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        name = f"ANSINH_{field.upper()}"
        given = repr(first["input"]) if Settings.model_fields[field].repr else "…"
        raise Stop(
            f"Giá trị của {name} không dùng được. Đã nhập: {given}. "
            "Hãy sửa theo bảng trong docs/settings.md rồi chạy lại.",
            f"{name} has a value that cannot be used: {given} ({first['msg']}). "
            "Mend it as the table in docs/settings.md says and run again.",
        ) from error
    ports = [port for port in (settings.port, settings.rasa_port, settings.actions_port, settings.console_port) if port]
    if len(set(ports)) < len(ports):
        raise Stop(
            "ANSINH_PORT, ANSINH_RASA_PORT, ANSINH_ACTIONS_PORT và ANSINH_CONSOLE_PORT phải là các cổng khác nhau. "
            f"Đã nhập: {ports}",
            "ANSINH_PORT, ANSINH_RASA_PORT, ANSINH_ACTIONS_PORT and ANSINH_CONSOLE_PORT must be different ports, "
            f"not {ports}.",
        )
    return settings


def check_ports(settings: Settings) -> None:
    """Raises Stop when a port of ours is taken."""
    check_port(settings.host, settings.port, "ANSINH_PORT")
    check_port("127.0.0.1", settings.rasa_port, "ANSINH_RASA_PORT")
    check_port("127.0.0.1", settings.actions_port, "ANSINH_ACTIONS_PORT")
    if settings.console_port is not None:
        check_port(settings.console_host, settings.console_port, "ANSINH_CONSOLE_PORT")


def prepare_database(logs: Path) -> None:
    """Brings the database to the newest schema and loads what is new in data/; raises Stop."""
    run_step("Cập nhật cơ sở dữ liệu", [".venv/bin/alembic", "upgrade", "head"], logs / "migrate.log")
    run_step("Nạp dữ liệu chính sách", [sys.executable, "-m", "bot.knowledge.loader", "data"], logs / "load.log")


def choose_model(settings: Settings, logs: Path) -> Path:
    """The model that officers chose if it fits, else the newest that does, noted as the one in use; raises Stop."""
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as db:
            chosen = choice.decided(db)
        model = model_to_run(ROOT, logs, os.environ, chosen)
        with Session(engine) as db, db.begin():
            choice.note_start(db, model.name, dt.datetime.now(dt.UTC))
    finally:
        engine.dispose()
    return model


class Watch:
    """Tells a person what becomes of the processes; raises Stop when one is given up."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._pids: dict[str, int] = {}

    def look(self, processes: list[Process]) -> None:
        """Compares with the last look: a new pid is a restart, FATAL is the end."""
        for process in processes:
            if process.state == "FATAL":
                log = self._logs / f"{process.name}.log"
                line(f"\nNhững dòng cuối của {log} (last lines):\n{tail(log)}")
                raise Stop(
                    f"Tiến trình {process.name} không chạy được sau nhiều lần thử. "
                    f"Hãy xem các dòng trên và {log}, sửa rồi chạy lại.",
                    f"The process {process.name} keeps failing. See the lines above and {log}, then run again.",
                )
            if process.pid and self._pids.setdefault(process.name, process.pid) != process.pid:
                self._pids[process.name] = process.pid
                line(f"! {process.name} đã ngừng và được chạy lại, pid {process.pid} (restarted)")


def wait_ready(supervised: Supervised, watch: Watch, address: str) -> None:
    """Waits for a yes of /readyz; raises Stop when a process is given up or it takes too long."""
    start_time = time.monotonic()
    terminal = sys.stdout.isatty()
    shown = -15.0
    while True:
        watch.look(_look(supervised))
        ready, said = ask_ready(address)
        seconds = time.monotonic() - start_time
        if ready:
            line(f"{chr(13) if terminal else ''}✓ Ba tiến trình trả lời được ({seconds:.0f} s)          ")
            return
        if seconds > READY_SECONDS:
            raise Stop(
                f"Sau {READY_SECONDS:.0f} giây hệ thống vẫn chưa trả lời được. /readyz báo: {said}. "
                "Hãy xem nhật ký trong var/log rồi chạy lại.",
                f"Not ready after {READY_SECONDS:.0f} s. /readyz says: {said}. See the logs and run again.",
            )
        if terminal:
            print(f"\r… Khởi động gateway, Rasa và actions ({seconds:.0f} s)", end="", flush=True)
        elif seconds - shown >= 5:
            line(f"… Khởi động gateway, Rasa và actions ({seconds:.0f} s)")
            shown = seconds
        time.sleep(0.5)


def ask_ready(address: str) -> tuple[bool, str]:
    """Whether /readyz at `address` says yes, and what it said."""
    # A proxy of the person's environment has no business with this machine's own address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/readyz", timeout=15) as answer:
            return answer.status == 200, answer.read(500).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return False, f"{error.code} {error.read(500).decode('utf-8', 'replace')}"
    except OSError as error:
        return False, str(error)


def _watch_until_signal(supervised: Supervised, watch: Watch) -> None:
    try:
        while True:
            time.sleep(WATCH_SECONDS)
            watch.look(_look(supervised))
    except SystemExit:
        line("\nĐang dừng (stopping)…")


def _look(supervised: Supervised) -> list[Process]:
    if not supervised.alive():
        raise Stop(
            "Trình giám sát (supervisor) đã dừng ngoài ý muốn. Hãy xem var/log/supervisord.out rồi chạy lại.",
            "Supervisor ended unexpectedly. See var/log/supervisord.out and run again.",
        )
    return supervised.processes()


def _address(settings: Settings) -> str:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what a person may have set
    host = everywhere.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    return f"http://{host}:{settings.port}"


def _write_state(folder: Path, address: str, socket: Path) -> None:
    """Tells other commands where this run can be reached: `supervisorctl -s unix://<socket> status`."""
    (folder / "run.json").write_text(json.dumps({"address": address, "supervisor": str(socket)}), encoding="utf-8")


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(
                "An Sinh đang chạy trong thư mục này rồi. Hãy dùng cửa sổ đang chạy, hoặc nhấn Ctrl-C ở đó trước.",
                "An Sinh is already running in this folder. Use it, or stop it there with Ctrl-C first.",
            ) from error
        yield


if __name__ == "__main__":
    sys.exit(main())
