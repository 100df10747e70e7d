"""Settings that cannot work are told before anything starts; what is started gets what it needs."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.conversation.retraining import choice
from bot.conversation.retraining.tables import ModelUse, TrainingRun
from bot.knowledge.db import Base, make_engine
from bot.nlu.archive import write_digest
from bot.settings import Settings
from tools import run
from tools.model import fingerprint
from tools.process_env import run_environment
from tools.say import Stop


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANSINH_PORT", "ANSINH_RASA_PORT", "ANSINH_ACTIONS_PORT", "ANSINH_RASA_SECRET"):
        # Set first, so that what a .env file adds is taken away again after the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(run, "ROOT", tmp_path)


def test_a_port_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_RASA_PORT", "abc")
    with pytest.raises(Stop) as stop:
        run.read_settings()
    assert "ANSINH_RASA_PORT" in stop.value.vi
    assert "'abc'" in stop.value.vi


def test_two_processes_cannot_share_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSINH_PORT", "5005")
    with pytest.raises(Stop, match="must be different ports"):
        run.read_settings()


def test_a_dotenv_file_is_read_and_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ANSINH_PORT=9001\nANSINH_RASA_PORT=9002\n", encoding="utf-8")
    monkeypatch.setenv("ANSINH_PORT", "9003")
    settings = run.read_settings()
    assert (settings.port, settings.rasa_port) == (9003, 9002)


@pytest.mark.parametrize("field", ["port", "rasa_port", "actions_port"])
def test_each_port_is_checked_under_its_own_name(field: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free = {"port": 0, "rasa_port": 65123, "actions_port": 65124}
        settings = Settings(**{**free, field: taken.getsockname()[1]})  # type: ignore[arg-type]
        with pytest.raises(Stop, match=f"ANSINH_{field.upper()}"):
            run.check_ports(settings)


def test_a_second_run_in_the_same_folder_is_told_so(tmp_path: Path) -> None:
    with run._only_one(tmp_path), pytest.raises(Stop, match="already running"), run._only_one(tmp_path):
        pass


def environment(environ: dict[str, str]) -> dict[str, str]:
    return run_environment(environ, rasa_port=1, actions_port=2, model=Path("m"), folder=Path("/v"), socket=Path("/s"))


def test_the_secret_is_new_at_each_start_unless_it_is_set() -> None:
    first, second = (environment({})["ANSINH_RASA_SECRET"] for _ in range(2))
    assert len(first) >= 32
    assert first != second
    assert environment({"ANSINH_RASA_SECRET": "mine"})["ANSINH_RASA_SECRET"] == "mine"


def test_addresses_follow_the_ports_and_rasa_keeps_quiet() -> None:
    environ = environment({"ANSINH_RASA_URL": "http://elsewhere", "LOG_LEVEL": "DEBUG"})
    assert environ["ANSINH_RASA_URL"] == "http://127.0.0.1:1"
    assert environ["ANSINH_ACTIONS_URL"] == "http://127.0.0.1:2/webhook"
    assert environ["LOG_LEVEL"] == "WARNING"
    assert environ["RASA_TELEMETRY_ENABLED"] == "false"


@pytest.fixture
def gateway() -> Iterator[HTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(self.server.status)  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(b'{"rasa": "down"}')

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_only_a_yes_of_readyz_counts_as_ready(gateway: HTTPServer, status: int, ready: bool) -> None:
    gateway.status = status  # type: ignore[attr-defined]
    said = run.ask_ready(f"http://127.0.0.1:{gateway.server_port}")
    assert said[0] is ready
    assert '{"rasa": "down"}' in said[1]


def test_nobody_at_the_address_is_not_ready() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert run.ask_ready(f"http://127.0.0.1:{unused.getsockname()[1]}")[0] is False


def test_the_model_that_officers_chose_is_started_and_noted(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    files = fingerprint(tmp_path)
    made, taught = (tmp_path / "models" / f"{kind}-{files}.tar.gz" for kind in ("ansinh", "taught"))
    for model in (taught, made):
        model.write_text(model.name, encoding="ascii")
        write_digest(model, model.name)
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'ansinh.db'}")
    engine = make_engine(settings.database_url)
    Base.metadata.create_all(engine, tables=[TrainingRun.__table__, ModelUse.__table__])  # type: ignore[list-item]
    assert run.choose_model(settings, tmp_path) == made
    with Session(engine) as db, db.begin():
        assert choice.current(db) == made.name
        db.add(ModelUse(model=taught.name, at=dt.datetime.now(dt.UTC), by="lan", how=choice.How.PROMOTE))
    assert run.choose_model(settings, tmp_path) == taught
    taught.unlink()
    assert run.choose_model(settings, tmp_path) == made
    with Session(engine) as db:
        assert choice.line(db) == [made.name]
    engine.dispose()
