"""Work for an officer that takes longer than a page may: it runs beside the pages, which ask how far it is.

The gateway that was asked does the work; where it stands is in the database, so any gateway shows it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.console.parts import Console
from bot.conversation.rows import changed, insert_missing
from bot.conversation.turn import log_without_text
from bot.knowledge.editing.tables import RunRecord

_log = logging.getLogger(__name__)

_BEAT = 1.0
_SILENT = dt.timedelta(minutes=1)
"""After so long without a sign of life the gateway at work is gone."""
_GRACE = 5.0
_GONE = "Máy chủ đã khởi động lại nên việc này dừng giữa chừng, chưa có gì thay đổi. Hãy làm lại."
_BROKEN = "Có lỗi của hệ thống. Hãy thử lại; nếu vẫn lỗi, hãy báo cho người phụ trách kỹ thuật."

Report = Callable[[str, int, int], None]
"""Told by the work what it is doing, and how much of how much is done."""


class RunRefusedError(Exception):
    """The work came to nothing; the message says to the officer why."""


@dataclass(frozen=True)
class Outcome:
    """What work came to: ``result`` as JSON, and a file that belongs to it."""

    result: dict[str, Any]
    file: bytes | None = None


Work = Callable[[Report], Awaitable[Outcome]]


@dataclass(frozen=True)
class Run:
    """Where a piece of work stands; it has an ``outcome`` or a ``problem`` once it has ended."""

    id: str
    name: str
    doing: str
    done: int
    total: int
    seconds: float
    problem: str | None
    outcome: Outcome | None

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.problem is None and self.outcome is None


@dataclass
class _Progress:
    doing: str = "Đang chờ đến lượt"
    done: int = 0
    total: int = 1

    def report(self, doing: str, done: int, total: int) -> None:
        """Also called from the thread that works."""
        self.doing, self.done, self.total = doing, done, max(total, 1)


@dataclass
class Runs:
    """Work of one ``kind``, one piece at a time in this gateway, each ``kept`` so long.

    Of one officer no more than ``most`` stay, the newest. ``refusals`` are the errors whose message is for the officer.
    """

    console: Console
    kind: str
    kept: dt.timedelta
    most: int
    refusals: tuple[type[Exception], ...] = (RunRefusedError,)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _one: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def start(self, number: str, officer: str, name: str, work: Work) -> None:
        """Begin ``work`` under a number, unless it goes on or has ended well under that number."""
        began = self.console.clock.now()
        if await self.console.store.run(self._begin, number, officer, name, began):
            task = asyncio.create_task(self._run(number, began, work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def find(self, number: str, officer: str | None = None) -> Run | None:
        """The run of that number, if it is still kept; with ``officer``, if it is theirs."""
        return await self.console.store.run(self.read, number, officer)

    def read(self, db: Session, number: str, officer: str | None = None) -> Run | None:
        """As :meth:`find`, in a transaction of the caller."""
        row, now = db.get(RunRecord, number), self.console.clock.now()
        if row is None or row.kind != self.kind or row.kept_until <= now or officer not in {None, row.officer}:
            return None
        silent = row.seconds is None and row.beat_at < now - _SILENT
        return Run(
            *(row.id, row.name, row.doing, row.done, row.total, row.seconds or 0.0),
            problem=_GONE if silent else row.problem,
            outcome=Outcome(row.result or {}, row.file) if row.seconds is not None and not row.problem else None,
        )

    def drop(self, db: Session, number: str) -> bool:
        """Forget a run that has served; whether it was there, which only one of two callers is told."""
        return changed(db, delete(RunRecord).where(RunRecord.id == number)) == 1

    async def close(self) -> None:
        """Let what runs end, if it soon does."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, db: Session, number: str, officer: str, name: str, now: dt.datetime) -> bool:
        waiting = _Progress()
        ended, failed = RunRecord.seconds.is_not(None), RunRecord.problem.is_not(None)
        silent = and_(~ended, RunRecord.beat_at < now - _SILENT)
        own = select(RunRecord.id).where(RunRecord.kind == self.kind, RunRecord.officer == officer, ended)
        older = db.scalars(own.order_by(RunRecord.began_at.desc()).offset(self.most - 1)).all()
        again = and_(RunRecord.id == number, or_(failed, silent))
        db.execute(delete(RunRecord).where(or_(RunRecord.kept_until <= now, RunRecord.id.in_(older), again)))
        times = {"began_at": now, "beat_at": now, "kept_until": now + self.kept}
        who = {"id": number, "kind": self.kind, "officer": officer, "name": name}
        return insert_missing(db, RunRecord, **who, **times, **vars(waiting))

    async def _run(self, number: str, began: dt.datetime, work: Work) -> None:
        progress = _Progress()
        working = asyncio.create_task(self._work(work, progress))
        try:
            while not (await asyncio.wait({working}, timeout=_BEAT))[0]:
                await self._note(number, began, beat_at=self.console.clock.now(), **vars(progress))
            await self._note(number, began, **working.result())
        except asyncio.CancelledError:
            working.cancel()
            await self._note(number, began, seconds=0.0, problem=_GONE)
            raise

    async def _work(self, work: Work, progress: _Progress) -> dict[str, Any]:
        """What is to be noted at the end."""
        async with self._one:
            begin = time.perf_counter()
            told: dict[str, Any]
            try:
                told = vars(await work(progress.report))
            except self.refusals as refusal:
                told = {"problem": str(refusal)}
            except Exception as error:  # noqa: BLE001 - nobody awaits it: the officer must be told
                log_without_text(_log, f"run of {self.kind}", error)
                told = {"problem": _BROKEN}
            return {**told, "seconds": time.perf_counter() - begin}

    async def _note(self, number: str, began: dt.datetime, **values: Any) -> None:
        """Nothing is noted where the work was thought gone meanwhile and was begun again."""

        def write(db: Session) -> None:
            own = (RunRecord.id == number, RunRecord.began_at == began)
            db.execute(update(RunRecord).where(*own).values(**values))

        try:
            await self.console.store.run(write)
        except SQLAlchemyError as error:
            # It goes silent, and the officer is told so.
            _log.warning("run of %s: the database is away (%s)", self.kind, type(error).__name__)
