"""The desk: takes one event of a correspondent, has it answered, and puts the replies into the outbox.

An event and its replies end in one transaction. A process killed before leaves the event waiting; the turn is then
taken again under the same id and yields the same replies, so nothing is lost and nothing doubled.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.channels.push.packing import Choice, Packed, Shape, chosen, pack, with_line
from bot.conversation import consents, repository
from bot.conversation.clock import Clock
from bot.conversation.erase import erase_turn
from bot.conversation.handover import requests
from bot.conversation.mail import inbox, outbox, people
from bot.conversation.mail.models import Correspondent, InboxRow
from bot.conversation.mail.people import LeaseLostError
from bot.conversation.messages import Act, Draft, Incoming, Message
from bot.conversation.payloads import PREFIX, BadPayloadError, Payloads
from bot.conversation.sealing import Box, SealBrokenError
from bot.conversation.store import Store, is_outage
from bot.conversation.tokens import Tokens
from bot.conversation.turn import Conversation
from bot.conversation.voice import Voice
from bot.text.fold import fold

_log = logging.getLogger(__name__)
_MOST_ATTEMPTS = 5
_FEW_REPLIES = 2
_COURTESIES = {"attachment": "mail_attachment", "location": "mail_location", "flood": "mail_flood"}
_CONSENT: Act = {"act": "consent"}
_AGREED = frozenset({"dong y", "toi dong y", "da dong y", "em dong y", "da toi dong y", "dong y a"})
_REFUSED = frozenset({"khong dong y", "toi khong dong y", "da khong dong y", "ko dong y"})


class NotStoredError(Exception):
    """A turn could not be stored: it is taken again later. ``status`` is that of what there was to say."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class DeskParts:
    """What the desk works with; all of it belongs to the gateway."""

    store: Store
    clock: Clock
    voice: Voice
    tokens: Tokens
    payloads: Payloads
    conversation: Conversation
    box: Box
    session_life: dt.timedelta
    forget_minutes: int
    web_url: str


@dataclass(frozen=True)
class _Event:
    """An event taken from the inbox, with its body opened."""

    id: int
    key: str
    kind: str
    body: dict[str, Any]
    attempts: int


@dataclass
class _Done:
    """How an event ended: what is said, and what changes about the person."""

    outcome: str
    messages: Sequence[Message] = ()
    turn: tuple[str, str] | None = None
    """Session and message id of a turn that was taken."""
    consent: str | None = None


