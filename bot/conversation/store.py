"""The database, reached from the event loop.

SQLAlchemy's synchronous API runs in a small pool of threads. Async drivers would save nothing
here: the one for SQLite is a thread per connection anyway, a turn makes two short transactions,
and so one code path serves SQLite, PostgreSQL, the console and the command line alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, exc
from sqlalchemy.orm import Session, sessionmaker

_P = ParamSpec("_P")
_R = TypeVar("_R")


def is_outage(error: BaseException) -> bool:
    """Whether an error tells of the database – away, silent, locked, full –, not of what was asked of it."""
    return isinstance(
        error, exc.OperationalError | exc.InterfaceError | exc.InternalError | exc.TimeoutError | TimeoutError
    )


class Store:
    """Runs functions of ``repository`` in a transaction each, off the event loop."""

    def __init__(self, engine: Engine, *, threads: int) -> None:
        self._engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="database")

    async def run(self, work: Callable[Concatenate[Session, _P], _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """The result of ``work(session, …)``, committed; an exception rolls back and is raised.

        Cancelling the wait doesn't cancel the work: the thread finishes its transaction.
        """

        def transaction() -> _R:
            with self._sessions.begin() as session:
                return work(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._pool, transaction)

    async def maintain(self, work: Callable[[Engine], _R]) -> _R:
        """The result of ``work(engine)``, for what runs outside of any transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, self._engine)

    def close(self) -> None:
        """Wait for what runs, then let go of threads and connections."""
        self._pool.shutdown()
        self._engine.dispose()
