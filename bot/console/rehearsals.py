"""Runs of "what would change", each in a process of its own so that no citizen waits for the computing."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.parts import CONSOLE
from bot.console.runs import Outcome, Report, RunRefusedError, Runs, Work
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.repository import current_version

KEPT = dt.timedelta(days=7)
"""So long the approver of a draft sees what its author had run."""
_MOST = 20
# A result of many households is one line.
_LONGEST_LINE = 4 * 1024 * 1024
_STOPPED = "Bước thử đã dừng giữa chừng: có thể bản soạn còn lỗi. Hãy xem lại lần thay đổi."

WEIGHTY = frozenset(
    {Kind.PARAMETER, Kind.PARAMETER_VALUE, Kind.CITIZEN_FACT, Kind.PROGRAM, Kind.PROVISION, Kind.COMMUNE}
)
"""The kinds of units that verdicts and amounts rest on."""

REHEARSALS = web.AppKey("rehearsals", Runs)


async def rehearsals(app: web.Application) -> AsyncIterator[None]:
    """Have a place where drafts are run over."""
    app[REHEARSALS] = Runs(app[CONSOLE], "impact", KEPT, _MOST)
    yield
    await app[REHEARSALS].close()


def run_of(db: Session, change_set: ChangeSetRecord) -> str:
    """The number of the run that holds for just what this set weighs over what is published now."""
    of_set = (ChangeRecord.change_set_id == change_set.id, ChangeRecord.kind.in_([kind.value for kind in WEIGHTY]))
    columns = select(ChangeRecord.kind, ChangeRecord.key, ChangeRecord.content)
    rows = [list(row) for row in db.execute(columns.where(*of_set).order_by(ChangeRecord.kind, ChangeRecord.key))]
    # Not the revision, which goes up when the set is handed over too.
    mark = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]
    return f"impact-{change_set.id}-{mark}-{current_version(db)}"


def rehearse(database_url: str, change_set: int, day: dt.date) -> Work:
    """Run a change set over households, as of ``day``."""

    async def work(report: Report) -> Outcome:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.knowledge.editing.rehearsal",
            str(change_set),
            day.isoformat(),
            env={**os.environ, "ANSINH_DATABASE_URL": database_url},
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        assert process.stdout is not None
        result = None
        try:
            async for line in process.stdout:
                told = json.loads(line)
                result = told.get("result")
                if result is None:
                    report("Đã xét", told["done"], told["of"])
            if await process.wait() != 0 or result is None:
                raise RunRefusedError(_STOPPED)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Outcome(result)

    return work