class Desk:
    """Answers the events of one channel, one at a time for each correspondent."""

    def __init__(self, parts: DeskParts, *, channel: str, shape: Shape, owner: str, settle: dt.timedelta) -> None:
        self._parts = parts
        self._channel = channel
        self._shape = shape
        self._owner = owner
        self.settle = settle

    async def take_next(self, sender: str) -> bool:
        """Deal with the next event of a correspondent who is leased to us; false when there is none.

        Raises ``LeaseLostError``, and ``NotStoredError`` or SQLAlchemy's errors when the database fails: the event then
        waits, however long. Any other error is the event's own: after some attempts it is given up.
        """
        parts = self._parts
        taken = await parts.store.run(self._take, sender)
        if taken is None:
            return False
        event, person = taken
        if event.kind == "withdraw":
            await parts.store.run(self._forget, sender)
            return True
        try:
            done = await self._deal_with(event, person, sender)
            packed = self._packed(done, person)
            await parts.store.run(self._finish, sender, event, done, packed)
        except LeaseLostError:
            raise
        except Exception as error:
            if not _can_wait(error):
                await parts.store.run(inbox.failed, event.id)
            raise
        return True

    async def _deal_with(self, event: _Event, person: Correspondent, sender: str) -> _Done:
        """What to say to an event. An officer who writes in the channel's own inbox has the word."""
        now = self._parts.clock.now()
        if event.kind == "leave":
            return _Done("left")
        if person.paused_until is not None and person.paused_until > now:
            return _Done("paused")
        if event.attempts >= _MOST_ATTEMPTS:
            _log.error("%s: an event given up after %d attempts", self._channel, _MOST_ATTEMPTS)
            return _Done("failed", [self._fixed("failure")])
        match event.kind:
            case "text":
                return await self._text(event, person, sender)
            case "greet":
                return await self._greet(sender)
            case kind if kind in _COURTESIES:
                return _Done(kind, [self._fixed(_COURTESIES[kind])])
        _log.error("%s: no way to deal with an event of kind %s", self._channel, event.kind)
        return _Done("unknown")

    async def _text(self, event: _Event, person: Correspondent, sender: str) -> _Done:
        text = str(event.body.get("text", ""))
        folded = fold(text).strip(" .,!")
        if person.consent in {"asked", "refused"} and folded in _AGREED:
            return self._consented("given")
        if person.consent == "asked" and folded in _REFUSED:
            return self._consented("refused")
        menu = [Choice(**choice) for choice in person.menu or ()]
        payload = text if text.startswith(PREFIX) else chosen(text, menu)
        session_id = await self._session(sender)
        if payload is None:
            return await self._turn(Incoming(session_id, self._channel, event.key, text=text), person)
        try:
            title, act = self._parts.payloads.read(session_id, payload)
        except BadPayloadError:
            return _Done("old_button", [self._fixed("mail_old_button")])
        if act == _CONSENT:
            return self._consented("given")
        return await self._turn(Incoming(session_id, self._channel, event.key, act=act, title=title), person)

    async def _turn(self, incoming: Incoming, person: Correspondent) -> _Done:
        messages = await self._parts.conversation.take(incoming)
        for message in messages:
            if message.seq == 0 and message.answer is not None:
                raise NotStoredError(message.answer["status"])
        messages = list(messages)
        asks_consent = not person.consent and any(_of_rows(message) for message in messages)
        if asks_consent:
            room = len(messages[-1].buttons) < self._shape.buttons
            button = self._agree(incoming.session_id) if room else None
            messages[-1] = with_line(
                messages[-1], self._parts.voice.phrases["consent"].format(minutes=self._parts.forget_minutes), button
            )
        left = person.replies_left
        if left is not None and left - len(messages) <= _FEW_REPLIES and self._parts.web_url:
            line = self._parts.voice.phrases["mail_few_replies"].format(url=self._parts.web_url)
            messages[-1] = with_line(messages[-1], line)
        return _Done(
            "answered",
            messages,
            turn=(incoming.session_id, incoming.id),
            consent="asked" if asks_consent else None,
        )

    async def _greet(self, sender: str) -> _Done:
        """Greet who is new here; following the account and pressing its button come as two events."""
        session_id = await self._session(sender)
        reply = self._parts.conversation.greeting(session_id)
        # The outbox takes a message id once, so a conversation gets one greeting.
        name = f"greeting-{session_id}"
        now = self._parts.clock.now()
        return _Done("greeted", [Message(name, "bot", reply.text, now, reply.buttons, reply.answer)])

    async def _session(self, sender: str) -> str:
        """The living conversation of a sender, else a new one."""
        parts = self._parts
        now = parts.clock.now()
        expires = now + parts.session_life
        living = await parts.store.run(repository.renew_session, self._channel, sender, now, expires)
        if living is not None:
            return living
        session_id = parts.tokens.new_session_id()
        await parts.store.run(
            repository.add_session,
            session_id=session_id,
            channel=self._channel,
            sender=sender,
            now=now,
            expires=expires,
        )
        return session_id

    def _consented(self, consent: str) -> _Done:
        said = "consent_given" if consent == "given" else "consent_refused"
        return _Done("consent", [self._fixed(said)], consent=consent)

    def _fixed(self, name: str) -> Message:
        draft: Draft = self._parts.voice.reply(name, self._parts.clock.today())
        return Message(str(uuid.uuid4()), "bot", draft.text, self._parts.clock.now(), answer=draft.answer)

    def _agree(self, session_id: str) -> dict[str, str]:
        title = self._parts.voice.phrases["consent_button"]
        return {"title": title, "payload": self._parts.payloads.sign(session_id, title, _CONSENT)}

    def _packed(self, done: _Done, person: Correspondent) -> Packed:
        keepsakes = (done.consent or person.consent) == "given"
        return pack(done.messages, self._shape, self._parts.voice, keepsakes=keepsakes)

    # What runs inside a transaction.

    def _take(self, db: Session, sender: str) -> tuple[_Event, Correspondent] | None:
        row = inbox.take(db, self._channel, sender, self._parts.clock.now() - self.settle)
        person = people.find(db, self._channel, sender)
        if row is None or person is None:
            return None
        return _Event(row.id, row.key, row.kind, self._opened(row), row.attempts), person

    def _opened(self, row: InboxRow) -> dict[str, Any]:
        try:
            body: dict[str, Any] = json.loads(self._parts.box.open(row.body)) if row.body else {}
        except SealBrokenError as error:
            _log.error("%s: an event can't be read: %s", self._channel, error)
            return {}
        return body

    def _finish(self, db: Session, sender: str, event: _Event, done: _Done, packed: Packed) -> None:
        people.hold(db, self._channel, sender, self._owner)
        now = self._parts.clock.now()
        if not inbox.done(db, event.id, done.outcome):
            # Somebody dealt with it while the lease was not ours; the turn may be erased by now, and ours a second one.
            raise LeaseLostError
        if done.outcome == "left":
            people.change(db, self._channel, sender, reachable=False)
            outbox.drop_all(db, self._channel, sender, "left")
        for message_id, parcels in packed.parcels:
            outbox.put(db, self._channel, sender, message_id, [parcel.as_json() for parcel in parcels], now)
        if done.messages:
            people.change(db, self._channel, sender, menu=[asdict(choice) for choice in packed.menu] or None)
        if done.consent is not None:
            people.change(db, self._channel, sender, consent=done.consent)
            if done.consent in {"given", "refused"}:
                consents.record(db, self._channel, sender, consents.MAIL_NOTICE, done.consent, now)
        person = people.find(db, self._channel, sender)
        if done.turn is not None and person is not None and person.consent != "given":
            session_id, message_id = done.turn
            # An officer needs the question they are to answer.
            if not requests.any_open(db, session_id):
                erase_turn(db, session_id, message_id)

    def _forget(self, db: Session, sender: str) -> None:
        people.hold(db, self._channel, sender, self._owner)
        people.forget(db, self._channel, sender, self._parts.clock.now())
        _log.info("%s: somebody withdrew, their data are erased", self._channel)


def _can_wait(error: Exception) -> bool:
    """Whether an attempt failed for a reason that has nothing to do with the event."""
    return error.status == "unavailable" if isinstance(error, NotStoredError) else is_outage(error)


def _of_rows(message: Message) -> bool:
    """Whether a message answers something, rather than excusing or greeting."""
    return message.answer is not None and message.answer["source"] != "system"
