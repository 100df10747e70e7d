"""The keeper with a program of the test's own in place of the training."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.clock import Clock
from bot.conversation.retraining import choice, keeper, runs
from bot.conversation.retraining.keeper import Keeper
from bot.conversation.store import Store
from bot.settings import Settings
from tests.conversation.retraining.conftest import OLD, started, trained
from tests.conversation.review.conftest import NOW

# Writes down how it was called, then waits to be ended.
_PROGRAM = """
import json, os, pathlib, sys, time
pathlib.Path("called").write_text(json.dumps([sys.argv[1], os.environ["ANSINH_DATABASE_URL"]]))
time.sleep(60)
"""


@pytest.fixture
async def watch(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Keeper]:
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(keeper, "MODELS", tmp_path / "models")
    monkeypatch.setattr(keeper, "ROOT", tmp_path)
    monkeypatch.setattr(keeper, "COMMAND", (sys.executable, "-c", _PROGRAM))
    monkeypatch.setattr(keeper, "can_train", lambda: True)
    store = Store(engine, threads=2)
    settings = Settings(model_choice=tmp_path / "in-use", training_seconds=0.05, database_url="sqlite:///x.db")
    yield Keeper(store, Clock(now=lambda: NOW), settings)
    store.close()


def archive(folder: Path, name: str) -> None:
    for each in (name, f"{name}.sha256"):
        (folder / "models" / each).write_text("x", encoding="ascii")


async def test_the_chosen_model_is_written_where_rasa_looks(watch: Keeper, engine: Engine, tmp_path: Path) -> None:
    await watch.look()
    assert not (tmp_path / "in-use").exists(), "nobody has chosen yet"
    with Session(engine) as db, db.begin():
        started(db, "a.tar.gz")
    await watch.look()
    assert not (tmp_path / "in-use").exists(), "it is not on this machine"
    archive(tmp_path, "a.tar.gz")
    await watch.look()
    assert (tmp_path / "in-use").read_text(encoding="utf-8") == "a.tar.gz\n"


async def test_models_that_nobody_goes_back_to_are_deleted(watch: Keeper, engine: Engine, tmp_path: Path) -> None:
    names = [f"{letter}.tar.gz" for letter in "abcd"]
    with Session(engine) as db, db.begin():
        started(db)
        for name in names:
            archive(tmp_path, name)
            choice.promote(db, trained(db, name), "lan", NOW)
    await watch.look()
    left = {path.name for path in (tmp_path / "models").iterdir()}
    assert left == {each for name in names[1:] for each in (name, f"{name}.sha256")}


async def test_a_waiting_run_is_begun_once_and_ends_with_the_service(
    watch: Keeper, engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as db, db.begin():
        number = runs.ask(db, [], OLD, "lan", NOW)
    task = asyncio.create_task(watch.run())
    for _ in range(200):
        await asyncio.sleep(0.05)
        if (tmp_path / "called").exists() and (tmp_path / "called").read_text(encoding="utf-8"):
            break
    called = tmp_path / "called"
    assert json.loads(called.read_text(encoding="utf-8")) == [str(number), "sqlite:///x.db"]
    called.unlink()
    await asyncio.sleep(0.3)
    assert not called.exists(), "a second process was begun"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
