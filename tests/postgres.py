"""A PostgreSQL of the tests' own, for what must hold on both databases: a socket in a folder, no port."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

_START_SECONDS = 30.0


def _program(name: str) -> str | None:
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(beside[-1]) if beside else None)


def _account() -> str | None:
    """Whom to run it as: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server; yields the folder of its socket. Skips where there is none, unless in CI."""
    initdb, postgres = _program("initdb"), _program("postgres")
    if initdb is None or postgres is None:
        missing = "PostgreSQL is missing: initdb and postgres are not on PATH"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    account = _account()
    folder = tempfile.mkdtemp(prefix="ansinh-pg-")
    try:
        if account is not None:
            shutil.chown(folder, account)
        data = f"{folder}/data"
        subprocess.run(
            [initdb, "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale", "-N"],
            check=True, capture_output=True, user=account, cwd="/",
        )  # fmt: skip
        process = subprocess.Popen(
            [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=account, cwd="/",
        )  # fmt: skip
        try:
            _wait(folder)
            yield folder
        finally:
            process.terminate()
            process.wait(30)
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
