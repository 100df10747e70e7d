"""A run's process, but for the training itself: signs of life, and how each end is written down."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.retraining import runs
from bot.conversation.retraining.runs import State, Step
from bot.conversation.retraining.tables import ModelUse, TrainingRun
from bot.knowledge.db import Base, make_engine
from evaluation.retraining import __main__ as retraining
from evaluation.retraining import heart
from evaluation.retraining.heart import Heart
from evaluation.retraining.rig import without_secrets
from tools.say import Stop


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'ansinh.db'}"
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    monkeypatch.setenv("ANSINH_TRAINING_FOLDER", str(tmp_path / "training"))
    monkeypatch.setattr(heart, "_SECONDS", 0.02)
    monkeypatch.setattr(retraining, "stop_on_signals", lambda: None)
    engine = make_engine(url)
    Base.metadata.create_all(engine, tables=[TrainingRun.__table__, ModelUse.__table__])  # type: ignore[list-item]
    with Session(engine) as db, db.begin():
        assert runs.ask(db, [], "ansinh-1234.tar.gz", "lan", dt.datetime.now(dt.UTC)) == 1
    yield engine
    engine.dispose()


def row(engine: Engine) -> TrainingRun:
    with Session(engine) as db:
        return db.get_one(TrainingRun, 1)


def working(monkeypatch: pytest.MonkeyPatch, do: Callable[[], tuple[bool, dict[str, Any]]]) -> None:
    monkeypatch.setattr(retraining._Work, "do", lambda _self: do())


def raising(error: BaseException) -> Callable[[], tuple[bool, dict[str, Any]]]:
    def do() -> tuple[bool, dict[str, Any]]:
        raise error

    return do


def test_what_the_check_found_is_written_down(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    working(monkeypatch, lambda: (True, {"sets": []}))
    assert retraining.main(["1"]) == 0
    run = row(engine)
    assert (run.state, run.passed, run.result, run.slot) == (State.DONE, True, {"sets": []}, None)
    working(monkeypatch, raising(AssertionError("it is not begun a second time")))
    assert retraining.main(["1"]) == 0


def test_what_stops_the_work_is_told_to_the_officer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    working(monkeypatch, raising(Stop("Hết ổ đĩa.", "Disk full.")))
    assert retraining.main(["1"]) == 1
    assert (row(engine).state, row(engine).problem) == (State.FAILED, "Hết ổ đĩa.")


@pytest.mark.parametrize(("error", "told"), [(SystemExit(143), "đã bị dừng"), (KeyError("x"), "lỗi của hệ thống")])
def test_no_end_is_without_a_word(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str
) -> None:
    working(monkeypatch, raising(error))
    with pytest.raises(type(error)):
        retraining.main(["1"])
    assert row(engine).state == State.FAILED
    assert told in str(row(engine).problem)


def test_a_model_that_is_gone_cannot_be_compared_with(engine: Engine) -> None:
    assert retraining.main(["1"]) == 1
    assert "ansinh-1234.tar.gz" in str(row(engine).problem)


def test_the_heart_tells_where_it_is_and_ends_the_work_once_it_was_stopped(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(os, "kill", lambda *_: ended.set())
    with Session(engine) as db, db.begin():
        runs.take(db, 1, dt.datetime.now(dt.UTC))
    with Heart(engine, 1) as beating:
        beating.at(Step.NEW, 3, 9)
        for _ in range(200):
            if row(engine).done == 3:
                break
            ended.wait(0.05)
        assert (row(engine).step, row(engine).done, row(engine).total) == (Step.NEW, 3, 9)
        assert not ended.is_set()
        with Session(engine) as db, db.begin():
            runs.stop(db, 1, dt.datetime.now(dt.UTC))
        assert ended.wait(20)


def test_rasa_sees_no_key_but_its_own() -> None:
    given = {"ANSINH_SECRET": "x", "ANSINH_DATABASE_URL": "x", "ANSINH_RASA_SECRET": "r", "PATH": "/bin"}
    assert without_secrets(given) == {"ANSINH_RASA_SECRET": "r", "PATH": "/bin"}
