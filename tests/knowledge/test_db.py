from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.knowledge.db import make_engine


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("busy_timeout", 3000), ("foreign_keys", 1), ("synchronous", 1)]
)
def test_every_sqlite_connection_is_prepared(tmp_path: Path, pragma: str, value: object) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as one, engine.connect() as two:
        assert [c.exec_driver_sql(f"PRAGMA {pragma}").scalar() for c in (one, two)] == [value, value]


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    with make_engine(f"sqlite:///{tmp_path}/var/deep/x.db").connect() as connection:
        connection.execute(text("SELECT 1"))
    assert (tmp_path / "var/deep/x.db").exists()


def test_errors_do_not_repeat_what_citizens_wrote(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": "bí mật"})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": "bí mật"})
    assert "bí mật" not in str(caught.value)


def test_postgresql_goes_through_psycopg() -> None:
    assert make_engine("postgresql+psycopg://u@localhost/x").driver == "psycopg"
