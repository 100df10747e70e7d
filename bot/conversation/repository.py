"""Reading and writing conversations. Each function runs inside the caller's transaction.

No function reads the history of a session to answer a message, so the two hundredth turn costs
what the first did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Executable, and_, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.conversation import consents
from bot.conversation.erase import STRIPPED, erase_sender
from bot.conversation.handover import requests
from bot.conversation.handover.draft import Change
from bot.conversation.messages import Act, Incoming, Message, Role
from bot.conversation.models import CaseRow, FeedbackRow, MessageRow, SessionRow, TurnLog
from bot.conversation.rows import changed
from bot.knowledge.db import Base

# Not with each message: a row that stays as it is costs no write.
_RENEWED_EVERY = dt.timedelta(minutes=5)

# What every turn runs is made once, and goes by the tables: for rows that are read or written once, mapped objects
# would cost more than the database.
_SESSION, _CASE, _MESSAGE, _LOG = (
    Base.metadata.tables[row.__tablename__] for row in (SessionRow, CaseRow, MessageRow, TurnLog)
)
_SENT = and_(_MESSAGE.c.session_id == _SESSION.c.id, _MESSAGE.c.id == bindparam("message"))
_OPEN = (
    select(_SESSION.c.expires_at, _SESSION.c.sender)
    .add_columns(_CASE.c.data, _CASE.c.version, _CASE.c.handover)
    .add_columns(_MESSAGE.c.seq, _MESSAGE.c.role, _MESSAGE.c.turn_id, _MESSAGE.c.state)
    .join_from(_SESSION, _CASE)
    .outerjoin(_MESSAGE, _SENT)
    .where(_SESSION.c.id == bindparam("session"))
)
_ADD = _MESSAGE.insert().returning(_MESSAGE.c.seq)
_END = (
    update(_MESSAGE)
    .where(_MESSAGE.c.turn_id == bindparam("turn"), _MESSAGE.c.state == "received")
    .values(state=bindparam("ended"))
)
_CHANGE_CASE = update(_CASE).where(_CASE.c.session_id == bindparam("session"), _CASE.c.version == bindparam("read"))
_CHANGE_LOG = update(_LOG).where(_LOG.c.turn_id == bindparam("turn"))


class SessionGoneError(Exception):
    """The session does not exist, has expired or was erased."""


class IdTakenError(Exception):
    """The id that a client gave its message is that of a message of ours."""


class MessageUnknownError(Exception):
    """No such message in this session."""


class ConflictError(Exception):
    """Another process has committed a turn of this conversation meanwhile."""


@dataclass(frozen=True)
class Asked:
    """What the log says of the citizen's message: ``question`` masked, ``normalised`` as Rasa gets it."""

    question: str
    normalised: str
    masked_kinds: list[str]
    button: Act | None


@dataclass(frozen=True)
class Opened:
    """A turn that has begun: its id, the case it works on, and stored replies if it ran before.

    ``handover`` is what the hand-over waits to hear, as stored.
    """

    turn_id: str
    case: dict[str, Any]
    version: int
    replies: list[Message] | None
    handover: dict[str, Any] | None = None


