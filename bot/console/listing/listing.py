"""A list as a page shows it and as a file holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What stands in a cell, and the path it leads to."""

    text: str
    link: str | None


@dataclass(frozen=True)
class View:
    """What the template ``list.html`` draws."""

    columns: Sequence[tuple[str, str, bool]]
    filters: Sequence[Filter]
    query: Query
    rows: Sequence[Sequence[Cell]]
    total: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first row shown; 0 where there is none."""
        return (self.query.page - 1) * PAGE + 1 if self.rows else 0

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

    ``at_first`` is what an address without a question counts as asking for.
    """

    name: str
    columns: Sequence[Column[Row]]
    rows: Rows[Row]
    order: str
    filters: Sequence[Filter] = ()
    at_first: Mapping[str, str] = field(default_factory=dict)

    async def respond(self, visit: Visit, template: str, **values: Any) -> web.Response:
        """The page ``template`` with the list in ``list``; or a file, where the address asks for an ``export``."""
        given = visit.request.query or self.at_first
        orders = self.rows.orders(self.columns)
        query = Query.read(given, filters=self.filters, orders=orders, default=self.order)
        write = export.WRITERS.get(given.get("export", ""))
        if write is not None:
            return await self._export(visit, query, write)
        return await visit.page(template, list=await self._view(visit, query, orders), **values)

    async def _view(self, visit: Visit, query: Query, orders: Sequence[str]) -> View:
        found, total = await visit.run(self.rows.read, query, self.columns, (query.page - 1) * PAGE, PAGE)
        shown = [column for column in self.columns if column.shown]
        return View(
            columns=[(column.key, column.title, column.key in orders) for column in shown],
            filters=self.filters,
            query=query,
            rows=[[_cell(column, row) for column in shown] for row in found],
            total=total,
            pages=max(1, -(-total // PAGE)),
        )

    async def _export(self, visit: Visit, query: Query, write: Callable[[export.Table], export.File]) -> web.Response:
        found, total = await visit.run(self.rows.read, query, self.columns, 0, MOST_EXPORTED)
        table = export.Table(
            self.name,
            [column.title for column in self.columns],
            [[column.value(row) for column in self.columns] for row in found],
            left_out=total - len(found),
        )
        file = await asyncio.to_thread(write, table)
        disposition = f'attachment; filename="{self.name}-{visit.console.clock.today():%Y-%m-%d}.{file.ending}"'
        return web.Response(
            body=file.content,
            content_type=file.kind,
            charset=file.charset,
            headers={"Content-Disposition": disposition},
        )


def _cell(column: Column[Row], row: Row) -> Cell:
    return Cell(text(column.value(row)), column.link(row) if column.link else None)
