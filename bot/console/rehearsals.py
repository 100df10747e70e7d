"""Runs of "what would change", each in a process of its own so that no citizen waits for the computing."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import os
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

KEPT = 20
# A result of many households is one line.
_LONGEST_LINE = 4 * 1024 * 1024
_log = logging.getLogger(__name__)

Key = tuple[int, int, int]
"""Change set, its revision, the knowledge version: what a result holds for."""


@dataclass
class Run:
    """How far a run is; ``result`` once it has ended well, ``problem`` if it has not."""

    done: int = 0
    of: int = 0
    result: dict[str, Any] | None = None
    problem: str | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Rehearsals:
    """The newest runs of this process, one at a time."""

    def __init__(self, database_url: str) -> None:
        self._environment = {**os.environ, "ANSINH_DATABASE_URL": database_url}
        self._runs: OrderedDict[Key, Run] = OrderedDict()
        self._turn = asyncio.Semaphore(1)

    def find(self, key: Key) -> Run | None:
        """The run of just this draft, if there is one."""
        return self._runs.get(key)

    def start(self, key: Key, day: dt.date) -> Run:
        """Begin a run as of ``day``, unless one goes on or has ended well."""
        run = self._runs.get(key)
        if run is None or run.problem is not None:
            run = self._runs[key] = Run()
            run.task = asyncio.create_task(self._run(key[0], day, run))
            while len(self._runs) > KEPT:
                _, old = self._runs.popitem(last=False)
                if old.task is not None:
                    old.task.cancel()
        return run

    async def close(self) -> None:
        """End what runs."""
        tasks = [run.task for run in self._runs.values() if run.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, change_set: int, day: dt.date, run: Run) -> None:
        async with self._turn:
            try:
                await self._follow(change_set, day, run)
            except (OSError, ValueError) as error:
                _log.warning("rehearsal of change set %d: %s", change_set, type(error).__name__)
                run.problem = "Không chạy được bước thử. Hãy thử lại, hoặc báo người phụ trách kỹ thuật."

    async def _follow(self, change_set: int, day: dt.date, run: Run) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.knowledge.editing.rehearsal",
            str(change_set),
            day.isoformat(),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                told = json.loads(line)
                run.result = told.get("result")
                run.done, run.of = told.get("done", run.done), told.get("of", run.of)
            if await process.wait() != 0 or run.result is None:
                run.problem = "Bước thử đã dừng giữa chừng: có thể bản soạn còn lỗi. Hãy xem lại lần thay đổi."
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


REHEARSALS = web.AppKey("rehearsals", Rehearsals)
