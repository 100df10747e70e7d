"""Requests as officers read and answer them. Each function runs inside the caller's transaction.

Only the officer who claimed a request writes to its citizen, sees the telephone number and closes it. What they do is
written down in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.conversation import exports, repository
from bot.conversation.handover import acts, requests
from bot.conversation.messages import Message
from bot.conversation.models import HandoverRow, SessionRow
from bot.conversation.rows import changed

State = Literal["waiting", "claimed", "closed"]


class RequestUnknownError(Exception):
    """No request bears that code: mistyped, or erased by its citizen."""


class NotClaimedError(Exception):
    """The request must be claimed first."""


class ClaimedByOtherError(Exception):
    """Another officer has claimed the request."""


class RequestClosedError(Exception):
    """The request is closed."""


class NoPhoneError(Exception):
    """The citizen left no number."""


class CitizenGoneError(Exception):
    """The citizen's conversation has ended, so no message reaches them there."""


@dataclass(frozen=True)
class Request:
    """A request as officers see it; ``has_phone`` says that there is a number, not which."""

    id: int
    code: str
    state: str
    channel: str
    question: str
    has_phone: bool
    requested_at: dt.datetime
    claimed_by: str | None
    claimed_at: dt.datetime | None
    answered_at: dt.datetime | None
    closed_at: dt.datetime | None


@dataclass(frozen=True)
class Sent:
    """An officer's message, stored, and where it has to go."""

    channel: str
    session_id: str
    message: Message


def listed(db: Session, state: State, after: int | None, *, limit: int) -> list[Request]:
    """Up to ``limit`` requests in a state, behind the one with id ``after``.

    What is open comes oldest first, who waits longest on top; what is closed, newest first.
    """
    newest_first = state == "closed"
    query = select(HandoverRow, SessionRow.channel).join(SessionRow).where(HandoverRow.state == state)
    if after is not None:
        query = query.where(HandoverRow.id < after if newest_first else HandoverRow.id > after)
    query = query.order_by(HandoverRow.id.desc() if newest_first else HandoverRow.id).limit(limit)
    return [_request(row, channel) for row, channel in db.execute(query)]


def read(db: Session, code: str) -> Request:
    """One request; ``RequestUnknownError``."""
    row = _find(db, code)
    return _request(row, db.get_one(SessionRow, row.session_id).channel)


def messages(db: Session, code: str, officer: str, after: int, now: dt.datetime, *, limit: int) -> list[Message]:
    """The conversation of a request, masked as it is stored, behind position ``after``, oldest first.

    That an officer began to read it is written down; that they look for what is new is not.
    """
    row = _find(db, code)
    if after == 0:
        _write_down(db, row, officer, "read", now)
    return repository.all_since(db, row.session_id, after, limit=limit)


def export(db: Session, code: str, officer: str, now: dt.datetime) -> dict[str, Any]:
    """Everything that is kept of the citizen of a request, as ``exports`` has it; written down."""
    row = _find(db, code)
    _write_down(db, row, officer, "export", now)
    return exports.of_person(db, db.get_one(SessionRow, row.session_id), now)


def claim(db: Session, code: str, officer: str, now: dt.datetime) -> Request:
    """Take a request; again by the same officer changes nothing.

    Raises ``RequestUnknownError``, ``ClaimedByOtherError`` and ``RequestClosedError``.
    """
    row = _find(db, code)
    free = update(HandoverRow).where(HandoverRow.id == row.id, HandoverRow.state == "waiting")
    taken = changed(db, free.values(state="claimed", claimed_by=officer, claimed_at=now))
    db.refresh(row)
    if taken:
        _write_down(db, row, officer, "claim", now)
    else:
        _require_claimed(row, officer)
    return _request(row, db.get_one(SessionRow, row.session_id).channel)


def release(db: Session, code: str, officer: str, now: dt.datetime, *, of_anyone: bool = False) -> None:
    """Let a request wait for another officer again.

    Its holder may, and ``of_anyone`` says that this officer may for every holder. Raises as ``reply`` does.
    """
    _hand_over(db, code, officer, of_anyone=of_anyone, state="waiting", claimed_by=None, claimed_at=None)
    acts.write_down(db, code, officer, "release", now)


