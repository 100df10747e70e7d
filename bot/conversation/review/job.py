"""When the queue is filled: every few minutes, if there is anything new, in a process that ends when it is done.

Search and its libraries take more memory than all the rest of a gateway, so they are loaded in that process alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.clock import Clock
from bot.conversation.review.news import is_waiting
from bot.conversation.store import Store

_log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot.conversation.review")
_NICE = 10


class Job:
    """Looks every ``seconds`` whether there is something to read, and reads it; several gateways may each have one."""

    def __init__(self, store: Store, clock: Clock, database_url: str, *, seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._database_url = database_url
        self._seconds = seconds

    async def run(self) -> None:
        """Until cancelled; the first look comes after the first wait, when the service has started."""
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except SQLAlchemyError as error:
                _log.warning("review: the database is away (%s), looked at again later", type(error).__name__)

    async def look(self) -> bool:
        """Fill the queue if something is new; whether that was so."""
        if not await self._store.run(is_waiting, self._clock.now()):
            return False
        environ = {**os.environ, "ANSINH_DATABASE_URL": self._database_url}
        process = await asyncio.create_subprocess_exec(
            "nice", "-n", str(_NICE), *COMMAND, env=environ, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            status = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        if status:
            _log.warning("review: the job ended with status %s", status)
        return True
