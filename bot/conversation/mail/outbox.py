"""The outbox: what is to be sent, in order for each correspondent, and what became of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bot.conversation.mail.models import OPEN_STATES, SET_BACK, OutboxRow
from bot.conversation.rows import insert_missing

# One echo now and then shows that they come; to note each would be a write for every message.
_ECHO_NOTED = dt.timedelta(hours=1)


class Fate(StrEnum):
    """What became of a message, in the order in which the worst of its parts tells."""

    SENT = "sent"
    UNDER_WAY = "under_way"
    HELD = "held"
    """Not sent now: the person may not be written to until they write again, or the channel is shut for a while."""
    UNCLEAR = "unclear"
    DROPPED = "dropped"


def name_of(session_id: str, message_id: str) -> str:
    """What a message of a conversation is called here: its own id is unique in its conversation only."""
    return hashlib.sha256(f"{session_id}:{message_id}".encode()).hexdigest()[:40]


def fates(db: Session, channel: str, names: Collection[str]) -> dict[str, Fate]:
    """What became of messages by the names that ``name_of`` gave them; one that was never put in is left out."""
    order = list(Fate)
    found: dict[str, Fate] = {}
    for row in db.scalars(select(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.message_id.in_(names))):
        fate = _fate(row)
        found[row.message_id] = max(found.get(row.message_id, fate), fate, key=order.index)
    return found


def _fate(row: OutboxRow) -> Fate:
    match row.state:
        case "sent" | "dropped" | "unclear":
            return Fate(row.state)
        case "waiting" if row.attempts == 0 and row.due_at > row.created_at:
            return Fate.HELD
        case _:
            return Fate.UNDER_WAY


def digest(text: str) -> str:
    """A hash of a text by which its echo is known, whatever the channel did to its spaces."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode()).hexdigest()


def put(
    db: Session, channel: str, sender: str, message_id: str, parts: Sequence[dict[str, Any]], now: dt.datetime
) -> None:
    """Queue the parts of a message, each ``{"text", …}``; those that are there already stay as they are."""
    for part, body in enumerate(parts):
        insert_missing(
            db,
            OutboxRow,
            channel=channel,
            sender=sender,
            message_id=message_id,
            part=part,
            body=body,
            digest=digest(body["text"]),
            state="waiting",
            attempts=0,
            created_at=now,
            due_at=now,
        )


def head(db: Session, channel: str, sender: str) -> OutboxRow | None:
    """What is to be dealt with before anything else may go to this correspondent."""
    mine = (OutboxRow.channel == channel, OutboxRow.sender == sender, OutboxRow.state.in_(OPEN_STATES))
    return db.scalar(
        select(OutboxRow).where(*mine).order_by(OutboxRow.id).limit(1).execution_options(populate_existing=True)
    )


def is_due(row: type[OutboxRow], now: dt.datetime) -> ColumnElement[bool]:
    """Whether a message is to be looked at: ``row`` is its table, perhaps by another name."""
    return or_(row.due_at <= now, row.created_at > now + SET_BACK)


def keep_to_clock(db: Session, row: OutboxRow, now: dt.datetime, echo_wait: dt.timedelta) -> None:
    """Date a message anew that was put in before the clock was set back; one in doubt waits for its echo anew."""
    if row.created_at > now + SET_BACK:
        row.created_at = now
        row.due_at = now + echo_wait if row.state == "unclear" else now
        db.flush()


def begin(db: Session, row_id: int) -> bool:
    """Mark a message as being sent, before the channel is called; false when it is no longer waiting."""
    row = db.get(OutboxRow, row_id, populate_existing=True)
    if row is None or row.state != "waiting":
        return False
    row.state = "sending"
    row.attempts += 1
    return True


def sent(db: Session, row_id: int, remote_id: str | None) -> None:
    """The channel has taken it."""
    _end(db, row_id, state="sent", remote_id=remote_id)


def dropped(db: Session, row_id: int, reason: str) -> None:
    """It will not be sent."""
    _end(db, row_id, state="dropped", reason=reason)


def drop_all(db: Session, channel: str, sender: str, reason: str) -> None:
    """Nothing that waits for this correspondent will be sent."""
    mine = (OutboxRow.channel == channel, OutboxRow.sender == sender, OutboxRow.state.in_(OPEN_STATES))
    db.execute(update(OutboxRow).where(*mine).values(state="dropped", reason=reason, body=None, digest=None))


def later(
    db: Session,
    row_id: int,
    due: dt.datetime,
    state: str = "waiting",
    *,
    body: dict[str, Any] | None = None,
    untried: bool = False,
) -> None:
    """Look at it again at ``due``, perhaps with a shorter ``body``, or as if it had not been tried.

    What an echo has proved sent stays so.
    """
    values: dict[str, Any] = {"state": state, "due_at": due}
    if untried:
        values["attempts"] = 0
    if body is not None:
        values |= {"body": body, "digest": digest(body["text"])}
    db.execute(update(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.state.in_(OPEN_STATES)).values(**values))


def echoed(db: Session, channel: str, sender: str, remote_id: str, text: str, now: dt.datetime) -> bool:
    """The channel tells of a message of ours: it has got through. Whether it settled one that was in doubt."""
    doubtful = (
        OutboxRow.sender == sender,
        OutboxRow.state.in_(("sending", "unclear")),
        OutboxRow.digest == digest(text),
    )
    # In one look: the sending may come to its end between two.
    meant = select(OutboxRow).where(
        OutboxRow.channel == channel, or_(OutboxRow.remote_id == remote_id, and_(*doubtful))
    )
    rows = db.scalars(meant.order_by(OutboxRow.id)).all()
    known = next((row for row in rows if row.remote_id == remote_id), None)
    if known is not None:
        if not hears_echoes(db, channel, now - _ECHO_NOTED):
            known.echoed_at = now
        return False
    if not rows:
        return False
    row = rows[0]
    row.echoed_at = now
    _end(db, row.id, state="sent", remote_id=remote_id)
    return True


def hears_echoes(db: Session, channel: str, since: dt.datetime) -> bool:
    """Whether the channel tells us of our own messages: only then does silence mean that one was lost."""
    query = select(OutboxRow.id).where(OutboxRow.channel == channel, OutboxRow.echoed_at >= since)
    return db.scalar(query.limit(1)) is not None


def _end(db: Session, row_id: int, **values: Any) -> None:
    ended = update(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.state.in_(OPEN_STATES))
    db.execute(ended.values(body=None, digest=None, **values))
