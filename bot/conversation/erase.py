"""Erasing what a citizen told us.

Messages, cases, feedback, requests to officers – question, telephone number, receipt –, what waits to be sent and what
the review keeps of them (``review/forget.py``) go. The log's rows stay as figures – when, which program, which status –
with everything that the citizen wrote, or that names them, taken out.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation import consents
from bot.conversation.mail.models import Correspondent, InboxRow, OutboxRow
from bot.conversation.models import CaseRow, FeedbackRow, HandoverRow, MessageRow, SessionRow, TurnLog
from bot.conversation.review.forget import forget

STRIPPED = {
    "session_id": None,
    "sender": None,
    "message_id": None,
    "question": None,
    "normalised": None,
    "button": None,
    "understanding": None,
    "answers": None,
    "commune": None,
}


def erase_sender(db: Session, session: SessionRow, now: dt.datetime, *, keep_turn: str | None) -> None:
    """Erase the data of whoever speaks in ``session``, in all their sessions.

    ``keep_turn`` is the turn that asked for it: its two messages stay, so that the citizen
    reads that it was done; its row in the log is stripped like the others.
    """
    same_sender = (SessionRow.channel == session.channel, SessionRow.sender == session.sender)
    sessions = select(SessionRow.id).where(*same_sender).scalar_subquery()
    kept = or_(MessageRow.turn_id.is_(None), MessageRow.turn_id != keep_turn) if keep_turn else None
    messages = delete(MessageRow).where(MessageRow.session_id.in_(sessions))
    db.execute(messages if kept is None else messages.where(kept))
    db.execute(delete(FeedbackRow).where(FeedbackRow.session_id.in_(sessions)))
    db.execute(delete(HandoverRow).where(HandoverRow.session_id.in_(sessions)))
    forget(db, select(TurnLog.turn_id).where(TurnLog.session_id.in_(sessions)))
    db.execute(update(TurnLog).where(TurnLog.session_id.in_(sessions)).values(**STRIPPED))
    # A higher version makes a turn that another process has under way fail to store its old case.
    cases = update(CaseRow).where(CaseRow.session_id.in_(sessions))
    db.execute(cases.values(data={}, handover=None, version=CaseRow.version + 1))
    db.execute(update(SessionRow).where(*same_sender).values(erased_at=now))
    # What was on its way answers what is erased now. What is past keeps no sender.
    mail = (OutboxRow.channel == session.channel, OutboxRow.sender == session.sender)
    gone = {"state": "dropped", "reason": "erased", "body": None, "digest": None}
    db.execute(update(OutboxRow).where(*mail, OutboxRow.state.in_(("waiting", "sending", "unclear"))).values(**gone))
    db.execute(update(OutboxRow).where(*mail).values(sender=None))
    past = (InboxRow.channel == session.channel, InboxRow.sender == session.sender, InboxRow.state == "done")
    db.execute(update(InboxRow).where(*past).values(sender=None))
    # That they read a notice, and took back what they agreed to, is what we have to prove: of that the record stays.
    consents.withdraw(db, session.channel, session.sender, now)
    # Whether we may keep anything is asked anew.
    same_person = (Correspondent.channel == session.channel, Correspondent.sender == session.sender)
    db.execute(update(Correspondent).where(*same_person).values(consent="", menu=None))


def erase_turn(db: Session, session_id: str, message_id: str) -> None:
    """Erase what one turn said, of whoever has not agreed to have it kept; its figures stay in the log.

    The case stays: it is what the citizen's next message goes on from.
    """
    asked = select(MessageRow.turn_id).where(MessageRow.session_id == session_id, MessageRow.id == message_id)
    turn_id = db.scalar(asked)
    if turn_id is not None:
        db.execute(delete(MessageRow).where(MessageRow.turn_id == turn_id))
        forget(db, select(TurnLog.turn_id).where(TurnLog.turn_id == turn_id))
        db.execute(update(TurnLog).where(TurnLog.turn_id == turn_id).values(**STRIPPED))
