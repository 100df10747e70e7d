"""A list as a page shows it and as a file holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Generic, TypeVar

from aiohttp import web

from bot.console.listing import export
from bot.console.listing.columns import Column, Filter, text
from bot.console.listing.query import Query
from bot.console.listing.rows import Rows
from bot.console.visit import Visit

Row = TypeVar("Row")
PAGE = 25
"""Rows on a page."""

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the path it leads to, or posts to about the row that begins with ``of``."""

    text: str
    link: str | None = None
    post: str | None = None
    of: str = ""


@dataclass(frozen=True)
class View:
    """What the template ``list.html`` draws."""

    columns: Sequence[tuple[str, str, bool]]
    filters: Sequence[Filter]
    query: Query
    rows: Sequence[Sequence[Cell]]
    total: int
    pages: int
    size: int

    @property
    def first(self) -> int:
        """The number of the first row shown; 0 where there is none."""
        return (self.query.page - 1) * self.size + 1 if self.rows else 0

    def order_link(self, key: str) -> str:
        """Where the title of a column leads: ordered by it, or the other way round."""
        down = self.query.order == key and not self.query.descending
        return self.query.address(order=f"-{key}" if down else key)

    def direction(self, key: str) -> str:
        """``aria-sort`` of a column."""
        if self.query.order != key:
            return "none"
        return "descending" if self.query.descending else "ascending"


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """``name`` is that of exported files; ``order`` the key of the column that orders it, with ``-`` for downwards.

    ``at_first`` is what an address without a question counts as asking for. A page has ``size`` rows.
    """

    name: str
    columns: Sequence[Column[Row]]
    rows: Rows[Row]
    order: str
    filters: Sequence[Filter] = ()
    at_first: Mapping[str, str] = field(default_factory=dict)
    size: int = PAGE

    async def respond(self, visit: Visit, template: str, **values: Any) -> web.Response:
        """The page ``template`` with the list in ``list``; or a file, where the address asks for an ``export``."""
        query = self._asked(visit)
        write = export.WRITERS.get(visit.request.query.get("export", ""))
        if write is not None:
            return await self._export(visit, query, write)
        return await visit.page(template, list=await self._view(visit, query), **values)

    async def following(self, visit: Visit, at: Callable[[Row], bool]) -> Row | None:
        """The row after the one that ``at`` knows, in the list that the address asks for."""
        found, _ = await visit.run(self.rows.read, self._asked(visit), self.columns, 0, MOST_EXPORTED)
        return next((row for before, row in pairwise(found) if at(before)), None)

    def _asked(self, visit: Visit) -> Query:
        given, orders = visit.request.query or self.at_first, self.rows.orders(self.columns)
        return Query.read(given, filters=self.filters, orders=orders, default=self.order)

    async def _view(self, visit: Visit, query: Query) -> View:
        found, total = await visit.run(self.rows.read, query, self.columns, (query.page - 1) * self.size, self.size)
        last = max(1, -(-total // self.size))
        if query.page > last:
            return await self._view(visit, replace(query, page=last))
        shown, orders = [column for column in self.columns if column.shown], self.rows.orders(self.columns)
        return View(
            columns=[(column.key, column.title, column.key in orders) for column in shown],
            filters=self.filters,
            query=query,
            rows=[[_cell(column, row, shown[0]) for column in shown] for row in found],
            total=total,
            pages=last,
            size=self.size,
        )

    async def _export(self, visit: Visit, query: Query, write: Callable[[export.Table], export.File]) -> web.Response:
        found, total = await visit.run(self.rows.read, query, self.columns, 0, MOST_EXPORTED)
        columns = [column for column in self.columns if column.post is None]
        table = export.Table(
            self.name,
            [column.title for column in columns],
            [[column.value(row) for column in columns] for row in found],
            left_out=total - len(found),
        )
        return await sent(visit, table, write)


async def sent(visit: Visit, table: export.Table, write: Callable[[export.Table], export.File]) -> web.Response:
    """The table as a file to keep, under its name and the day."""
    file = await asyncio.to_thread(write, table)
    disposition = f'attachment; filename="{table.name}-{visit.console.clock.today():%Y-%m-%d}.{file.ending}"'
    return web.Response(
        body=file.content,
        content_type=file.kind,
        charset=file.charset,
        headers={"Content-Disposition": disposition},
    )


def _cell(column: Column[Row], row: Row, first: Column[Row]) -> Cell:
    told = text(column.value(row))
    if column.post is not None:
        return Cell(told, post=column.post(row), of=text(first.value(row)))
    return Cell(told, column.link(row) if column.link else None)
