"""The tables of the conversation: sessions, cases, messages, the log, feedback, hand-over.

Text in them is masked. A sender is a keyed hash: the log can tell that two questions came from
one person, not who that is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import UtcTime

_SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only INTEGER keys.
_SESSION_ID = String(32)
_MESSAGE_ID = String(64)


class SessionRow(Base):
    """One conversation; ``sender`` is the keyed hash of the channel's name for the citizen."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_channel_sender", "channel", "sender"),)

    id: Mapped[str] = mapped_column(_SESSION_ID, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class CaseRow(Base):
    """What the actions know about one conversation; ``version`` goes up with each turn."""

    __tablename__ = "case_row"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=0)


class MessageRow(Base):
    """One message of either side; ``seq`` orders them, ``id`` is what clients know.

    A citizen's message bears the client's id and a ``state``: ``received`` until its answer
    is committed, then ``answered``, or ``failed`` when the answer was an apology.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("session_id", "id", name="uq_message_session_id_id"),
        Index("ix_message_session_id_seq", "session_id", "seq"),
        Index("ix_message_turn_id", "turn_id"),
        # Positions are never used twice, also when the newest messages are erased: event streams count on it.
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    id: Mapped[str] = mapped_column(_MESSAGE_ID)
    turn_id: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    state: Mapped[str | None] = mapped_column(String(8))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class TurnLog(Base):
    """What a reviewer reads of one turn: the masked question, what was understood, the answer.

    ``session_id`` and ``sender`` are empty once the citizen has had their data erased. ``status``
    is empty while the turn runs. ``answers`` holds text and answer object of each message.
    """

    __tablename__ = "turn_log"
    __table_args__ = (Index("ix_turn_log_status_asked_at", "status", "asked_at"),)

    turn_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    session_id: Mapped[str | None] = mapped_column(_SESSION_ID, index=True)
    channel: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str | None] = mapped_column(String(64))
    message_id: Mapped[str | None] = mapped_column(_MESSAGE_ID)
    question: Mapped[str | None] = mapped_column(Text)
    normalised: Mapped[str | None] = mapped_column(Text)
    masked_kinds: Mapped[list[str]] = mapped_column(JSON)
    button: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    status: Mapped[str | None] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(64), index=True)
    program: Mapped[str | None] = mapped_column(String(64), index=True)
    aspect: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str | None] = mapped_column(String(32))
    intent: Mapped[str | None] = mapped_column(String(64), index=True)
    confidence: Mapped[float | None]
    understanding: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    durations: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True))
    knowledge_version: Mapped[str | None] = mapped_column(String(64))
    model_version: Mapped[str | None] = mapped_column(String(64))


class FeedbackRow(Base):
    """What a citizen thinks of one bot message: 1 or -1, one row per message."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("session_id", "message_id", name="uq_feedback_session_id_message_id"),)

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(_MESSAGE_ID)
    turn_id: Mapped[str | None] = mapped_column(String(32), index=True)
    value: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class HandoverRow(Base):
    """A citizen's wish to speak with a person; open until ``closed_at``."""

    __tablename__ = "handover"
    __table_args__ = (Index("ix_handover_session_id_closed_at", "session_id", "closed_at"),)

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    requested_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


TABLE_NAMES = frozenset(
    row.__tablename__ for row in (SessionRow, CaseRow, MessageRow, TurnLog, FeedbackRow, HandoverRow)
)
