"""Correspondents: who they are to us, and which process deals with them at present.

Each function runs inside the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, union, update
from sqlalchemy.orm import Session, aliased

from bot.conversation.erase import erase_sender
from bot.conversation.mail import inbox, outbox
from bot.conversation.mail.models import OPEN_STATES, SET_BACK, Correspondent, InboxRow, OutboxRow
from bot.conversation.models import HandoverRow, SessionRow
from bot.conversation.rows import changed, insert_missing

_REMEMBER_KEYS = dt.timedelta(days=7)
_REMEMBER_SENDINGS = dt.timedelta(days=30)


class LeaseLostError(Exception):
    """Another process deals with this correspondent now: whatever was being done must not be stored."""


def known(db: Session, channel: str, sender: str, address: str, now: dt.datetime) -> None:
    """Note that there is such a person, unless they are known already."""
    insert_missing(
        db, Correspondent, channel=channel, sender=sender, address=address, consent="", last_seen_at=now, reachable=True
    )


def seen(db: Session, channel: str, sender: str, address: str, now: dt.datetime) -> None:
    """Note that somebody has written or pressed something: that opens the window for replies anew."""
    known(db, channel, sender, address, now)
    db.execute(update(Correspondent).where(*_is(channel, sender)).values(last_seen_at=now, reachable=True))
    held = (OutboxRow.channel == channel, OutboxRow.sender == sender, OutboxRow.state == "waiting")
    db.execute(update(OutboxRow).where(*held, OutboxRow.due_at > now, OutboxRow.attempts == 0).values(due_at=now))


def find(db: Session, channel: str, sender: str) -> Correspondent | None:
    """The correspondent, if they are known."""
    return db.get(Correspondent, (channel, sender), populate_existing=True)


def change(db: Session, /, channel: str, sender: str, **values: Any) -> None:
    """Set columns of a correspondent; nothing happens when they are gone."""
    db.execute(update(Correspondent).where(*_is(channel, sender)).values(**values))


def due(
    db: Session, channel: str, now: dt.datetime, settled: dt.datetime, until: dt.datetime, *, limit: int
) -> list[str]:
    """Senders with mail to be dealt with that can be leased ``until`` then, longest waiting first as far as is cheap.

    An event is due once the one that came first has been there since ``settled``, a message once nothing before
    it waits for later.
    """
    came = select(InboxRow.sender).where(
        InboxRow.channel == channel, InboxRow.state == "waiting", inbox.is_settled(settled)
    )
    before = aliased(OutboxRow)
    in_the_way = (
        before.channel == channel,
        before.sender == OutboxRow.sender,
        before.state.in_(OPEN_STATES),
        before.id < OutboxRow.id,
        ~outbox.is_due(before, now),
    )
    goes = select(OutboxRow.sender).where(
        OutboxRow.channel == channel,
        OutboxRow.state.in_(OPEN_STATES),
        outbox.is_due(OutboxRow, now),
        ~select(before.id).where(*in_the_way).exists(),
    )
    query = (
        select(Correspondent.sender)
        .where(Correspondent.channel == channel, _is_free(now, until), Correspondent.sender.in_(union(came, goes)))
        .order_by(Correspondent.last_seen_at)
        .limit(limit)
    )
    return list(db.scalars(query))


def claim(db: Session, channel: str, sender: str, owner: str, now: dt.datetime, until: dt.datetime) -> bool:
    """Lease a correspondent; false when another process was faster."""
    mine = (*_is(channel, sender), _is_free(now, until))
    leased = update(Correspondent).where(*mine).values(lease_owner=owner, lease_until=until)
    return changed(db, leased) == 1


def renew(
    db: Session, channel: str, owner: str, senders: Collection[str], now: dt.datetime, until: dt.datetime
) -> None:
    """Lengthen the leases of a process that still hold, of those ``senders`` whom it deals with.

    One that it could not give back runs out, or nobody would ever deal with them again.
    """
    mine = (
        Correspondent.channel == channel,
        Correspondent.sender.in_(senders),
        Correspondent.lease_owner == owner,
        Correspondent.lease_until > now,
    )
    db.execute(update(Correspondent).where(*mine).values(lease_until=until))


def release(db: Session, channel: str, sender: str, owner: str) -> None:
    """Give a lease back."""
    mine = (*_is(channel, sender), Correspondent.lease_owner == owner)
    db.execute(update(Correspondent).where(*mine).values(lease_owner=None, lease_until=None))


def hold(db: Session, channel: str, sender: str, owner: str) -> None:
    """Make sure, until the transaction ends, that the lease is ours; ``LeaseLostError`` when it isn't."""
    # A write, not a read: nobody else can take the lease before this transaction is over.
    mine = (*_is(channel, sender), Correspondent.lease_owner == owner)
    if changed(db, update(Correspondent).where(*mine).values(lease_owner=owner)) != 1:
        raise LeaseLostError


