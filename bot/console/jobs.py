"""Work for one officer that takes longer than a page may: it runs beside the pages, which ask how far it is."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Engine

from bot.conversation.store import Store
from bot.conversation.turn import log_without_text

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

KEPT = dt.timedelta(hours=1)
"""How long the result of a job can be looked at."""
MOST_OF_ONE = 2
"""How many jobs of one officer are kept, the newest; so memory stays bounded."""
MOST = 10

Report = Callable[[str, int, int], None]
"""Told by a job what it is doing, and how much of how much is done."""


@dataclass
class Job(Generic[_Result]):
    """A piece of work: what it is doing, and once ``seconds`` is set its result or why there is none."""

    id: str
    officer: str
    name: str
    began: dt.datetime
    doing: str = "Đang chờ đến lượt"
    done: int = 0
    total: int = 1
    seconds: float | None = None
    result: _Result | None = None
    refused: str | None = None

    def report(self, doing: str, done: int, total: int) -> None:
        """Set how far it is; called from the thread that works."""
        self.doing, self.done, self.total = doing, done, max(total, 1)


@dataclass
class Jobs(Generic[_Result]):
    """The jobs of this process, one at a time. ``refusals`` are the errors whose message is for the officer."""

    store: Store
    refusals: tuple[type[Exception], ...]
    _jobs: dict[str, Job[_Result]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _one: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def start(
        self, officer: str, name: str, now: dt.datetime, work: Callable[[Engine, Report], _Result]
    ) -> Job[_Result]:
        """Begin ``work(engine, report)`` in a thread of the database."""
        job: Job[_Result] = Job(secrets.token_urlsafe(12), officer, name, now)
        self._forget(now, officer)
        self._jobs[job.id] = job
        task = asyncio.create_task(self._run(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    def get(self, officer: str, number: str, now: dt.datetime) -> Job[_Result] | None:
        """The officer's own job, if it is still kept."""
        job = self._jobs.get(number)
        return job if job is not None and job.officer == officer and now - job.began < KEPT else None

    def drop(self, job: Job[_Result]) -> None:
        """Forget a job that has served."""
        self._jobs.pop(job.id, None)

    async def _run(self, job: Job[_Result], work: Callable[[Engine, Report], _Result]) -> None:
        async with self._one:
            begin = time.perf_counter()
            try:
                job.result = await self.store.maintain(lambda engine: work(engine, job.report))
            except self.refusals as refusal:
                job.refused = str(refusal)
            except Exception as error:  # noqa: BLE001 - nobody awaits a job: the officer must be told
                log_without_text(_log, "job", error)
                job.refused = "Có lỗi của hệ thống. Hãy thử lại; nếu vẫn lỗi, hãy báo cho người phụ trách kỹ thuật."
            job.seconds = time.perf_counter() - begin

    def _forget(self, now: dt.datetime, officer: str) -> None:
        """Make room for one more."""
        old = [job for job in self._jobs.values() if now - job.began >= KEPT]
        ended = [job for job in self._jobs.values() if job.seconds is not None]
        own = [job for job in ended if job.officer == officer]
        for job in (*old, *own[: len(own) - MOST_OF_ONE + 1], *ended[: len(ended) - MOST + 1]):
            self.drop(job)

    async def wait(self) -> None:
        """Wait for what runs, before the database goes."""
        if self._tasks:
            await asyncio.wait(self._tasks)
