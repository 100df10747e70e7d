"""Where the rows of a list come from: from SQL, or, for short lists, from a function that reads them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.console.listing.columns import Column, Value, text
from bot.console.listing.query import Query
from bot.text.fold import fold

Row = TypeVar("Row")


class Rows(Protocol[Row]):
    """What a list asks of its rows."""

    def orders(self, columns: Sequence[Column[Row]]) -> list[str]:
        """The keys of columns that it can be ordered by."""

    def read(
        self, db: Session, query: Query, columns: Sequence[Column[Row]], offset: int, limit: int
    ) -> tuple[Sequence[Row], int]:
        """So many rows from ``offset`` on, and how many there are in all."""


@dataclass(frozen=True)
class SqlRows(Generic[Row]):
    """``statement`` selects objects. ``folded`` is a column of text without accents, which the search looks into.

    ``ordered`` holds the expressions to order by, ``tie`` settles the order of equal rows. ``filtered`` makes the
    condition of a filter's value, ``None`` for a value that makes no sense.
    """

    statement: Select[Any]
    folded: ColumnElement[str] | Any
    ordered: Mapping[str, ColumnElement[Any] | Any]
    tie: ColumnElement[Any] | Any
    filtered: Mapping[str, Callable[[str], ColumnElement[bool] | None]]

    def orders(self, _columns: Sequence[Column[Row]]) -> list[str]:
        """Those with an expression."""
        return list(self.ordered)

    def read(
        self, db: Session, query: Query, _columns: Sequence[Column[Row]], offset: int, limit: int
    ) -> tuple[Sequence[Row], int]:
        """Two queries: one counts, one reads."""
        wanted = self.statement
        for word in fold(query.search).split():
            wanted = wanted.where(self.folded.contains(word, autoescape=True))
        for key, value in query.filters.items():
            condition = self.filtered[key](value)
            if condition is not None:
                wanted = wanted.where(condition)
        total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        order = self.ordered[query.order]
        by = (order.desc(), self.tie.desc()) if query.descending else (order, self.tie)
        return db.scalars(wanted.order_by(*by).offset(offset).limit(limit)).all(), total


@dataclass(frozen=True)
class MemoryRows(Generic[Row]):
    """``load`` reads all rows, some hundreds at most; ``filtered`` says whether a row fits a filter's value."""

    load: Callable[[Session], Sequence[Row]]
    filtered: Mapping[str, Callable[[Row, str], bool]]

    def orders(self, columns: Sequence[Column[Row]]) -> list[str]:
        """All but buttons."""
        return [column.key for column in columns if column.post is None]

    def read(
        self, db: Session, query: Query, columns: Sequence[Column[Row]], offset: int, limit: int
    ) -> tuple[Sequence[Row], int]:
        """Search looks into every column as it is shown."""
        words = fold(query.search).split()

        def fits(row: Row) -> bool:
            shown = fold(" ".join(text(column.value(row)) for column in columns if column.post is None))
            return all(word in shown for word in words) and all(
                self.filtered[key](row, value) for key, value in query.filters.items()
            )

        (by,) = (column for column in columns if column.key == query.order)
        found = sorted(filter(fits, self.load(db)), key=lambda row: _rank(by.value(row)), reverse=query.descending)
        return found[offset : offset + limit], len(found)


def _rank(value: Value) -> tuple[int, Any]:
    """Nothing comes first; words are ordered without accents, the rest by size."""
    match value:
        case None:
            return 0, 0
        case str():
            return 1, (fold(value), value)
        case dt.datetime():
            return 1, value.timestamp()
        case dt.date():
            return 1, value.toordinal()
        case _:
            return 1, value