def forget(db: Session, channel: str, sender: str, now: dt.datetime) -> None:
    """Erase a person: conversations, mail, and that they ever wrote. Keys of events stay, without a sender."""
    # Mail first: an erasure takes the senders off it.
    db.execute(
        update(InboxRow)
        .where(InboxRow.channel == channel, InboxRow.sender == sender)
        .values(sender=None, body=None, state="done", outcome="erased")
    )
    db.execute(delete(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.sender == sender))
    session = db.scalar(select(SessionRow).where(SessionRow.channel == channel, SessionRow.sender == sender).limit(1))
    if session is not None:
        erase_sender(db, session, now, keep_turn=None)
        same = (SessionRow.channel == channel, SessionRow.sender == sender)
        db.execute(update(SessionRow).where(*same).values(expires_at=now))
    db.execute(delete(Correspondent).where(*_is(channel, sender)))


def forget_quiet(db: Session, channel: str, quiet_since: dt.datetime, now: dt.datetime) -> int:
    """Erase what is left of those who never agreed to more, once they have been quiet; how many there were.

    Who waits for an officer is left alone: without their question the officer could not answer.
    """
    waiting = (
        select(SessionRow.sender)
        .join(HandoverRow, HandoverRow.session_id == SessionRow.id)
        .where(SessionRow.channel == channel, HandoverRow.closed_at.is_(None))
    )
    mail = select(InboxRow.sender).where(InboxRow.channel == channel, InboxRow.state == "waiting")
    sending = select(OutboxRow.sender).where(OutboxRow.channel == channel, OutboxRow.state.in_(OPEN_STATES))
    quiet = select(Correspondent).where(
        Correspondent.channel == channel,
        Correspondent.consent != "given",
        Correspondent.last_seen_at <= quiet_since,
        Correspondent.sender.in_(_remembered(channel)),
        Correspondent.sender.not_in(waiting),
        Correspondent.sender.not_in(mail.where(InboxRow.sender.is_not(None))),
        Correspondent.sender.not_in(sending.where(OutboxRow.sender.is_not(None))),
    )
    persons = [(person.sender, person.consent) for person in db.scalars(quiet.limit(200))]
    for sender, consent in persons:
        same = (SessionRow.channel == channel, SessionRow.sender == sender)
        session = db.scalars(select(SessionRow).where(*same).limit(1)).one()
        erase_sender(db, session, now, keep_turn=None)
        db.execute(update(SessionRow).where(*same).values(expires_at=now))
        if consent == "refused":
            change(db, channel, sender, consent=consent)  # Who said no is not asked each time.
    return len(persons)


def sweep(db: Session, channel: str, now: dt.datetime) -> None:
    """Drop keys of events past any repetition, sendings that nobody asks about, and who never agreed to be known."""
    old = (InboxRow.channel == channel, InboxRow.state == "done", InboxRow.received_at < now - _REMEMBER_KEYS)
    db.execute(delete(InboxRow).where(*old))
    gone = (Correspondent.channel == channel, Correspondent.last_seen_at < now - _REMEMBER_KEYS)
    forgotten = Correspondent.sender.not_in(_remembered(channel))  # What is left of the others is erased first.
    db.execute(delete(Correspondent).where(*gone, Correspondent.consent != "given", forgotten))
    db.execute(delete(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.created_at < now - _REMEMBER_SENDINGS))


def _remembered(channel: str) -> Select[str]:
    """Senders with a conversation, living or ended, that was not erased to its end."""
    kept = or_(SessionRow.erased_at.is_(None), SessionRow.erased_at < SessionRow.expires_at)
    return select(SessionRow.sender).where(SessionRow.channel == channel, kept)


def _is_free(now: dt.datetime, until: dt.datetime) -> ColumnElement[bool]:
    ends = Correspondent.lease_until
    return or_(ends.is_(None), ends <= now, ends > until + SET_BACK)


def _is(channel: str, sender: str) -> tuple[Any, ...]:
    return (Correspondent.channel == channel, Correspondent.sender == sender)
