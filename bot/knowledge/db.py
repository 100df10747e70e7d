"""The declarative base of all tables, and the engine that reaches them."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase

# Named constraints can be altered by a migration on every database.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_SQLITE_PRAGMAS = (
    "busy_timeout = 3000",  # First: switching to WAL needs a lock too.
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "secure_delete = ON",  # What is deleted is overwritten: an erasure must leave no bytes in the file.
)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_NAMES)


def make_engine(url: str, *, patience: float | None = None) -> Engine:
    """An engine for ``url``: ``sqlite:///path`` or ``postgresql+psycopg://…``.

    SQLite gets its parent folder, WAL, a busy time-out of 3 s, foreign keys, and overwrites what is deleted.
    A PostgreSQL that was restarted is connected to anew; with ``patience`` a statement is given up after that many
    seconds.
    """
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    # Parameters hold what citizens wrote, so they stay out of error messages.
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=not sqlite)
    if patience is not None and not sqlite:
        # psycopg is imported only where it is wanted.
        from bot.knowledge.patient import keep_time  # noqa: PLC0415

        keep_time(engine, patience)
    if sqlite:
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
