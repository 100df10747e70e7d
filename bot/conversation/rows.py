"""Two ways of writing that the functions over our tables share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.knowledge.db import Base


def insert_missing(db: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Otherwise SQLAlchemy keeps no count of an INSERT on PostgreSQL.
    counted = insert(table).values(**values).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return changed(db, counted) == 1


def changed(db: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
    """How many rows a statement changed, run with ``values`` for what it leaves open."""
    return cast("CursorResult[Any]", db.execute(statement, values)).rowcount
