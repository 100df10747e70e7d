"""Everything that is kept of one person, as JSON that they can read and take elsewhere.

A telephone number is sealed and leaves only through the officer who claimed the request; the export says that there is
one. Officers' notes on a request are in it, with personal numbers masked and without the officer's name; replies that
were never sent are not.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.conversation.clock import shown
from bot.conversation.models import (
    CaseRow,
    ConsentRow,
    FeedbackRow,
    HandoverNote,
    HandoverRow,
    MessageRow,
    SessionRow,
    TurnLog,
)
from bot.conversation.repository import require_session


def of_session(db: Session, session_id: str, now: dt.datetime) -> dict[str, Any]:
    """What is kept of whoever speaks in a living session; ``SessionGoneError``."""
    return of_person(db, require_session(db, session_id, now), now)


def of_person(db: Session, session: SessionRow, now: dt.datetime) -> dict[str, Any]:
    """What is kept of whoever speaks, or spoke, in ``session``, in all their conversations."""
    same = (SessionRow.channel == session.channel, SessionRow.sender == session.sender)
    sessions = db.scalars(select(SessionRow).where(*same).order_by(SessionRow.created_at, SessionRow.id)).all()
    heard = (ConsentRow.channel == session.channel, ConsentRow.sender == session.sender)
    consents = db.scalars(select(ConsentRow).where(*heard).order_by(ConsentRow.id))
    return {
        "exported_at": shown(now),
        "channel": session.channel,
        "conversations": [_conversation(db, each) for each in sessions],
        "consents": [{"version": row.version, "decision": row.decision, "at": shown(row.at)} for row in consents],
    }


def _conversation(db: Session, session: SessionRow) -> dict[str, Any]:
    case = db.get_one(CaseRow, session.id)
    return {
        "began_at": shown(session.created_at),
        "ends_at": shown(session.expires_at),
        "erased_at": _moment(session.erased_at),
        "case": case.data,
        "handover_draft": case.handover,
        "messages": [
            {"role": row.role, "text": row.text, "sent_at": shown(row.sent_at), "answer": row.answer}
            for row in _rows(db, MessageRow, MessageRow.session_id == session.id, MessageRow.seq)
        ],
        "log": [
            {
                "asked_at": shown(row.asked_at),
                "question": row.question,
                "status": row.status,
                "topic": row.topic,
                "program": row.program,
                "understanding": row.understanding,
                "answers": row.answers,
            }
            for row in _rows(db, TurnLog, TurnLog.session_id == session.id, TurnLog.asked_at)
        ],
        "feedback": [
            {"message": row.message_id, "value": row.value, "reason": row.reason, "given_at": shown(row.given_at)}
            for row in _rows(db, FeedbackRow, FeedbackRow.session_id == session.id, FeedbackRow.id)
        ],
        "requests": [
            {
                "code": row.code,
                "state": row.state,
                "question": row.question,
                "has_phone": row.phone is not None,
                "requested_at": shown(row.requested_at),
                "answered_at": _moment(row.answered_at),
                "closed_at": _moment(row.closed_at),
                "notes": [
                    {"at": shown(note.at), "text": note.text}
                    for note in _rows(db, HandoverNote, HandoverNote.handover_id == row.id, HandoverNote.id)
                ],
            }
            for row in _rows(db, HandoverRow, HandoverRow.session_id == session.id, HandoverRow.id)
        ],
    }


def _rows(db: Session, table: type[Any], which: ColumnElement[bool], order: Any) -> list[Any]:
    return list(db.scalars(select(table).where(which).order_by(order)))


def _moment(at: dt.datetime | None) -> str | None:
    return None if at is None else shown(at)
