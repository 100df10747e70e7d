"""The tables of the conversation: sessions, cases, messages, the log, feedback, hand-over.

Text in them is masked. A sender is a keyed hash: the log can tell that two questions came from
one person, not who that is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.knowledge.db import Base
from bot.knowledge.tables import SERIAL, UtcTime
from bot.text.fold import fold

_SESSION_ID = String(32)
_MESSAGE_ID = String(64)
_CODE = String(16)
_OFFICER = String(64)


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
    """What is remembered of one conversation from turn to turn; ``version`` goes up with each change.

    ``data`` is the actions' own. ``handover`` is what the hand-over waits to hear, if anything: ``handover/draft.py``.
    """

    __tablename__ = "case_row"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    handover: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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
        Index("ix_message_sent_at", "sent_at"),
        # Positions are never used twice, also when the newest messages are erased: event streams count on it.
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(SERIAL, primary_key=True)
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
    is empty while the turn runs. ``answers`` holds text and answer object of each message, with the
    amounts, papers and citations as they were told. ``took_ms`` is how long the citizen waited;
    ``commune`` is the code of the commune that the case names, ``rating`` the citizen's last thumb (1
    or -1): the figures need them when case and feedback are gone. ``reviewed_at`` is when a reviewer
    decided about the turn.
    """

    __tablename__ = "turn_log"
    __table_args__ = (
        Index("ix_turn_log_status_asked_at", "status", "asked_at"),
        # What the nightly job has yet to prune, and nothing else.
        Index(
            "ix_turn_log_bulky",
            "asked_at",
            sqlite_where=text("answers IS NOT NULL"),
            postgresql_where=text("answers IS NOT NULL"),
        ),
        Index(
            "ix_turn_log_worded",
            "asked_at",
            sqlite_where=text("question IS NOT NULL"),
            postgresql_where=text("question IS NOT NULL"),
        ),
        Index("ix_turn_log_topic_asked_at", "topic", "asked_at"),
        Index("ix_turn_log_program_asked_at", "program", "asked_at"),
        Index("ix_turn_log_channel_asked_at", "channel", "asked_at"),
        # Few turns have either: an index of those few costs the others nothing.
        Index(
            "ix_turn_log_rating_asked_at",
            "rating",
            "asked_at",
            sqlite_where=text("rating IS NOT NULL"),
            postgresql_where=text("rating IS NOT NULL"),
        ),
        Index(
            "ix_turn_log_reviewed",
            "asked_at",
            sqlite_where=text("reviewed_at IS NOT NULL"),
            postgresql_where=text("reviewed_at IS NOT NULL"),
        ),
    )

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
    topic: Mapped[str | None] = mapped_column(String(64))
    program: Mapped[str | None] = mapped_column(String(64))
    aspect: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str | None] = mapped_column(String(32))
    intent: Mapped[str | None] = mapped_column(String(64), index=True)
    confidence: Mapped[float | None]
    understanding: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    durations: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True))
    took_ms: Mapped[int | None]
    commune: Mapped[str | None] = mapped_column(String(16))
    knowledge_version: Mapped[str | None] = mapped_column(String(64))
    model_version: Mapped[str | None] = mapped_column(String(64))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class FeedbackRow(Base):
    """What a citizen thinks of one bot message: 1 or -1, one row per message."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("session_id", "message_id", name="uq_feedback_session_id_message_id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(_MESSAGE_ID)
    turn_id: Mapped[str | None] = mapped_column(String(32), index=True)
    value: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)


def _sought(context: DefaultExecutionContext) -> str:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return fold(f"{given['code']} {given['question']}")


class HandoverRow(Base):
    """A citizen's question to a person.

    ``state`` is ``waiting``, ``claimed`` or ``closed``. ``code`` is the citizen's receipt. ``phone`` is sealed
    (``handover/phone.py``) and goes when the request is closed. ``claimed_by`` is an officer's login. ``folded`` is
    what a search looks into: code and question without accents.
    """

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_session_id_closed_at", "session_id", "closed_at"),
        Index("ix_handover_state_id", "state", "id"),
        Index("uq_handover_code", "code", unique=True),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(_CODE)
    state: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    claimed_by: Mapped[str | None] = mapped_column(_OFFICER)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    folded: Mapped[str] = mapped_column(Text, default=_sought)

    session: Mapped[SessionRow] = relationship(viewonly=True, lazy="raise")


class HandoverNote(Base):
    """What an officer notes for colleagues, masked; the citizen never sees it. It goes with the request."""

    __tablename__ = "handover_note"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    officer: Mapped[str] = mapped_column(_OFFICER)
    text: Mapped[str] = mapped_column(Text)


class HandoverDraft(Base):
    """A reply that an officer has begun and not sent, so that nothing typed is lost. It goes with the request."""

    __tablename__ = "handover_draft"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id", ondelete="CASCADE"), primary_key=True)
    officer: Mapped[str] = mapped_column(_OFFICER, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class HandoverAudit(Base):
    """Which officer did what with a request, and when; nothing of the citizen's, so it outlives an erasure."""

    __tablename__ = "handover_audit"
    __table_args__ = (Index("ix_handover_audit_code", "code"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    code: Mapped[str] = mapped_column(_CODE)
    officer: Mapped[str] = mapped_column(_OFFICER)
    action: Mapped[str] = mapped_column(String(8))


class ConsentRow(Base):
    """That a person has read or answered a notice: which ``version`` of it, when, and what they said.

    ``decision`` is ``noticed`` (read before the first message), ``given``, ``refused`` or ``withdrawn``.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_channel_sender", "channel", "sender"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(16))
    at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)


_TABLES = (
    SessionRow,
    CaseRow,
    MessageRow,
    TurnLog,
    FeedbackRow,
    HandoverRow,
    HandoverNote,
    HandoverDraft,
    HandoverAudit,
    ConsentRow,
)
TABLE_NAMES = frozenset(row.__tablename__ for row in _TABLES)
