"""A channel that acknowledges first: its parts put together, and the inbox it writes to."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.push.alerts import Alerts
from bot.channels.push.courier import Courier
from bot.channels.push.desk import Desk, DeskParts
from bot.channels.push.packing import Packed, pack
from bot.channels.push.post import Post
from bot.channels.push.transport import Transport
from bot.channels.web.gateway import Gateway
from bot.channels.work import running
from bot.conversation.mail import inbox, outbox, people
from bot.conversation.messages import Message
from bot.conversation.models import SessionRow
from bot.settings import Settings

_log = logging.getLogger(__name__)
# More than any person can type, however it is escaped: an event that is refused counts as a failure of the webhook, and
# after a few of them Zalo takes the webhook away from everybody.
_MAX_EVENT = 512 * 1024


async def read_event_body(request: web.Request) -> bytes:
    """The raw body of a webhook call; HTTP 413 past half a megabyte."""
    return await request.clone(client_max_size=_MAX_EVENT).read()


@dataclass(frozen=True)
class Pace:
    """``settle``: how long an event waits for one that was sent before it; ``lease``: of a correspondent;
    ``echo``: how long an unclear sending waits to be told back; ``forget``: quiet time without consent.
    """

    settle: dt.timedelta
    lease: dt.timedelta
    echo: dt.timedelta
    forget: dt.timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(
            settle=dt.timedelta(seconds=settings.mail_settle_seconds),
            lease=dt.timedelta(seconds=settings.mail_lease_seconds),
            echo=dt.timedelta(seconds=settings.zalo_echo_seconds),
            forget=dt.timedelta(minutes=settings.mail_forget_minutes),
        )


def desk_parts(gateway: Gateway) -> DeskParts:
    """What a desk needs of the gateway."""
    settings = gateway.settings
    return DeskParts(
        store=gateway.store,
        clock=gateway.clock,
        voice=gateway.voice,
        tokens=gateway.tokens,
        payloads=gateway.payloads,
        conversation=gateway.conversation,
        box=gateway.box,
        session_life=dt.timedelta(hours=settings.session_hours),
        forget_minutes=round(settings.mail_forget_minutes),
        web_url=settings.public_url,
    )


class PushChannel:
    """Inbox, desk, post and courier of one transport."""

    def __init__(self, parts: DeskParts, transport: Transport, alerts: Alerts, pace: Pace) -> None:
        self._parts = parts
        self._transport = transport
        self.name = transport.name
        self.alerts = alerts
        owner = Courier.new_owner()
        self._courier = Courier(
            store=parts.store,
            clock=parts.clock,
            transport=transport,
            desk=Desk(parts, channel=self.name, shape=transport.shape, owner=owner, settle=pace.settle),
            post=Post(
                store=parts.store,
                clock=parts.clock,
                box=parts.box,
                transport=transport,
                alerts=alerts,
                owner=owner,
                echo_wait=pace.echo,
            ),
            owner=owner,
            lease=pace.lease,
            forget_after=pace.forget,
        )

    def at_work(self) -> AbstractAsyncContextManager[None]:
        """Deal with mail as long as the block runs."""
        return running(self._courier.run())

    async def receive(self, address: str, *, kind: str, key: str, text: str, sent_at: dt.datetime) -> None:
        """Store an event, before it is acknowledged. Raises SQLAlchemy's errors: then it must not be."""
        event = inbox.Event(
            key=key,
            sender=self.sender(address),
            kind=kind,
            body=self._parts.box.seal(json.dumps({"text": text}, ensure_ascii=False)),
            sent_at=sent_at,
        )
        if await self._parts.store.run(self._store_event, event, self._parts.box.seal(address)):
            self._courier.wake()

    def sender(self, address: str) -> str:
        """The hash under which a person stands in our tables."""
        return self._parts.tokens.hashed_sender(self.name, address)

    async def pause(self, address: str, until: dt.datetime) -> None:
        """An officer is writing to this person themselves: the bot keeps quiet until then."""
        await self._parts.store.run(self._store_pause, self.sender(address), self._parts.box.seal(address), until)

    async def echo(self, address: str, remote_id: str, text: str) -> None:
        """The channel tells of a message of ours."""
        sender, now = self.sender(address), self._parts.clock.now()
        if await self._parts.store.run(outbox.echoed, self.name, sender, remote_id, text, now):
            self._courier.wake()

    def render(self, message: Message) -> list[dict[str, Any]]:
        """A message as it goes into the outbox."""
        return [parcel.as_json() for _, parcels in self._packed([message]).parcels for parcel in parcels]

    async def deliver(self, session_id: str, messages: Sequence[Message]) -> None:
        """Queue what was said outside a turn; it goes out at once, or when the person writes again. Never raises."""
        try:
            await self._parts.store.run(self._queue, session_id, self._packed(messages))
        except (SQLAlchemyError, TimeoutError) as error:
            _log.error("%s: not queued: %s", self.name, type(error).__name__)
        self._courier.wake()

    async def problems(self) -> Mapping[str, str]:
        """For ``/readyz``."""
        return await self._transport.problems()

    def _packed(self, messages: Sequence[Message]) -> Packed:
        return pack(messages, self._transport.shape, self._parts.voice)

    def _store_event(self, db: Session, event: inbox.Event, address: str) -> bool:
        now = self._parts.clock.now()
        if not inbox.put(db, self.name, event, now):
            return False
        note = people.known if event.kind in inbox.PARTINGS else people.seen
        note(db, self.name, event.sender, address, now)
        return True

    def _store_pause(self, db: Session, sender: str, address: str, until: dt.datetime) -> None:
        # The officer may have spoken first.
        people.known(db, self.name, sender, address, self._parts.clock.now())
        people.change(db, self.name, sender, paused_until=until)

    def _queue(self, db: Session, session_id: str, packed: Packed) -> None:
        mine = (SessionRow.id == session_id, SessionRow.channel == self.name)
        sender = db.scalar(select(SessionRow.sender).where(*mine))
        if sender is None:
            _log.warning("%s: a message for a conversation that is gone", self.name)
            return
        for message_id, parcels in packed.parcels:
            name = outbox.name_of(session_id, message_id)
            bodies = [parcel.as_json() for parcel in parcels]
            outbox.put(db, self.name, sender, name, bodies, self._parts.clock.now())
