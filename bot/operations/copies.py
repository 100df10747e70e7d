"""One consistent copy of a whole database while it is in use, and the way back."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from bot.knowledge.db import make_engine


class CopyError(Exception):
    """A copy that can't be made or put back: a sentence that says what to do."""


class Copier(ABC):
    """Copies one kind of database."""

    suffix: str
    """The ending of a copy's name."""

    def __init__(self, url: URL) -> None:
        self._url = url

    @abstractmethod
    def copy(self, place: Path) -> None:
        """Write a copy to ``place``, which is not there yet. Raises ``CopyError``."""

    @abstractmethod
    def proof(self, place: Path) -> None:
        """Read a copy through; raises ``CopyError`` when it is damaged."""

    @abstractmethod
    def put_back(self, place: Path) -> None:
        """Make the database what the copy holds, all of it or nothing. Raises ``CopyError``."""

    def is_empty(self) -> bool:
        """Whether the database has no tables yet."""
        engine = make_engine(self._url.render_as_string(hide_password=False))
        try:
            return not inspect(engine).get_table_names()
        finally:
            engine.dispose()


class SqliteCopier(Copier):
    """SQLite's own online backup: other processes go on reading and writing."""

    suffix = ".sqlite"

    def copy(self, place: Path) -> None:
        """Write a copy while others read and write."""
        source = self._file()
        if not source.exists():
            raise CopyError(f"Không có cơ sở dữ liệu {source}. Xem lại ANSINH_DATABASE_URL.")
        try:
            _copy(source, place)
        except sqlite3.Error as error:
            raise CopyError(f"Không sao chép được {source}: {error}. Xem chỗ trống trên đĩa rồi chạy lại.") from None

    def proof(self, place: Path) -> None:
        """Read all of it."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as connection:
                said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.Error as error:
            said = str(error)
        if said != "ok":
            raise CopyError(f"Bản sao {place} bị hỏng: {said}. Dùng bản khác.")

    def put_back(self, place: Path) -> None:
        """Replace everything."""
        target = self._file()
        aside = target.with_name(f"{target.name}.restoring")
        aside.unlink(missing_ok=True)
        _copy(place, aside)
        # What the old database has not yet written into its main file must not be read into the new one.
        for old in (f"{target.name}-wal", f"{target.name}-shm"):
            target.with_name(old).unlink(missing_ok=True)
        aside.replace(target)

    def is_empty(self) -> bool:
        """A file that is not there is empty too."""
        return not self._file().exists() or super().is_empty()

    def _file(self) -> Path:
        return Path(self._url.database or "")


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=1000, sleep=0.01)
        # One file without a journal beside it.
        new.execute("PRAGMA journal_mode = DELETE")


# What of an address becomes which variable of libpq; a password is never an argument, which others could see.
_LIBPQ = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}


# Tables of a later version too: they would stand in the way of the copy, or of the next migration.
_CLEAR = b"""BEGIN;
SET client_min_messages = warning;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', name);
  END LOOP;
END $$;
"""


class PostgresCopier(Copier):
    """``pg_dump``, ``pg_restore`` and ``psql``, of the version of the server or newer."""

    suffix = ".pgdump"

    def copy(self, place: Path) -> None:
        """Write a copy while others read and write."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={place}")

    def proof(self, place: Path) -> None:
        """Read all of it."""
        # Reads and unpacks everything, and writes it nowhere.
        self._run("pg_restore", f"--file={os.devnull}", str(place))

    def put_back(self, place: Path) -> None:
        """Replace everything, also tables that the copy does not know yet."""
        read = _program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-", str(place)
        write = _program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"
        environ = {**os.environ, **self._environ()}
        with tempfile.TemporaryFile() as said:
            with (
                subprocess.Popen(read, env=environ, stdout=subprocess.PIPE, stderr=said) as copy,  # noqa: S603 - ours
                subprocess.Popen(  # noqa: S603 - ours
                    write, env=environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
                ) as database,
            ):
                assert copy.stdout is not None
                assert database.stdin is not None
                with contextlib.suppress(BrokenPipeError), database.stdin as into:
                    into.write(_CLEAR)
                    shutil.copyfileobj(copy.stdout, into)
                    # Without this, as when the copy can't be read to its end, all stays as it was.
                    if copy.wait() == 0:
                        into.write(b"COMMIT;\n")
            if copy.returncode or database.returncode:
                said.seek(0)
                why = said.read().decode(errors="replace").strip()[-400:]
                raise CopyError(f"Không khôi phục được, cơ sở dữ liệu còn như trước: {why}")

    def _run(self, name: str, *arguments: str) -> None:
        environ = {**os.environ, **self._environ()}
        done = subprocess.run(  # noqa: S603 - our own command
            [_program(name), *arguments], env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise CopyError(f"{name} báo lỗi: {done.stderr.strip()[-400:]}")

    def _environ(self) -> dict[str, str]:
        url = self._url
        given = {"PGDATABASE": url.database, "PGUSER": url.username, "PGPASSWORD": url.password}
        given |= {"PGHOST": url.host, "PGPORT": None if url.port is None else str(url.port)}
        for key, value in url.query.items():
            if key not in _LIBPQ or not isinstance(value, str):
                raise CopyError(f"ANSINH_DATABASE_URL có {key}=…, sao lưu chỉ hiểu {', '.join(_LIBPQ)}.")
            given[_LIBPQ[key]] = value
        return {name: str(value) for name, value in given.items() if value is not None}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CopyError(f"Không có lệnh {name}. Cài gói postgresql-client rồi chạy lại.")
    return found


def copier_of(database_url: str) -> Copier:
    """The copier of a database address."""
    url = make_url(database_url)
    return SqliteCopier(url) if url.get_backend_name() == "sqlite" else PostgresCopier(url)