def pass_on(db: Session, code: str, officer: str, now: dt.datetime, *, to: str, of_anyone: bool = False) -> None:
    """Give a request to the officer ``to``; who may is as with ``release``."""
    _hand_over(db, code, officer, of_anyone=of_anyone, state="claimed", claimed_by=to, claimed_at=now)
    acts.write_down(db, code, officer, "pass_on", now)


def count_waiting(db: Session) -> int:
    """How many requests no officer has claimed."""
    return db.scalar(select(func.count()).where(HandoverRow.state == "waiting")) or 0


def reply(
    db: Session, code: str, officer: str, *, message_id: str, text: str, now: dt.datetime, until: dt.datetime
) -> Sent:
    """Store an officer's message in the citizen's conversation; the same ``message_id`` again stores nothing.

    The conversation then lives ``until`` then at least. Raises ``CitizenGoneError``, ``IdTakenError`` and what
    ``claim`` raises, and ``NotClaimedError``.
    """
    row = _claimed(db, code, officer)
    try:
        session = repository.require_session(db, row.session_id, now)
    except repository.SessionGoneError:
        raise CitizenGoneError from None
    message, new = repository.add_officer_message(db, session.id, message_id, text, now)
    if new:
        row.answered_at = now
        requests.keep_open(db, session.id, until)
        _write_down(db, row, officer, "reply", now)
    return Sent(session.channel, session.id, message)


def sealed_phone(db: Session, code: str, officer: str, now: dt.datetime) -> str:
    """The sealed number, for the officer who claimed the request; each look is written down.

    Raises ``NoPhoneError`` and what ``reply`` raises.
    """
    row = _claimed(db, code, officer)
    if row.phone is None:
        raise NoPhoneError
    _write_down(db, row, officer, "phone", now)
    return row.phone


def close(db: Session, code: str, officer: str, now: dt.datetime) -> Request:
    """End a request and forget its number; again by the same officer changes nothing. Raises as ``reply`` does."""
    row = _find(db, code)
    if row.state != "closed" or row.claimed_by != officer:
        row = _claimed(db, code, officer)
        row.state, row.closed_at, row.phone = "closed", now, None
        _write_down(db, row, officer, "close", now)
    return _request(row, db.get_one(SessionRow, row.session_id).channel)


def _find(db: Session, code: str) -> HandoverRow:
    row = requests.by_code(db, code)
    if row is None:
        raise RequestUnknownError
    return row


def _hand_over(db: Session, code: str, officer: str, *, of_anyone: bool, **values: object) -> None:
    row = _find(db, code)
    # Whoever holds it by now is looked at in the very statement that takes it away from them.
    held = update(HandoverRow).where(HandoverRow.id == row.id, HandoverRow.state == "claimed")
    if not of_anyone:
        held = held.where(HandoverRow.claimed_by == officer)
    if not changed(db, held.values(**values)):
        db.refresh(row)
        _require_claimed(row, officer)


def _claimed(db: Session, code: str, officer: str) -> HandoverRow:
    # Locked where the database can: it must not be closed between this look and the commit.
    row = db.scalar(select(HandoverRow).where(HandoverRow.code == code).with_for_update())
    if row is None:
        raise RequestUnknownError
    _require_claimed(row, officer)
    return row


def _require_claimed(row: HandoverRow, officer: str) -> None:
    if row.state == "closed":
        raise RequestClosedError
    if row.state == "waiting":
        raise NotClaimedError
    if row.claimed_by != officer:
        raise ClaimedByOtherError


def _write_down(db: Session, row: HandoverRow, officer: str, action: str, now: dt.datetime) -> None:
    acts.write_down(db, row.code, officer, action, now)


def _request(row: HandoverRow, channel: str) -> Request:
    return Request(
        id=row.id,
        code=row.code,
        state=row.state,
        channel=channel,
        question=row.question,
        has_phone=row.phone is not None,
        requested_at=row.requested_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )
