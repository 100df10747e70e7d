"""Requests as the citizen's side reads and writes them. Each function runs inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.handover.draft import Change
from bot.conversation.models import HandoverRow, MessageRow, SessionRow, TurnLog

_NEWEST = 10
_LOOKED_BACK = 30


def apply(db: Session, session_id: str, change: Change, now: dt.datetime, *, until: dt.datetime) -> None:
    """Do to the requests what a turn decided; a conversation with a new one lives ``until`` then at least.

    A request that an officer closed or an erasure removed meanwhile stays as it is.
    """
    if change.question is not None:
        db.add(
            HandoverRow(
                session_id=session_id, code=change.code, state="waiting", question=change.question, requested_at=now
            )
        )
        keep_open(db, session_id, until)
    mine = (HandoverRow.session_id == session_id, HandoverRow.code == change.code, HandoverRow.state != "closed")
    if change.phone is not None:
        db.execute(update(HandoverRow).where(*mine).values(phone=change.phone))
    if change.withdrawn:
        db.execute(update(HandoverRow).where(*mine).values(state="closed", closed_at=now, phone=None))


def keep_open(db: Session, session_id: str, until: dt.datetime) -> None:
    """Let a conversation live ``until`` then, so that an answer still finds the citizen."""
    longer = update(SessionRow).where(SessionRow.id == session_id, SessionRow.expires_at < until)
    db.execute(longer.values(expires_at=until))


def of_session(db: Session, session_id: str) -> list[HandoverRow]:
    """The newest requests of a conversation, newest first; those that are open and those that are not."""
    query = select(HandoverRow).where(HandoverRow.session_id == session_id)
    return list(db.scalars(query.order_by(HandoverRow.id.desc()).limit(_NEWEST)))


def any_open(db: Session, session_id: str) -> bool:
    """Whether a person has yet to answer something of this conversation."""
    mine = (HandoverRow.session_id == session_id, HandoverRow.state != "closed")
    return db.scalar(select(HandoverRow.id).where(*mine).limit(1)) is not None


def by_code(db: Session, code: str) -> HandoverRow | None:
    """The request with that receipt."""
    return db.scalar(select(HandoverRow).where(HandoverRow.code == code))


def fresh_code(db: Session, draw: Callable[[], str]) -> str:
    """A receipt that no request bears."""
    code = draw()
    while db.scalar(select(exists().where(HandoverRow.code == code))):
        code = draw()
    return code


def last_question(db: Session, session_id: str, *, but_turn: str, but_intents: Collection[str]) -> str:
    """The newest question that the citizen typed and no person has yet, masked; else empty.

    Turn ``but_turn`` and those with intents ``but_intents`` are passed over.
    """
    sent = select(HandoverRow.question).where(HandoverRow.session_id == session_id)
    query = (
        select(MessageRow.text, TurnLog.intent)
        .join(TurnLog, TurnLog.turn_id == MessageRow.turn_id)
        .where(
            MessageRow.session_id == session_id,
            MessageRow.role == "citizen",
            MessageRow.turn_id != but_turn,
            TurnLog.button.is_(None),
            # What Rasa was not asked about is a number, a receipt or unreadable – unless she could not be reached.
            or_(TurnLog.intent.is_not(None), TurnLog.status.in_(("unavailable", "error"))),
            MessageRow.text.not_in(sent),
        )
        .order_by(MessageRow.seq.desc())
        .limit(_LOOKED_BACK)
    )
    return next((row.text for row in db.execute(query) if row.intent not in but_intents), "")


def asked_last(db: Session, session_id: str) -> tuple[str, dict[str, Any], list[dict[str, str]]] | None:
    """Text, answer and signed buttons of the newest message that put a question of a check."""
    query = select(MessageRow).where(MessageRow.session_id == session_id, MessageRow.role == "bot")
    for row in db.scalars(query.order_by(MessageRow.seq.desc()).limit(_LOOKED_BACK)):
        if row.answer is not None and row.answer["asks"] is not None:
            return row.text, row.answer, row.buttons
    return None
