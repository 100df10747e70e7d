"""The command that makes the first administrator."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.cli.officer import run
from bot.console import passwords
from bot.console.models import OfficerRow
from bot.knowledge.audit import Audit
from bot.knowledge.db import Base, make_engine
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}")
    engine = make_engine(settings.database_url)
    Base.metadata.create_all(engine, tables=[OfficerRow.__table__, Audit.__table__])
    engine.dispose()
    return settings


def row(settings: Settings, login: str = "lan.pham") -> OfficerRow:
    engine = make_engine(settings.database_url)
    with Session(engine) as db:
        found = db.get(OfficerRow, login)
    engine.dispose()
    assert found is not None
    return found


def test_makes_an_administrator_and_prints_the_password_once(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["create", "lan.pham", "Phạm Thị Lan"], settings) == 0
    password = capsys.readouterr().out.strip().rsplit(" ", 1)[1]
    made = row(settings)
    assert (made.roles, made.must_change_password) == (["administrator"], True)
    assert passwords.matches(made.password, password)
    assert run(["reset", "lan.pham"], settings) == 0
    assert not passwords.matches(row(settings).password, password)


def test_lets_in_again_whoever_was_locked_out(settings: Settings) -> None:
    run(["create", "lan.pham", "Lan", "--role", "editor", "--role", "reviewer"], settings)
    engine = make_engine(settings.database_url)
    with Session(engine) as db, db.begin():
        db.query(OfficerRow).update({"active": False, "failures": 9})
    engine.dispose()
    run(["reset", "lan.pham"], settings)
    again = row(settings)
    assert (again.roles, again.active, again.failures) == (["editor", "reviewer"], True, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [(["ngắn"], "Đã nhập: 4 ký tự"), (["hoa sen nở buổi sáng", "hoa sen"], "không giống nhau")],
)
def test_asks_for_a_password_that_will_do(
    settings: Settings, capsys: pytest.CaptureFixture[str], typed: list[str], said: str
) -> None:
    lines = iter(typed)
    assert run(["create", "lan.pham", "Lan", "--ask"], settings, lambda _prompt: next(lines)) == 1
    assert said in capsys.readouterr().err


def test_a_good_one_that_was_asked_for_is_not_printed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["create", "lan.pham", "Lan", "--ask"], settings, lambda _prompt: "hoa sen nở buổi sáng") == 0
    assert "hoa sen" not in capsys.readouterr().out
    assert passwords.matches(row(settings).password, "hoa sen nở buổi sáng")


def test_says_what_is_wrong(settings: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["reset", "ai"], settings) == 1
    assert "“ai”" in capsys.readouterr().err
    assert run(["create", "Lan Phạm", "Lan"], settings) == 1
    assert "Đã nhập: “Lan Phạm”" in capsys.readouterr().err
    assert run(["reset", "ai"], Settings(database_url=f"sqlite:///{tmp_path / 'none.db'}")) == 1
    assert "make run" in capsys.readouterr().err
