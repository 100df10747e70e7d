"""The snapshot that there would be if a change set were published: what "Thử hỏi" asks, and what impact compares."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.assembly import assemble
from bot.knowledge.editing.changesets import changes_of
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.overlay import lay_over
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.learned import read_learned
from bot.knowledge.repository import current_version, published_records, published_switches
from bot.knowledge.snapshot import Snapshot


def draft_revision(session: Session, change_set: int) -> int:
    """The number that goes up with each write to the draft."""
    found = session.scalar(select(ChangeSetRecord.revision).where(ChangeSetRecord.id == change_set))
    if found is None:
        raise NotAllowedError(f"Không có lần thay đổi nào mang số {change_set}.")
    return found


def draft_snapshot(session: Session, change_set: int) -> Snapshot:
    """Lay the change set over what is published; nothing is written."""
    draft_revision(session, change_set)
    found = session.get_one(ChangeSetRecord, change_set)
    records = lay_over(published_records(session), changes_of(found), found.author)
    snapshot = assemble(current_version(session), records)
    return replace(snapshot, learned=read_learned(session, snapshot), switches=published_switches(session))
