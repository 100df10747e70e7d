"""The tables of mail: who writes, what came in, what goes out.

A correspondent is leased to one process at a time: that keeps the order, and makes several gateways over one
database share the work.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import SERIAL, UtcTime

SET_BACK = dt.timedelta(minutes=1)
"""A row that is so far ahead of the clock was written before the clock was set back: what it waits for is over."""
_CHANNEL = String(16)
_SENDER = String(64)


class Correspondent(Base):
    """Somebody who writes on a channel that answers later.

    ``address`` is the channel's own name for them, sealed. ``consent`` is empty, ``asked``, ``given`` or ``refused``.
    ``menu`` holds the choices of the last reply that may be answered by number or by their words.
    ``replies_left`` is what the channel last said of its cap, if it has one.
    """

    __tablename__ = "correspondent"

    channel: Mapped[str] = mapped_column(_CHANNEL, primary_key=True)
    sender: Mapped[str] = mapped_column(_SENDER, primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(String(8), default="")
    last_seen_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    paused_until: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    reachable: Mapped[bool] = mapped_column(default=True)
    replies_left: Mapped[int | None]
    replies_asked_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    menu: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class InboxRow(Base):
    """One event; ``key`` is a hash of the channel's id for it, and stays a while to know a repetition by.

    ``body`` is sealed JSON, gone once the event is dealt with. ``state`` is ``waiting`` or ``done``, ``outcome`` then
    says how it ended. ``sent_at`` is the channel's own time, which orders what arrives in disorder.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "key", name="uq_inbox_channel_key"),
        Index("ix_inbox_channel_state_received_at", "channel", "state", "received_at"),
        Index("ix_inbox_channel_sender_state", "channel", "sender", "state"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    channel: Mapped[str] = mapped_column(_CHANNEL)
    key: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str | None] = mapped_column(_SENDER)
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    received_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    state: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)


class OutboxRow(Base):
    """One message to send; ``(message_id, part)`` names it, so that nothing is put in twice.

    ``state``: ``waiting``; ``sending`` while the channel is being called; ``unclear`` when the call may or may not have
    got through; ``sent``; ``dropped`` for a ``reason``. ``body`` and ``digest`` (of the text, to know an echo by) are
    gone once it is sent or dropped.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("channel", "message_id", "part", name="uq_outbox_channel_message_id_part"),
        Index("ix_outbox_channel_state_due_at", "channel", "state", "due_at"),
        Index("ix_outbox_channel_sender_state", "channel", "sender", "state"),
        Index("ix_outbox_channel_remote_id", "channel", "remote_id"),
        Index("ix_outbox_channel_echoed_at", "channel", "echoed_at"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    channel: Mapped[str] = mapped_column(_CHANNEL)
    sender: Mapped[str | None] = mapped_column(_SENDER)
    message_id: Mapped[str] = mapped_column(String(64))
    part: Mapped[int]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    digest: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    echoed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    remote_id: Mapped[str | None] = mapped_column(String(64))


OPEN_STATES = ("waiting", "sending", "unclear")
"""Of messages that are still to be dealt with."""

TABLE_NAMES = frozenset(row.__tablename__ for row in (Correspondent, InboxRow, OutboxRow))
