"""Erasures done again after a restore: an old backup brings back what citizens have had erased since.

Who had their data erased, and when, stands in ``session`` longer than any backup may be kept; a sender is a keyed hash.
A list beside the backups holds the same, for when the database itself is lost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.conversation.erase import erase_sender
from bot.conversation.models import SessionRow
from bot.conversation.retention.scrub import scrub
from bot.knowledge.db import make_engine
from bot.operations.copies import CopyError

LIST = "erasures.json"


class Erasure(BaseModel):
    """Whose data were erased, last ``at`` then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    sender: str
    at: dt.datetime


_LIST = TypeAdapter(list[Erasure])


def of_database(url: str) -> list[Erasure] | None:
    """The erasures that a database knows of; ``None`` where it can't be read: gone, empty or damaged."""
    engine = make_engine(url)
    last = func.max(SessionRow.erased_at)
    query = select(SessionRow.channel, SessionRow.sender, last).where(SessionRow.erased_at.is_not(None))
    try:
        with Session(engine) as db:
            rows = db.execute(query.group_by(SessionRow.channel, SessionRow.sender)).all()
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()
    return [Erasure(channel=channel, sender=sender, at=at) for channel, sender, at in rows if at is not None]


def listed(folder: Path) -> list[Erasure]:
    """The erasures of the list beside the backups. Raises ``CopyError`` for a broken list."""
    place = folder / LIST
    try:
        return _LIST.validate_json(place.read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError:
        raise CopyError(f"Không đọc được {place}. Tệp này ghi ai đã xoá dữ liệu; xem lại ổ đĩa trước đã.") from None


def merged(*lists: Iterable[Erasure]) -> list[Erasure]:
    """Each person once, with their last erasure; the oldest first."""
    found: dict[tuple[str, str], Erasure] = {}
    for erasure in (each for several in lists for each in several):
        key = (erasure.channel, erasure.sender)
        if key not in found or found[key].at < erasure.at:
            found[key] = erasure
    return sorted(found.values(), key=lambda erasure: (erasure.at, erasure.sender))


def write(folder: Path, erasures: list[Erasure], *, since: dt.datetime) -> None:
    """Replace the list; what was erased before ``since``, the oldest backup, is in no backup any more."""
    kept = [erasure for erasure in erasures if erasure.at >= since]
    aside = folder / f"{LIST}.part"
    aside.write_bytes(_LIST.dump_json(kept, indent=1) + b"\n")
    aside.replace(folder / LIST)


def repeat(url: str, erasures: Iterable[Erasure], *, since: dt.datetime) -> int:
    """Erase again, in a database of the newest schema, what was erased after ``since``; of how many people."""
    engine = make_engine(url)
    number = 0
    try:
        for erasure in erasures:
            if erasure.at < since:
                continue
            same = (SessionRow.channel == erasure.channel, SessionRow.sender == erasure.sender)
            with Session(engine) as db, db.begin():
                row = db.scalar(select(SessionRow).where(*same).limit(1))
                if row is not None:
                    erase_sender(db, row, erasure.at, keep_turn=None)
                    number += 1
        if number:
            scrub(engine)
    finally:
        engine.dispose()
    return number
