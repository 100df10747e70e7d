"""What the nightly job does, in small batches: each step changes at most ``limit`` rows and says how many.

A step that changed fewer has nothing left to do. Each runs inside the caller's transaction, and again after a crash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import JSON, ColumnElement, String, and_, case, cast, delete, func, literal, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.conversation.erase import STRIPPED
from bot.conversation.figures.counts import roll
from bot.conversation.mail import people
from bot.conversation.mail.models import Correspondent, InboxRow, OutboxRow
from bot.conversation.models import CaseRow, ConsentRow, HandoverRow, MessageRow, SessionRow, TurnLog
from bot.conversation.retention.limits import Periods
from bot.conversation.review.forget import forget
from bot.conversation.rows import changed
from bot.knowledge.editing.tables import RunRecord

# As the indexes have it: PostgreSQL and SQLite use a partial index for exactly its own words.
_BULKY = text("answers IS NOT NULL")
_WORDED = text("question IS NOT NULL")
_EMPTY_CASE = ("{}", "null")
# That a button was pressed stays, so that its title is never taken for typed words; what it did goes.
_PRESSED = case((TurnLog.button.is_not(None), literal({}, JSON)))

Step = Callable[[Session, Periods, dt.datetime, int], int]


def forget_cases(db: Session, _periods: Periods, now: dt.datetime, limit: int) -> int:
    """What was said of a household goes with the conversation, the night after: nothing goes on from it any more."""
    told = or_(cast(CaseRow.data, String).not_in(_EMPTY_CASE), CaseRow.handover.is_not(None))
    ended = select(CaseRow.session_id).join(SessionRow).where(SessionRow.expires_at <= now, told).limit(limit)
    # A higher version makes a turn under way fail to store its old case.
    emptied = update(CaseRow).where(CaseRow.session_id.in_(ended))
    return changed(db, emptied.values(data={}, handover=None, version=CaseRow.version + 1))


def prune_log(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """What was understood and answered goes from the log; question, status and times stay, and that it was a button."""
    old = select(TurnLog.turn_id).where(TurnLog.asked_at <= now - periods.parse, _BULKY)
    pruned = update(TurnLog).where(TurnLog.turn_id.in_(old.order_by(TurnLog.asked_at).limit(limit)))
    gone = {"answers": None, "understanding": None, "normalised": None, "durations": None}
    return changed(db, pruned.values(**gone, button=_PRESSED))


def prune_messages(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Answer objects and buttons go from messages, but those that a printed address still opens."""
    opened = and_(MessageRow.sent_at > now - periods.checklist, _checklist().is_not(None))
    bulky = (MessageRow.answer.is_not(None), MessageRow.sent_at <= now - periods.parse, ~func.coalesce(opened, False))
    old = select(MessageRow.seq).where(*bulky).order_by(MessageRow.sent_at).limit(limit)
    return changed(db, update(MessageRow).where(MessageRow.seq.in_(old)).values(answer=None, buttons=[]))


def strip_log(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """What citizens wrote, and what ties a turn to a person, goes from the log and the review; the figures stay."""
    old = select(TurnLog.turn_id).where(TurnLog.asked_at <= now - periods.text, _WORDED)
    old = old.order_by(TurnLog.asked_at, TurnLog.turn_id).limit(limit)
    forget(db, old)
    stripped = update(TurnLog).where(TurnLog.turn_id.in_(old))
    figures = {name: value for name, value in STRIPPED.items() if name != "commune"}
    return changed(db, stripped.values(**figures, durations=None))


def delete_handovers(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Questions to officers go a while after they were closed; one that nobody closed, as long after it was asked."""
    ended = func.coalesce(HandoverRow.closed_at, HandoverRow.requested_at)
    old = select(HandoverRow.id).where(ended <= now - periods.handover).limit(limit)
    return changed(db, delete(HandoverRow).where(HandoverRow.id.in_(old)))


def delete_messages(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Messages go, unless an officer's request of their conversation is still kept."""
    old = select(MessageRow.seq).where(MessageRow.sent_at <= now - max(periods.text, periods.checklist))
    old = old.where(~_has_request(MessageRow.session_id)).order_by(MessageRow.sent_at).limit(limit)
    return changed(db, delete(MessageRow).where(MessageRow.seq.in_(old)))


def delete_sessions(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Conversations that ended go with all that hangs on them, feedback too."""
    longest = max(periods.text, periods.checklist)
    old = select(SessionRow.id).where(SessionRow.expires_at <= now - longest, ~_has_request(SessionRow.id))
    return changed(db, delete(SessionRow).where(SessionRow.id.in_(old.limit(limit))))


def sweep_mail(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Leftovers of mail, also of channels that are no longer set up and so sweep nothing themselves."""
    for channel in db.scalars(select(Correspondent.channel).union(select(OutboxRow.channel), select(InboxRow.channel))):
        people.sweep(db, channel, now)
    unread = select(InboxRow.id).where(InboxRow.state == "waiting", InboxRow.received_at <= now - periods.parse)
    lapsed = update(InboxRow).where(InboxRow.id.in_(unread.limit(limit)))
    return changed(db, lapsed.values(state="done", outcome="lapsed", body=None))


def delete_consents(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """A record of consent goes when nothing is kept any more that it was given for."""
    same = (SessionRow.channel == ConsentRow.channel, SessionRow.sender == ConsentRow.sender)
    known = (Correspondent.channel == ConsentRow.channel, Correspondent.sender == ConsentRow.sender)
    old = select(ConsentRow.id).where(
        ConsentRow.at <= now - periods.counts,
        ~select(SessionRow.id).where(*same).exists(),
        ~select(Correspondent.sender).where(*known).exists(),
    )
    return changed(db, delete(ConsentRow).where(ConsentRow.id.in_(old.limit(limit))))


def roll_counts(db: Session, periods: Periods, now: dt.datetime, limit: int) -> int:
    """Rows of the log become counts of their day."""
    return roll(db, now - periods.counts, limit=limit)


def delete_runs(db: Session, _periods: Periods, now: dt.datetime, limit: int) -> int:
    """Dry runs of officers go when they can no longer be looked at."""
    old = select(RunRecord.id).where(RunRecord.kept_until <= now).limit(limit)
    return changed(db, delete(RunRecord).where(RunRecord.id.in_(old)))


STEPS: dict[str, Step] = {
    "cases": forget_cases,
    "log_parse": prune_log,
    "message_answers": prune_messages,
    "log_text": strip_log,
    "handovers": delete_handovers,
    "messages": delete_messages,
    "sessions": delete_sessions,
    "mail": sweep_mail,
    "consents": delete_consents,
    "log_rows": roll_counts,
    "runs": delete_runs,
}
"""The steps by the name under which ``retention_run`` counts them, in their order."""


def _checklist() -> ColumnElement[str]:
    url: ColumnElement[str] = MessageRow.answer["checklist_url"].as_string()
    return url


def _has_request(session_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return select(HandoverRow.id).where(HandoverRow.session_id == session_id).exists()