@dataclass(frozen=True)
class Reply:
    """A message about to be stored; ``buttons`` carry signed payloads."""

    text: str
    answer: dict[str, Any]
    buttons: list[dict[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What a turn leaves behind; ``case`` and ``handover`` are ``None`` when they stay as they were.

    ``log`` holds columns of the log. ``erase`` removes all that stood before this turn. ``open_until`` is how long
    the conversation lives at least when it asks a person.
    """

    replies: list[Reply]
    state: str
    log: dict[str, Any]
    case: dict[str, Any] | None = None
    erase: bool = False
    handover: Change | None = None
    open_until: dt.datetime | None = None


def create_session(
    db: Session,
    *,
    session_id: str,
    channel: str,
    sender: str,
    now: dt.datetime,
    expires: dt.datetime,
    greeting: Reply,
    notice: str | None = None,
) -> Message:
    """A new conversation that begins with a greeting; returns that. ``notice`` is the version that was accepted."""
    add_session(db, session_id=session_id, channel=channel, sender=sender, now=now, expires=expires)
    if notice is not None:
        consents.record(db, channel, sender, notice, "noticed", now)
    return add_message(db, session_id, "bot", greeting, now)


def add_session(
    db: Session, *, session_id: str, channel: str, sender: str, now: dt.datetime, expires: dt.datetime
) -> None:
    """A new conversation with an empty case, in which the citizen has the first word."""
    db.add(SessionRow(id=session_id, channel=channel, sender=sender, created_at=now, expires_at=expires))
    db.flush()
    db.add(CaseRow(session_id=session_id, data={}, version=0))


def renew_session(db: Session, channel: str, sender: str, now: dt.datetime, expires: dt.datetime) -> str | None:
    """The newest living conversation of a sender, which then lives until about ``expires``; ``None`` without one."""
    alive = (SessionRow.channel == channel, SessionRow.sender == sender, SessionRow.expires_at > now)
    row = db.scalar(select(SessionRow).where(*alive).order_by(SessionRow.created_at.desc()).limit(1))
    if row is None:
        return None
    if expires - row.expires_at > _RENEWED_EVERY:
        row.expires_at = expires
    return row.id


def add_message(
    db: Session, session_id: str, role: Role, reply: Reply, now: dt.datetime, turn_id: str | None = None
) -> Message:
    """Store a message of the bot or of an officer."""
    given: dict[str, Any] = {"text": reply.text, "sent_at": now, "answer": reply.answer, "buttons": reply.buttons}
    given |= {"id": str(uuid.uuid4()), "role": role}
    seq = db.execute(_ADD, {"session_id": session_id, "turn_id": turn_id, **given}).scalar_one()
    return Message(seq=seq, **given)


def add_officer_message(
    db: Session, session_id: str, message_id: str, text: str, now: dt.datetime
) -> tuple[Message, bool]:
    """Store an officer's message under the id that their client gave it, and say whether it is new.

    Raises ``IdTakenError`` when that is the id of another message of the conversation.
    """
    row = _find(db, session_id, message_id)
    if row is not None:
        if row.role != "officer" or row.text != text:
            raise IdTakenError
        return _message(row), False
    row = MessageRow(
        session_id=session_id,
        id=message_id,
        turn_id=None,
        role="officer",
        text=text,
        sent_at=now,
        state=None,
        answer=None,
        buttons=[],
    )
    db.add(row)
    db.flush()
    return _message(row), True


def require_session(db: Session, session_id: str, now: dt.datetime) -> SessionRow:
    """The living session; ``SessionGoneError`` when there is none."""
    row = db.get(SessionRow, session_id)
    if row is None or row.expires_at <= now:
        raise SessionGoneError
    return row


def open_turn(db: Session, incoming: Incoming, asked: Asked, now: dt.datetime) -> Opened:
    """Begin a turn: log the question and read the case – or find what the turn has said already.

    A message left ``received`` belongs to a process that was killed (or to another one at work,
    which ``commit_turn`` tells apart): it runs again under its old turn id.
    Raises ``SessionGoneError``, ``IdTakenError`` and ``ConflictError``.
    """
    row = db.execute(_OPEN, {"session": incoming.session_id, "message": incoming.id}).one_or_none()
    if row is None or row.expires_at <= now:
        raise SessionGoneError
    replies: list[Message] | None = None
    if row.seq is None:
        turn_id = uuid.uuid4().hex
        try:
            db.execute(_MESSAGE.insert(), _citizen_message(incoming, asked, turn_id, now))
            db.execute(_LOG.insert(), _log_row(row.sender, incoming, asked, turn_id, now))
        except IntegrityError:
            raise ConflictError from None  # Another process was faster by a hair.
    elif row.role != "citizen" or row.turn_id is None:
        raise IdTakenError
    else:
        turn_id = row.turn_id
        replies = _replies(db, turn_id) if row.state != "received" else None
    return Opened(turn_id, row.data, row.version, replies, row.handover)


def commit_turn(db: Session, incoming: Incoming, opened: Opened, outcome: Outcome, now: dt.datetime) -> list[Message]:
    """End a turn: state, case, replies and log together.

    Raises ``ConflictError`` when another process has ended this turn, or changed the case
    since it was read; nothing is written then.
    """
    _change_one(db, _END, {"turn": opened.turn_id, "ended": outcome.state})
    if outcome.erase:
        erase_sender(db, require_session(db, incoming.session_id, now), now, keep_turn=opened.turn_id)
    elif outcome.case is not None or outcome.handover is not None:
        _remember(db, incoming.session_id, opened, outcome, now)
    messages = [add_message(db, incoming.session_id, "bot", reply, now, opened.turn_id) for reply in outcome.replies]
    log = {**outcome.log, **STRIPPED} if outcome.erase else outcome.log
    db.execute(_CHANGE_LOG, {"turn": opened.turn_id, **log})
    return messages


def reply_of(db: Session, turn_id: str, number: int) -> Message | None:
    """The ``number``-th reply of a turn, counted from 0; ``None`` when it was erased."""
    replies = _replies(db, turn_id)
    return replies[number] if number < len(replies) else None


def history(db: Session, session_id: str, after: str | None, now: dt.datetime, *, limit: int) -> list[Message]:
    """Up to ``limit`` messages after the one with id ``after``; without it, the last ones.

    Raises ``SessionGoneError`` and ``MessageUnknownError``.
    """
    require_session(db, session_id, now)
    query = select(MessageRow).where(MessageRow.session_id == session_id)
    if after is None:
        rows = db.scalars(query.order_by(MessageRow.seq.desc()).limit(limit)).all()[::-1]
    else:
        anchor = _find(db, session_id, after)
        if anchor is None:
            raise MessageUnknownError
        rows = db.scalars(query.where(MessageRow.seq > anchor.seq).order_by(MessageRow.seq).limit(limit)).all()
    return [_message(row) for row in rows]


def position(db: Session, session_id: str, after: str | None, now: dt.datetime) -> int:
    """Where an event stream starts: behind message ``after``, else behind the newest.

    A message that is no longer there (erased) counts as the beginning.
    """
    require_session(db, session_id, now)
    if after is not None:
        anchor = _find(db, session_id, after)
        return anchor.seq if anchor is not None else 0
    newest = select(MessageRow.seq).where(MessageRow.session_id == session_id)
    return db.scalar(newest.order_by(MessageRow.seq.desc()).limit(1)) or 0


def said_since(db: Session, session_id: str, seq: int, now: dt.datetime) -> list[Message]:
    """What bot and officers said in a session behind position ``seq``, oldest first."""
    require_session(db, session_id, now)
    query = (
        select(MessageRow)
        .where(MessageRow.session_id == session_id, MessageRow.seq > seq, MessageRow.role != "citizen")
        .order_by(MessageRow.seq)
        .limit(100)
    )
    return [_message(row) for row in db.scalars(query)]


def all_since(db: Session, session_id: str, seq: int, *, limit: int) -> list[Message]:
    """Up to ``limit`` messages of all sides behind position ``seq``, oldest first, whether the session lives or not."""
    query = select(MessageRow).where(MessageRow.session_id == session_id, MessageRow.seq > seq)
    return [_message(row) for row in db.scalars(query.order_by(MessageRow.seq).limit(limit))]


def spoken_to_since(db: Session, seq: int) -> tuple[int, set[str]]:
    """Of all sessions: the newest position, and which have messages behind ``seq``."""
    rows = db.execute(select(MessageRow.seq, MessageRow.session_id).where(MessageRow.seq > seq)).all()
    return max((row.seq for row in rows), default=seq), {row.session_id for row in rows}


def newest_position(db: Session) -> int:
    """The position of the newest message of all sessions."""
    return db.scalar(select(MessageRow.seq).order_by(MessageRow.seq.desc()).limit(1)) or 0


def give_feedback(
    db: Session, *, session_id: str, message_id: str, value: int, reason: str | None, now: dt.datetime
) -> None:
    """Store what the citizen thinks of a message; a second word replaces the first.

    Raises ``SessionGoneError``, and ``MessageUnknownError`` for what is no message of the bot.
    """
    require_session(db, session_id, now)
    row = _find(db, session_id, message_id)
    if row is None or row.role == "citizen":
        raise MessageUnknownError
    given = db.scalar(
        select(FeedbackRow).where(FeedbackRow.session_id == session_id, FeedbackRow.message_id == message_id)
    )
    if given is None:
        given = FeedbackRow(session_id=session_id, message_id=message_id, turn_id=row.turn_id)
        db.add(given)
    given.value, given.reason, given.given_at = value, reason, now
    if row.turn_id is not None:
        db.execute(update(TurnLog).where(TurnLog.turn_id == row.turn_id).values(rating=value))


def close_session(db: Session, session_id: str, now: dt.datetime) -> None:
    """Erase the citizen's data and end the session; ``SessionGoneError`` when it has ended."""
    session = require_session(db, session_id, now)
    erase_sender(db, session, now, keep_turn=None)
    session.expires_at = now


def check(db: Session) -> None:
    """Touch a table of ours: raises SQLAlchemy's error when the database can't serve a turn."""
    db.execute(select(SessionRow.id).limit(1))


def _change_one(db: Session, statement: Executable, values: dict[str, Any]) -> None:
    if changed(db, statement, values) != 1:
        raise ConflictError


def _find(db: Session, session_id: str, message_id: str) -> MessageRow | None:
    return db.scalar(select(MessageRow).where(MessageRow.session_id == session_id, MessageRow.id == message_id))


def _replies(db: Session, turn_id: str) -> list[Message]:
    query = select(MessageRow).where(MessageRow.turn_id == turn_id, MessageRow.role == "bot")
    return [_message(row) for row in db.scalars(query.order_by(MessageRow.seq))]


def _remember(db: Session, session_id: str, opened: Opened, outcome: Outcome, now: dt.datetime) -> None:
    values: dict[str, Any] = {"version": opened.version + 1}
    if outcome.case is not None:
        values["data"] = outcome.case
    if outcome.handover is not None:
        draft = outcome.handover.draft
        values["handover"] = None if draft is None else draft.to_json()
    _change_one(db, _CHANGE_CASE, {"session": session_id, "read": opened.version, **values})
    if outcome.handover is not None:
        requests.apply(db, session_id, outcome.handover, now, until=outcome.open_until or now)


def _citizen_message(incoming: Incoming, asked: Asked, turn_id: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "session_id": incoming.session_id,
        "id": incoming.id,
        "turn_id": turn_id,
        "role": "citizen",
        "text": asked.question,
        "sent_at": now,
        "state": "received",
        "buttons": [],
    }


def _log_row(sender: str, incoming: Incoming, asked: Asked, turn_id: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "turn_id": turn_id,
        "asked_at": now,
        "session_id": incoming.session_id,
        "channel": incoming.channel,
        "sender": sender,
        "message_id": incoming.id,
        "question": asked.question,
        "normalised": asked.normalised,
        "masked_kinds": asked.masked_kinds,
        "button": asked.button,
    }


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.id,
        role=cast("Role", row.role),
        text=row.text,
        sent_at=row.sent_at,
        buttons=row.buttons,
        answer=row.answer,
        seq=row.seq,
    )
