"""The courier: leases correspondents that have mail, and deals with each in order.

One runs in each gateway. A lease is short and renewed together with all others of the process; when the process is
killed, it runs out and another gateway, or the next life of this one, goes on from what the tables say.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import Awaitable

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.push.desk import Desk, NotStoredError
from bot.channels.push.post import Post
from bot.channels.push.transport import Transport
from bot.conversation.clock import Clock
from bot.conversation.mail import people
from bot.conversation.mail.people import LeaseLostError
from bot.conversation.store import Store
from bot.conversation.turn import log_without_text

_log = logging.getLogger(__name__)
_POLL_SECONDS = 0.5
_TEND_SECONDS = 60.0
_GRACE_SECONDS = 8.0
_PAUSE_SECONDS = 1.0
"""After a fault with a correspondent's mail, so that one that stays is not met again at once."""
_PARALLEL = 8
"""Correspondents dealt with at a time: enough to keep Rasa busy, few enough to leave it to the web as well."""


class Courier:
    """Deals with the mail of one channel."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        transport: Transport,
        desk: Desk,
        post: Post,
        owner: str,
        lease: dt.timedelta,
        forget_after: dt.timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._transport = transport
        self._desk = desk
        self._post = post
        self._owner = owner
        self._lease = lease
        self._forget_after = forget_after
        self._look = asyncio.Event()
        self._busy: dict[asyncio.Task[None], str] = {}
        self._stopping = False

    @staticmethod
    def new_owner() -> str:
        """A name for a process that no other has, not even its own next life."""
        return uuid.uuid4().hex

    def wake(self) -> None:
        """Something has come in: look as soon as it is due."""
        asyncio.get_running_loop().call_later(self._desk.settle.total_seconds(), self._look.set)

    async def run(self) -> None:
        """Work until cancelled; a database that is down is tried again."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_leases())
            group.create_task(self._tend())
            try:
                while True:
                    self._look.clear()
                    await self._try("mail waits", self._start_due())
                    await self._rest()
            finally:
                await self._finish()

    async def _finish(self) -> None:
        """Let what is under way come to an end; what takes longer goes on from the tables, here or elsewhere."""
        self._stopping = True
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._look.wait()
        except TimeoutError:
            pass

    async def _start_due(self) -> None:
        free = _PARALLEL - len(self._busy)
        if free <= 0:
            return
        now, channel = self._clock.now(), self._transport.name
        until = now + self._lease
        due = await self._store.run(people.due, channel, now, now - self._desk.settle, until, limit=_PARALLEL)
        # A lease of our own may have run out: who is being dealt with is not to be dealt with twice.
        for sender in [sender for sender in due if sender not in self._busy.values()][:free]:
            if await self._store.run(people.claim, channel, sender, self._owner, now, until):
                task = asyncio.create_task(self._serve(sender))
                self._busy[task] = sender
                task.add_done_callback(self._ended)

    async def _try(self, what: str, work: Awaitable[None]) -> bool:
        """Whether ``work`` came to its end. What goes wrong is logged: only its process may end the courier."""
        try:
            await work
        except (SQLAlchemyError, NotStoredError) as error:
            _log.warning("%s: %s: %s", self._transport.name, what, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the outermost place
            log_without_text(_log, f"{self._transport.name}: {what}", error)
        else:
            return True
        return False

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._busy[task]
        self._look.set()

    async def _serve(self, sender: str) -> None:
        if not await self._try("mail of one correspondent", self._deal_with(sender)):
            await asyncio.sleep(_PAUSE_SECONDS)
        release = self._store.run(people.release, self._transport.name, sender, self._owner)
        await self._try("a lease is left to run out", release)

    async def _deal_with(self, sender: str) -> None:
        try:
            await self._post.ask_quota(sender)
            await self._post.send_due(sender)
            while not self._stopping and await self._desk.take_next(sender):
                await self._post.send_due(sender)
        except LeaseLostError:
            _log.warning("%s: another process goes on with a correspondent", self._transport.name)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            now, senders, channel = self._clock.now(), set(self._busy.values()), self._transport.name
            renewal = self._store.run(people.renew, channel, self._owner, senders, now, now + self._lease)
            await self._try("leases not renewed", renewal)

    async def _tend(self) -> None:
        while True:
            await self._try("not tended", self._transport.tend())
            await self._try("not tidied up", self._tidy())
            await asyncio.sleep(_TEND_SECONDS)

    async def _tidy(self) -> None:
        channel, now = self._transport.name, self._clock.now()
        forgotten = await self._store.run(people.forget_quiet, channel, now - self._forget_after, now)
        if forgotten:
            _log.info("%s: %d conversations without consent erased", channel, forgotten)
        await self._store.run(people.sweep, channel, now)
