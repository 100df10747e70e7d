"""A database of a measurement's own on a PostgreSQL that is there."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tools.say import Stop

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
"""Where measurements look for one, unless told otherwise."""


@contextlib.contextmanager
def new_database(server: str = SERVER) -> Iterator[str]:
    """The address of an empty database, dropped at the end; raises Stop when there is no such server."""
    name = f"ansinh_bench_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError as error:
        raise Stop(
            "Không vào được PostgreSQL để đo. Chỉ địa chỉ của máy chủ bằng --postgres.",
            f"No PostgreSQL to measure with; name its address by --postgres. {error.orig}",
        ) from None
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
