"""What officers write about a request that is not for its citizen: notes for colleagues, and replies not yet sent.

Each function runs inside the caller's transaction; those that write raise ``RequestUnknownError``.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, literal, select
from sqlalchemy.orm import Session

from bot.conversation.handover import acts, requests
from bot.conversation.handover.officers import RequestUnknownError
from bot.conversation.models import HandoverDraft, HandoverNote, HandoverRow
from bot.conversation.rows import changed, insert
from bot.text.mask import mask
from bot.text.normalize import normalize


def add(db: Session, code: str, officer: str, text: str, now: dt.datetime) -> None:
    """Note something; personal numbers are masked, since a note is no place to keep one."""
    row = _find(db, code)
    db.add(HandoverNote(handover_id=row.id, at=now, officer=officer, text=mask(normalize(text)).text))
    acts.write_down(db, code, officer, "note", now)


def of_request(db: Session, code: str) -> list[HandoverNote]:
    """The notes of a request, oldest first."""
    query = select(HandoverNote).join(HandoverRow).where(HandoverRow.code == code)
    return list(db.scalars(query.order_by(HandoverNote.id)))


def keep_draft(db: Session, code: str, officer: str, text: str) -> None:
    """Keep what an officer has typed so far; nothing typed, nothing kept."""
    if not text.strip():
        _find(db, code)
        drop_draft(db, code, officer)
        return
    # In one statement: a second window may keep it at the same moment, and the citizen may erase the request.
    request = select(HandoverRow.id, literal(officer), literal(text)).where(HandoverRow.code == code)
    kept = insert(db, HandoverDraft).from_select(
        ["handover_id", "officer", "text"], request.with_for_update(read=True, key_share=True)
    )
    newest = kept.on_conflict_do_update(index_elements=["handover_id", "officer"], set_={"text": kept.excluded.text})
    if not changed(db, newest):
        raise RequestUnknownError


def drop_draft(db: Session, code: str, officer: str) -> None:
    """Forget what was kept."""
    of_code = select(HandoverRow.id).where(HandoverRow.code == code).scalar_subquery()
    mine = (HandoverDraft.handover_id == of_code, HandoverDraft.officer == officer)
    db.execute(delete(HandoverDraft).where(*mine))


def draft(db: Session, code: str, officer: str) -> str:
    """What an officer has typed so far; empty where that is nothing."""
    query = select(HandoverDraft.text).join(HandoverRow).where(HandoverRow.code == code)
    return db.scalar(query.where(HandoverDraft.officer == officer)) or ""


def _find(db: Session, code: str) -> HandoverRow:
    row = requests.by_code(db, code)
    if row is None:
        raise RequestUnknownError
    return row
