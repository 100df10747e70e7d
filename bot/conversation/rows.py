"""Ways of writing that the functions over our tables share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.knowledge.db import Base


def insert_missing(db: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted."""
    return changed(db, insert(db, table).values(**values).on_conflict_do_nothing()) == 1


def insert(db: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT in the words of the database, which can say what happens where the row is there already."""
    made = postgresql.insert(table) if db.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
    # Otherwise SQLAlchemy keeps no count of an INSERT on PostgreSQL.
    return made.execution_options(preserve_rowcount=True)


def changed(db: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
    """How many rows a statement changed, run with ``values`` for what it leaves open."""
    return cast("CursorResult[Any]", db.execute(statement, values)).rowcount
