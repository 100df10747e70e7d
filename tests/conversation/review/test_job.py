from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.review import phrases, queue
from bot.conversation.review.__main__ import main, run_once
from bot.conversation.review.targets import Target
from bot.knowledge.assistant import Library
from bot.knowledge.domain import Learned
from tests.conversation.review.conftest import NOW, logged


def test_the_job_reads_all_batches_and_writes_what_is_learnt(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as db, db.begin():
        db.add_all(logged(n, f"câu hỏi {n}", status="clarify") for n in range(1, 1102))
        phrases.learn(db, "lịch chiếu phim", Target(Learned.OUT_OF_SCOPE), "lan", NOW)
    training = tmp_path / "learned.yml"
    assert run_once(engine, Library(engine), NOW, training) == 1101
    assert run_once(engine, Library(engine), NOW, training) == 0
    assert "- lịch chiếu phim" in training.read_text(encoding="utf-8")
    with Session(engine) as db:
        assert sum(item.turns for item in queue.listed(db, NOW, limit=2000)) == 1101


def test_the_command_says_how_many(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSINH_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    with Session(engine) as db, db.begin():
        db.add(logged(1, "câu hỏi", status="clarify"))
    assert main(["--training", str(tmp_path / "learned.yml")]) == 0
    assert "Đã thêm 1 lượt hỏi" in capsys.readouterr().out
