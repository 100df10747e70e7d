"""The post: sends what waits for a correspondent, in order, and decides what becomes of it.

A message is marked before the channel is called. After a call without an answer it may have got through: it is not
sent again blindly. Where the channel tells us of our own messages, silence after a while means that it got lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels.push.alerts import Alerts
from bot.channels.push.packing import Parcel
from bot.channels.push.pieces import pieces
from bot.channels.push.transport import Outcome, Result, Transport
from bot.conversation.clock import Clock
from bot.conversation.mail import outbox, people
from bot.conversation.mail.models import Correspondent, OutboxRow
from bot.conversation.sealing import Box, SealBrokenError
from bot.conversation.store import Store

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 60.0
_MOST_TRIES = 50
"""About an hour, with the pauses between. Counted in tries, as a message may have waited for days to be due."""
_CIRCUIT = dt.timedelta(minutes=5)
_ECHOES_SEEN = dt.timedelta(days=1)
_NEXT_LOOK = dt.timedelta(days=1)
_PLAIN_UNITS = 1000
_MOST_DOUBTS = 5
"""So often a message may get lost: within about twenty minutes, as each wait for its echo is twice the one before."""
_STORE_TRIES = 30
_STORE_PAUSE = 1.0
_QUOTA_KNOWN = dt.timedelta(hours=48)


class Post:
    """Sends the mail of one channel."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        box: Box,
        transport: Transport,
        alerts: Alerts,
        owner: str,
        echo_wait: dt.timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._box = box
        self._transport = transport
        self._alerts = alerts
        self._owner = owner
        self._echo_wait = echo_wait
        self._closed_until: dt.datetime | None = None

    async def send_due(self, sender: str) -> None:
        """Send to a correspondent who is leased to us until nothing is due.

        Raises ``LeaseLostError``, and SQLAlchemy's errors.
        """
        while (ready := await self._store.run(self._next, sender)) is not None:
            row, address = ready
            assert row.body is not None
            outcome = await self._transport.send(address, Parcel.from_json(row.body))
            if not await self._stored(sender, row, outcome):
                return

    async def ask_quota(self, sender: str) -> None:
        """Learn how many replies a correspondent may still get, if the channel has a cap."""
        address = await self._store.run(self._address_to_ask, sender)
        if address is not None:
            left = await self._transport.replies_left(address)
            await self._store.run(people.change, self._transport.name, sender, replies_left=left)

    async def _stored(self, sender: str, row: OutboxRow, outcome: Outcome) -> bool:
        """Store an outcome; one that the database doesn't take would leave a sent message in doubt."""
        for _ in range(_STORE_TRIES - 1):
            with contextlib.suppress(SQLAlchemyError):
                return await self._store.run(self._settle, sender, row, outcome)
            _log.warning("%s: an outcome is not stored at once", self._transport.name)
            await asyncio.sleep(_STORE_PAUSE)
        return await self._store.run(self._settle, sender, row, outcome)

    # What runs inside a transaction.

    def _next(self, db: Session, sender: str) -> tuple[OutboxRow, str] | None:
        """The message to send now, marked as being sent, with the address; ``None`` when none is due."""
        channel, now = self._transport.name, self._clock.now()
        if outbox.head(db, channel, sender) is None:
            return None  # Mostly so, and then nothing need be written.
        people.hold(db, channel, sender, self._owner)
        while (row := outbox.head(db, channel, sender)) is not None:
            if row.state == "sending":
                # Of a process that was killed during the call.
                outbox.later(db, row.id, self._echo_due(row, now), state="unclear")
                return None
            outbox.keep_to_clock(db, row, now, self._echo_wait)
            if row.due_at > now:
                return None
            if row.state == "unclear":
                self._end_doubt(db, row, now)
                continue
            if self._closed_until is not None and self._closed_until > now:
                outbox.later(db, row.id, self._closed_until)
                return None
            person = people.find(db, channel, sender)
            assert person is not None  # We hold their lease.
            closed = self._transport.window is not None and person.last_seen_at + self._transport.window <= now
            if closed or not person.reachable:
                # It goes out when they write again, if they do.
                outbox.later(db, row.id, now + _NEXT_LOOK)
                return None
            address = self._opened(person)
            if address is None:
                outbox.drop_all(db, channel, sender, "sealed")
                return None
            if outbox.begin(db, row.id):
                db.flush()
                return row, address
        return None

    def _opened(self, person: Correspondent) -> str | None:
        """Where to write to; ``None`` when it was sealed with a key that we no longer have."""
        try:
            return self._box.open(person.address)
        except SealBrokenError as error:
            _log.error("%s: an address can't be read: %s", self._transport.name, error)
            return None

    def _echo_due(self, row: OutboxRow, now: dt.datetime) -> dt.datetime:
        """How long an echo is waited for: twice as long each time, as what swallowed the message may do so again."""
        longer: int = 2 ** max(row.attempts - 1, 0)
        return now + self._echo_wait * longer

    def _end_doubt(self, db: Session, row: OutboxRow, now: dt.datetime) -> None:
        if row.attempts < _MOST_DOUBTS and outbox.hears_echoes(db, self._transport.name, now - _ECHOES_SEEN):
            _log.warning("%s: a message got lost on the way, sent again", self._transport.name)
            outbox.later(db, row.id, now)
        else:
            sentence = "a message may not have got through; it is not sent again, as it may have"
            self._alerts.sound("unclear", sentence, passing=True)
            outbox.dropped(db, row.id, "unclear")
        db.flush()

    def _settle(self, db: Session, sender: str, row: OutboxRow, outcome: Outcome) -> bool:
        """Store what became of a message; whether to go on with the next one."""
        channel, now = self._transport.name, self._clock.now()
        if outcome.result is not Result.SENT:
            # What was sent was sent, whoever has the lease by now; the rest is for its holder to decide.
            people.hold(db, channel, sender, self._owner)
            _log.warning("%s: message not sent: %s %s", channel, outcome.result.value, outcome.code)
        match outcome.result:
            case Result.SENT:
                outbox.sent(db, row.id, outcome.remote_id)
                self._alerts.clear("closed")
                self._alerts.clear("permission")
                self._count_reply(db, sender, outcome)
                return True
            case Result.LATER:
                return self._put_off(db, row, outcome)
            case Result.UNCLEAR:
                outbox.later(db, row.id, self._echo_due(row, now), state="unclear")
                return False
            case Result.UNREACHABLE:
                people.change(db, channel, sender, reachable=False)
                outbox.drop_all(db, channel, sender, outcome.code)
                return False
            case Result.MALFORMED:
                return self._plainer(db, row, outcome, now)
            case Result.SPENT:
                sentence = f"no replies left (error {outcome.code}); messages are dropped"
                self._alerts.sound("quota", sentence, passing=True)
                outbox.drop_all(db, channel, sender, outcome.code)
                return False
            case Result.CLOSED:
                self._closed_until = now + _CIRCUIT
                self._alerts.sound(
                    "closed", f"sending stopped for five minutes: error {outcome.code}, a person must act"
                )
                outbox.later(db, row.id, self._closed_until, untried=True)
                return False

    def _put_off(self, db: Session, row: OutboxRow, outcome: Outcome) -> bool:
        tries = row.attempts
        if tries >= (outcome.tries or _MOST_TRIES):
            sentence = f"messages are dropped after {tries} tries (error {outcome.code})"
            self._alerts.sound("dropped", sentence, passing=True)
            outbox.dropped(db, row.id, outcome.code)
            return True
        pause = min(2.0 ** (tries - 1), _LONGEST_PAUSE)
        outbox.later(db, row.id, self._clock.now() + dt.timedelta(seconds=pause * random.uniform(1.0, 1.5)))  # noqa: S311 - jitter
        return False

    def _plainer(self, db: Session, row: OutboxRow, outcome: Outcome, now: dt.datetime) -> bool:
        assert row.body is not None
        parcel = Parcel.from_json(row.body)
        shape = f"{len(parcel.text)} characters, {len(parcel.buttons)} buttons"
        _log.error("%s: error %s for a message of %s", self._transport.name, outcome.code, shape)
        plain = Parcel(pieces(parcel.text, _PLAIN_UNITS)[0])
        if plain == parcel:
            outbox.dropped(db, row.id, outcome.code)
        else:
            outbox.later(db, row.id, now, body=plain.as_json())
        return True

    def _count_reply(self, db: Session, sender: str, outcome: Outcome) -> None:
        left, told = outcome.replies_left, self._clock.now()
        if left is not None:
            people.change(db, self._transport.name, sender, replies_left=left, replies_asked_at=told)
            return
        person = people.find(db, self._transport.name, sender)
        if person is not None and person.replies_left is not None:
            # Counted by ourselves, which misses what the person's own messages add: soon asked again.
            people.change(
                db, self._transport.name, sender, replies_left=max(person.replies_left - 1, 0), replies_asked_at=None
            )

    def _address_to_ask(self, db: Session, sender: str) -> str | None:
        """The address of somebody whose cap was last heard of too long ago."""
        now = self._clock.now()
        person = people.find(db, self._transport.name, sender)
        if person is None or (person.replies_asked_at is not None and now - person.replies_asked_at < _QUOTA_KNOWN):
            return None
        people.change(db, self._transport.name, sender, replies_asked_at=now)
        return self._opened(person)
