"""What an officer needs to know to answer a request: the conversation, the facts given, what became of replies.

Each function runs inside the caller's transaction. A look at the conversation is to be written down by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation import repository
from bot.conversation.handover import requests
from bot.conversation.handover.officers import RequestUnknownError
from bot.conversation.mail import outbox
from bot.conversation.mail.outbox import Fate
from bot.conversation.messages import Message
from bot.conversation.models import CaseRow, HandoverRow, SessionRow

_MOST = 1000


def conversation(db: Session, code: str) -> list[Message]:
    """The conversation, masked as it is stored, oldest first, at most a thousand messages; ``RequestUnknownError``."""
    return repository.all_since(db, _find(db, code).session_id, 0, limit=_MOST)


def case_data(db: Session, code: str) -> dict[str, Any]:
    """The case as it is stored; empty where there is none."""
    query = select(CaseRow.data).join(HandoverRow, HandoverRow.session_id == CaseRow.session_id)
    return db.scalar(query.where(HandoverRow.code == code)) or {}


def fates(db: Session, code: str, messages: Sequence[Message]) -> dict[str, Fate]:
    """What became of messages on a channel that sends them on, by their ids; one that it never got is left out."""
    session = db.get_one(SessionRow, _find(db, code).session_id)
    names = {outbox.name_of(session.id, message.id): message.id for message in messages}
    return {names[name]: fate for name, fate in outbox.fates(db, session.channel, list(names)).items()}


def _find(db: Session, code: str) -> HandoverRow:
    row = requests.by_code(db, code)
    if row is None:
        raise RequestUnknownError
    return row
