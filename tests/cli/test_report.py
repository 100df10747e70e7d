"""``python -m bot.cli.report`` over a database with turns in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from bot.cli import report
from bot.knowledge.db import Base, make_engine
from bot.knowledge.tables import KnowledgeVersionRecord
from tests.conversation.conftest import add_turn


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ansinh.db"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        db.add(KnowledgeVersionRecord(id=1, number=1, changed_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC)))
        for number in range(7):
            add_turn(db, number, dt.datetime(2026, 10, 5, tzinfo=dt.UTC))
    engine.dispose()
    monkeypatch.setenv("ANSINH_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("ANSINH_TODAY", "2026-11-02")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["report", *arguments])
    report.main()


def test_it_writes_both_files(database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run(monkeypatch, "--month", "2026-10", "--form", "state", "--out", str(tmp_path / "out"))
    document = Document(str(tmp_path / "out" / "bao-cao-2026-10-01-2026-10-31.docx"))
    assert any("đã hỏi 7 câu, tăng 7 so với kỳ trước" in each.text for each in document.paragraphs)
    assert "ngày 02 tháng 11 năm 2026" in document.tables[0].rows[0].cells[1].text
    book = load_workbook(tmp_path / "out" / "bao-cao-2026-10-01-2026-10-31.xlsx")
    assert book["Chỉ tiêu"]["B4"].value == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--month", "10/2026"), "Kỳ phải viết như 2026-10. Đã nhập: 10/2026"), (("--year", "26x"), "như 2026")],
)
def test_a_mistake_is_told(
    database: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit, match=said):
        run(monkeypatch, *arguments)


def test_a_database_without_tables_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANSINH_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(SystemExit, match="ANSINH_DATABASE_URL"):
        run(monkeypatch, "--month", "2026-10")
