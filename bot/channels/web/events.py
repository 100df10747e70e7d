"""Server-sent events: what is said to a citizen outside a request of theirs.

Officers write in another process, and an answer may come after the connection that asked for it
was lost. All of it is in the database; one query per interval, whatever the number of open
streams, finds the conversations that have something new.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import repository
from bot.conversation.clock import Clock
from bot.conversation.messages import Message
from bot.conversation.repository import SessionGoneError
from bot.conversation.store import Store

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Listener:
    """One open stream: ``news`` is set whenever there may be something new, ``ended`` when it has to make room."""

    news: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False


class Hub:
    """Knows who is listening, and wakes them."""

    def __init__(self, store: Store, *, poll_seconds: float, streams_per_session: int) -> None:
        self._store = store
        self._poll_seconds = poll_seconds
        self._streams = streams_per_session
        self._listeners: dict[str, list[Listener]] = {}
        self._seen: int | None = None
        self.closed = False

    @contextlib.contextmanager
    def listen(self, session_id: str) -> Iterator[Listener]:
        """A new listener; where a conversation has too many, its oldest ends.

        A phone that changed its network leaves behind streams that nobody reads any more, and these are the oldest.
        """
        listeners = self._listeners.setdefault(session_id, [])
        listener = Listener()
        listeners.append(listener)
        for oldest in listeners[: -self._streams]:
            oldest.ended = True
            oldest.news.set()
        try:
            yield listener
        finally:
            listeners.remove(listener)
            if not listeners:
                del self._listeners[session_id]

    def wake(self, session_ids: Iterable[str]) -> None:
        """Have the streams of these conversations look for news."""
        for session_id in session_ids:
            for listener in self._listeners.get(session_id, ()):
                listener.news.set()

    def close(self) -> None:
        """End all streams: the process stops."""
        self.closed = True
        self.wake(list(self._listeners))

    def __len__(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._listeners.values()))

    async def run(self) -> None:
        """Poll for ever; a database that is down is tried again."""
        while True:
            with contextlib.suppress(SQLAlchemyError):
                await self._poll()
            await asyncio.sleep(self._poll_seconds)

    async def _poll(self) -> None:
        if not self._listeners:
            self._seen = None
        elif self._seen is None:
            # What was said before this position, the first listeners look for themselves.
            self._seen = await self._store.run(repository.newest_position)
            self.wake(list(self._listeners))
        else:
            self._seen, session_ids = await self._store.run(repository.spoken_to_since, self._seen)
            self.wake(session_ids)


class Stream:
    """One open event stream of a conversation."""

    def __init__(self, store: Store, clock: Clock, hub: Hub, *, session_id: str, heartbeat_seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._hub = hub
        self._session_id = session_id
        self._heartbeat = heartbeat_seconds

    async def serve(self, request: web.Request, position: int) -> web.StreamResponse:
        """Send what was said behind ``position`` and what will be, until either side leaves."""
        with self._hub.listen(self._session_id) as listener:
            response = web.StreamResponse(
                headers={
                    "Content-Type": "text/event-stream; charset=utf-8",
                    "Cache-Control": "no-store",
                    "X-Accel-Buffering": "no",
                }
            )
            await response.prepare(request)
            # The client has gone: nothing is lost, it asks again from where it was.
            with contextlib.suppress(ConnectionError):
                async for chunk in self._chunks(listener, position):
                    await response.write(chunk)
            return response

    async def _chunks(self, listener: Listener, position: int) -> AsyncIterator[bytes]:
        yield b"retry: 3000\n\n"
        while not (self._hub.closed or listener.ended):
            listener.news.clear()
            try:
                for message in await self._news(position):
                    position = message.seq
                    yield _event(message)
            except SessionGoneError:
                yield b"event: end\ndata: {}\n\n"
                return
            try:
                async with asyncio.timeout(self._heartbeat):
                    await listener.news.wait()
            except TimeoutError:
                yield b": heartbeat\n\n"

    async def _news(self, position: int) -> list[Message]:
        try:
            return await self._store.run(repository.said_since, self._session_id, position, self._clock.now())
        except SQLAlchemyError as error:
            _log.warning("event stream: %s", type(error).__name__)
            return []


def _event(message: Message) -> bytes:
    data = json.dumps(message.as_json(), ensure_ascii=False)
    return f"event: message\nid: {message.id}\ndata: {data}\n\n".encode()
