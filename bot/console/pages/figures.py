"""Figures of a period with the period before beside them, and the periodic report as files."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web
from sqlalchemy.orm import Session

from bot.console.roles import Permission, may
from bot.console.routes import Routes
from bot.console.visit import Visit
from bot.conversation.figures.figures import figures
from bot.conversation.figures.periods import Kind, Period
from bot.conversation.report import words
from bot.conversation.report.aside import document_aside
from bot.conversation.report.content import Amount, Cell, Column, Content, Table, content
from bot.conversation.report.form import Form
from bot.conversation.report.words import Names
from bot.conversation.report.workbook import workbook
from bot.knowledge.snapshot import Snapshot

routes = Routes()
_GUIDE = "so-lieu-bao-cao"
_KINDS: dict[Kind, str] = {"day": "ngày", "week": "tuần", "month": "tháng", "quarter": "quý", "year": "năm"}
_REPORTED: tuple[Kind, ...] = ("month", "quarter", "year")
_FORMS: dict[Literal["party", "state"], str] = {"party": "của Đảng", "state": "của Nhà nước"}
_FILES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STEPS = 20
_QUOTED = (
    "Câu hỏi chưa trả lời được chỉ người có vai trò Rà soát hội thoại xem được. Cần đưa vào báo cáo thì nhờ người ấy "
    "tải báo cáo."
)


@dataclass(frozen=True)
class Drawn:
    """A table of the report as the page shows it: cells as text, and lengths of bars in twentieths of the longest."""

    table: Table
    rows: list[list[str]]
    bars: list[int]
    """One for each row; empty where the table has no chart."""

    @classmethod
    def of(cls, table: Table) -> Drawn:
        """The table with its chart."""
        rows = [[shown(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
        if table.chart is None:
            return cls(table, rows, [])
        values = [table.number(row, table.chart.columns[0]) for row in range(len(table.rows))]
        longest = max([*values, 1])
        return cls(table, rows, [round(value / longest * STEPS) for value in values])


def shown(cell: Cell, column: Column) -> str:
    """A cell in words: "1.234", "85,5%", "0,42 giây", a dash for nothing."""
    match cell:
        case None:
            return words.NOTHING
        case Amount(value, "share"):
            return words.percent(value)
        case Amount(value, "seconds"):
            return f"{words.decimal(value, 2)} giây"
        case Amount(value, _):
            return words.decimal(value, 1)
        case int() | float() if column.kind == "share":
            return words.percent(cell)
        case int():
            return words.number(cell)
        case _:
            return str(cell)


@routes.get("/figures", Permission.FIGURES, guide=_GUIDE)
async def dashboard(visit: Visit) -> web.StreamResponse:
    """The figures of the period that holds a day; this month where none is named. Reading citizens' words is noted."""
    period = _period(visit)
    told = await _content(visit, period)
    if _reads_words(visit):
        await visit.run(visit.by.look, "read", "report", words.period(period))
    drawn = [
        [Drawn.of(block) if isinstance(block, Table) else block for block in part.blocks] for part in told.sections
    ]
    return await visit.page(
        "figures.html",
        period=period,
        name=words.period(period),
        before=words.period(period.before),
        earlier=period.before.first,
        later=period.last + dt.timedelta(days=1),
        is_over=period.last < visit.console.clock.today(),
        kinds=_KINDS,
        reported=period.kind in _REPORTED,
        forms=_FORMS,
        form=visit.console.settings.report_form,
        parts=list(zip([part.title for part in told.sections], drawn, strict=True))[:-1],
    )


@routes.get("/report", Permission.FIGURES, guide=_GUIDE)
async def report(visit: Visit) -> web.StreamResponse:
    """The report of a period as a file."""
    given = visit.request.query
    period, form, ending = _period(visit), given.get("form"), given.get("file", "")
    if ending not in _FILES or period.kind not in _REPORTED:
        raise web.HTTPNotFound
    said = await _content(visit, period)
    clock = visit.console.clock
    if ending == "xlsx":
        body = await asyncio.to_thread(workbook, said, clock.now())
    else:
        chosen = next((kind for kind in _FORMS if kind == form), None)
        style = Form.of(visit.console.settings, chosen)
        body = await asyncio.to_thread(document_aside, said, style, clock.today(), clock.now())
    await visit.run(lambda db: visit.by.record(db, "export", "report", f"{words.period(period)} ({ending})"))
    name = f"bao-cao-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=_FILES[ending], headers=headers)


async def _content(visit: Visit, period: Period) -> Content:
    least = visit.console.settings.figures_least

    def read(db: Session) -> Content:
        snapshot: Snapshot = visit.console.published.read(db)
        return content(figures(db, period), Names.of(snapshot), least=least)

    told = await visit.run(read)
    return told if _reads_words(visit) else _without_words(told)


def _reads_words(visit: Visit) -> bool:
    return may(visit.officer.roles, Permission.TRANSCRIPTS)


def _without_words(told: Content) -> Content:
    """The report without its tables of questions as citizens asked them."""

    def kept(block: str | Table) -> str | Table:
        return _QUOTED if isinstance(block, Table) and block.quotes else block

    sections = (replace(section, blocks=tuple(map(kept, section.blocks))) for section in told.sections)
    return replace(told, sections=tuple(sections))


def _period(visit: Visit) -> Period:
    """The period of the address, around a day of it; what makes no sense is this month."""
    given, today = visit.request.query, visit.console.clock.today()
    kind: Kind = next((kind for kind in _KINDS if kind == given.get("kind")), "month")
    try:
        day = dt.date.fromisoformat(given.get("day", ""))
    except ValueError:
        day = today
    return Period.around(kind, min(max(day, dt.date(2000, 1, 1)), today))
