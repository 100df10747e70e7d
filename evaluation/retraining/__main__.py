"""`python -m evaluation.retraining 7`: takes the run that the console asked for, trains, checks, and writes it down."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.retraining import runs
from bot.conversation.retraining.dataset import phrases_of, training_yaml
from bot.conversation.retraining.runs import Step
from bot.conversation.retraining.tables import TrainingRun
from bot.conversation.review import cases
from bot.knowledge.clock import today
from bot.knowledge.db import make_engine
from bot.nlu.archive import FOLDER
from bot.settings import Settings
from evaluation.retraining.asking import as_asked, ask
from evaluation.retraining.compare import Checked, compare
from evaluation.retraining.heart import Heart
from evaluation.retraining.rig import rig, without_secrets
from evaluation.retraining.stories import run_stories
from evaluation.rows import Row, read_golden
from evaluation.scores import Judged
from tools.bootstrap import ROOT
from tools.model import fingerprint, taught_path, train
from tools.say import Stop, show_stop, speak_utf8
from tools.steps import stop_on_signals


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the run has come to an end, passed or not; 1 when it has not, and says why in the database."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m evaluation.retraining", description="Train and check a model.")
    parser.add_argument("run", type=int, help="the number of the run that was asked for")
    number: int = parser.parse_args(arguments).run
    os.chdir(ROOT)
    stop_on_signals()
    settings = Settings()
    engine = make_engine(settings.database_url)
    try:
        with Session(engine, expire_on_commit=False) as db, db.begin():
            run = runs.take(db, number, _now())
        return 0 if run is None else _carry_out(run, engine, settings)
    finally:
        engine.dispose()


def _carry_out(run: TrainingRun, engine: Engine, settings: Settings) -> int:
    try:
        with Heart(engine, run.id) as heart:
            passed, result = _Work(run, engine, settings, heart).do()
    except Stop as stop:
        show_stop(stop)
        _fail(engine, run.id, stop.vi)
    except SystemExit:
        # Does nothing where an officer stopped it.
        _fail(engine, run.id, "Tiến trình huấn luyện đã bị dừng trước khi xong. Hãy bắt đầu lại.")
        raise
    except Exception:
        _fail(engine, run.id, "Có lỗi của hệ thống khi huấn luyện. Hãy báo người phụ trách kỹ thuật xem nhật ký.")
        raise
    else:
        with Session(engine) as db, db.begin():
            runs.finish(db, run.id, _now(), passed=passed, result=result)
        return 0
    return 1


class _Work:
    """One run from its phrasings to the comparison."""

    def __init__(self, run: TrainingRun, engine: Engine, settings: Settings, heart: Heart) -> None:
        self._run = run
        self._engine = engine
        self._heart = heart
        self._checks = settings.training_checks
        self._folder = settings.training_folder.absolute() / f"run-{run.id}"
        self._today = today(settings.today)
        self._environ = {**os.environ, "ANSINH_DATABASE_URL": settings.database_url}

    def do(self) -> tuple[bool, dict[str, object]]:
        """Whether the new model passes, and what the console shows; raises Stop."""
        for old in self._folder.parent.glob("run-*"):
            shutil.rmtree(old, ignore_errors=True)
        self._folder.mkdir(parents=True)
        before = self._before()
        model = self._train(before)
        self._heart.at(Step.STORIES)
        stories = {each: self._stories(each) for each in (before, model)}
        rows = [row for row in read_golden(self._checks / "golden") if as_asked(row.text)]
        with Session(self._engine) as db:
            held = cases.listed(db)
        checked = [
            Checked(*self._ask(step, each, rows, held), stories[each])
            for step, each in ((Step.OLD, before), (Step.NEW, model))
        ]
        passed, result = compare(*checked)
        return passed, result

    def _before(self) -> Path:
        model = ROOT / FOLDER / self._run.compared_with
        if not model.is_file():
            raise Stop(
                f"Không còn tệp của mô hình đang dùng ({model.name}) trên máy huấn luyện nên không so sánh được.",
                f"The model in use, {model}, is not on this machine: nothing to compare with.",
            )
        return model

    def _train(self, before: Path) -> Path:
        learned = training_yaml(phrases_of(self._run))
        files, model = fingerprint(ROOT), taught_path(ROOT, learned)
        if model == before:
            raise Stop(
                "Mô hình đang dùng đã được huấn luyện đúng bằng dữ liệu này rồi, nên không cần huấn luyện lại.",
                "The model in use was trained on just this data.",
            )
        file = self._folder / "learned.yml"
        file.write_text(learned, encoding="utf-8")
        environ = {**without_secrets(self._environ), "RASA_CACHE_DIRECTORY": str(self._folder.parent / "cache")}
        train(model, file if self._run.phrases else None, ROOT, self._folder, environ)
        with Session(self._engine) as db, db.begin():
            runs.note_model(db, self._run.id, model.name, files)
        return model

    def _stories(self, model: Path) -> Mapping[str, bool]:
        return run_stories(model, self._checks / "stories", self._folder, without_secrets(self._environ))

    def _ask(
        self, step: Step, model: Path, rows: Sequence[Row], held: Sequence[cases.Case]
    ) -> tuple[Sequence[Judged], Sequence[tuple[str, bool, str]]]:
        self._heart.at(step, 0, len(rows) + len(held))

        def told(done: int, total: int) -> None:
            self._heart.at(step, done, total)

        with rig(model, self._folder, self._environ) as where:
            return asyncio.run(ask(where, self._today, rows, held, told))


def _fail(engine: Engine, run_id: int, problem: str) -> None:
    with Session(engine) as db, db.begin():
        runs.fail(db, run_id, _now(), problem)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


if __name__ == "__main__":
    sys.exit(main())
