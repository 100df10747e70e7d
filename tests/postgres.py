"""A PostgreSQL of the tests' own, for what must hold on both databases: a socket in a folder, no port."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

_START_SECONDS = 120.0


def _program(name: str) -> str | None:
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(beside[-1]) if beside else None)


def _account() -> str | None:
    """Whom to run it as: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Postgres:
    """A server over ``folder``, which holds its data and its socket; it can be stopped, killed and started again."""

    def __init__(self, folder: str, *options: str) -> None:
        """Makes the data; ``options`` are more of ``initdb``. Skips where there is no PostgreSQL, unless in CI."""
        initdb, postgres = _program("initdb"), _program("postgres")
        if initdb is None or postgres is None:
            missing = "PostgreSQL is missing: initdb and postgres are not on PATH"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        self.folder = folder
        self._account = _account()
        if self._account is not None:
            shutil.chown(folder, self._account)
        self._data = f"{folder}/data"
        self._program = postgres
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [initdb, "-D", self._data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale", "-N", *options],
            check=True, capture_output=True, user=self._account, cwd="/",
        )  # fmt: skip

    def start(self) -> None:
        """Start it and wait until it answers."""
        with Path(self.folder, "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-D", self._data, "-k", self.folder, "-c", "listen_addresses=", "-F"],
                stdout=log, stderr=log, user=self._account, cwd="/",
            )  # fmt: skip
        _wait(self.folder)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it: SIGTERM waits for clients, SIGINT sends them away, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    @property
    def runs(self) -> bool:
        """Whether it has not ended, by itself or by us."""
        return self._process is not None and self._process.poll() is None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server; yields the folder of its socket. Skips where there is none, unless in CI."""
    folder = tempfile.mkdtemp(prefix="ansinh-pg-")
    try:
        postgres = Postgres(folder)
        try:
            postgres.start()
            yield folder
        finally:
            postgres.stop(signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


BOTH = ("sqlite", "postgresql")


def address_of(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a new database, of the kind that a fixture with the parameters ``BOTH`` is at."""
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'ansinh.db'}"
    return new_database(request.getfixturevalue("postgres"))


def new_database(folder: str, like: str = "") -> str:
    """The address of a database made for one test, a copy of the one at ``like``, to which nobody may be connected."""
    name = f"t{uuid.uuid4().hex}"
    template = make_url(like).database if like else "template1"
    admin = create_engine(_url(folder, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    admin.dispose()
    return _url(folder, name)


def _url(folder: str, database: str) -> str:
    return f"postgresql+psycopg://tests@/{database}?host={folder}"


def _wait(folder: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while not _answers(folder):
        assert time.monotonic() < end, "PostgreSQL did not start"
        time.sleep(0.1)


def _answers(folder: str) -> bool:
    engine = create_engine(_url(folder, "postgres"))
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True
