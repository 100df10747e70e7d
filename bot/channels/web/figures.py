"""The public page of figures, ``/so-lieu``: how well the assistant answers, with nobody in it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from bot.channels.web.errors import describe
from bot.channels.web.gateway import GATEWAY, Gateway
from bot.channels.web.templates import render
from bot.conversation.figures.figures import topics_by_month, totals
from bot.conversation.figures.periods import Period
from bot.conversation.figures.small import published
from bot.conversation.published import Published
from bot.conversation.report import words
from bot.conversation.report.words import Names
from bot.conversation.review.sample import Correctness

PATH = "/so-lieu"
_KEPT = dt.timedelta(minutes=10)
_MONTHS = 6
_STEPS = 20


@dataclass(frozen=True)
class Line:
    """A row of a table: its name, its number as text, and how long its bar is, in twentieths of the longest."""

    name: str
    number: str
    bar: int


@dataclass(frozen=True)
class Month:
    """Questions of a month by topic; ``hidden`` topics had too few to be told."""

    title: str
    total: str
    lines: tuple[Line, ...]
    hidden: int


@dataclass(frozen=True)
class Sheet:
    """All that the page tells: whole months, and how the last one that ended was answered, if enough was asked.

    ``right`` is empty as long as no sample of that month has been reviewed.
    """

    period: str
    in_scope: str
    answered: str
    right: str
    months: tuple[Month, ...]
    least: int


class FiguresPage:
    """Counts at most every ten minutes, however many ask."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._page: tuple[dt.datetime, dt.date, str] | None = None

    def routes(self) -> list[web.AbstractRouteDef]:
        """The one address."""
        return [web.get(PATH, self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        gateway = request.app[GATEWAY]
        try:
            await gateway.limits.count("address_requests", gateway.limits.address(request))
            text = await self._text(gateway)
        except Exception as raised:  # noqa: BLE001 - a person with a browser reads no JSON
            error = describe(request, raised)
            message = gateway.voice.error(error.code, **error.values)
            text = render("figures_sorry.html", message=message)
            return web.Response(text=text, status=error.status, content_type="text/html", headers=error.headers)
        headers = {"Cache-Control": f"public, max-age={int(_KEPT.total_seconds())}"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _text(self, gateway: Gateway) -> str:
        async with self._lock:
            now, day = gateway.clock.now(), gateway.clock.today()
            if self._page is None or self._page[0] <= now - _KEPT or self._page[1] != day:
                least = gateway.settings.figures_least
                sheet = await gateway.store.run(read, day, least, gateway.published)
                self._page = (now, day, render("figures.html", sheet=sheet))
            return self._page[2]


def read(db: Session, day: dt.date, least: int, rows: Published) -> Sheet:
    """The figures of the months that had ended by ``day``: one that goes on would tell of single questions."""
    names = Names.of(rows.read(db))
    last = Period.around("month", day).before
    told = totals(db, last)
    months = topics_by_month(db, last, months=_MONTHS)
    enough = told.answered.total >= least
    return Sheet(
        period=words.period(last),
        in_scope=words.number(told.answered.total) if enough else "",
        answered=words.percent(told.answered.share) if enough else "",
        right=_right(told.correctness),
        months=tuple(_month(period, topics, least, names) for period, topics in reversed(months) if topics.total()),
        least=least,
    )


def _right(found: Correctness) -> str:
    if found.share is None:
        return ""
    interval = f"từ {words.percent(found.low)} đến {words.percent(found.high)}"
    return f"{words.percent(found.share)} (khoảng tin cậy 95%: {interval})"


def _month(period: Period, topics: Counter[str], least: int, names: Names) -> Month:
    kept = published(topics, least)
    longest = kept.rows[0][1] if kept.rows else 1
    lines = tuple(
        Line(
            names.topics.get(topic, topic) if topic else "Chưa rõ lĩnh vực",
            words.number(number),
            max(1, round(number / longest * _STEPS)),
        )
        for topic, number in kept.rows
    )
    total = words.number(topics.total()) if topics.total() >= least else f"dưới {words.number(least)}"
    return Month(words.period(period), total, lines, kept.hidden)
