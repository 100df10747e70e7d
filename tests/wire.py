"""A wire between a process and what it calls: it can be made slow, or swallow all that is said."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
_CHUNK = 65536


class Wire:
    """Listens on ``port`` of this machine and passes on to what ``connect`` opens, in a thread of its own.

    A connection that was open while the wire was silent stays dead for ever, as one of a machine that went away:
    whoever holds it must give it up by themselves. New ones work once the wire is mended.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._delay = 0.0
        self._silent = False
        self._open: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def slow(self, seconds: float) -> None:
        """Hold each piece back for ``seconds``, in both directions."""
        self._delay = seconds

    def silence(self) -> None:
        """Take everything, pass on nothing, close nothing."""
        self._silent = True
        for link in self._open:
            link.dead = True

    def mend(self) -> None:
        """Pass on again, for whoever connects anew."""
        self._delay, self._silent = 0.0, False

    def close(self) -> None:
        """Hang up on everybody."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _stop(self) -> None:
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        link = _Link(self._silent)
        self._open.add(link)
        writers = [writer]
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                there, back = await self._connect()
                writers.append(back)
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pass_on(link, reader, back))
                    both.create_task(self._pass_on(link, there, writer))
        finally:
            self._open.discard(link)
            for each in writers:
                each.close()

    async def _pass_on(self, link: _Link, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(_CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                if not link.dead:
                    sink.write(piece)
                    await sink.drain()
        # Nobody is told that the other side has gone, either.
        if not link.dead:
            with contextlib.suppress(OSError):
                sink.close()


class _Link:
    """One connection; ``dead`` once it has been silenced."""

    def __init__(self, dead: bool) -> None:
        self.dead = dead


def to_port(port: Callable[[], int]) -> Connect:
    """A port of this machine, asked for with each connection."""
    return lambda: asyncio.open_connection("127.0.0.1", port())


def to_socket(path: str) -> Connect:
    """A socket in the file system."""
    return lambda: asyncio.open_unix_connection(path)
