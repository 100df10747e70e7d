"""The snapshot that there would be if a change set were published: what "Thử hỏi" asks, and what impact compares."""

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.assembly import assemble
from bot.knowledge.editing.changesets import changes_of
from bot.knowledge.editing.faults import FaultyError, NotAllowedError
from bot.knowledge.editing.overlay import lay_over
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import KINDS, Kind, parse, record_of
from bot.knowledge.learned import read_learned
from bot.knowledge.loading.records import Records
from bot.knowledge.repository import current_version, published_records, published_switches
from bot.knowledge.snapshot import Snapshot

_NAMED = (
    Kind.LEGAL_DOCUMENT,
    Kind.PARAMETER,
    Kind.PARAMETER_VALUE,
    Kind.OFFICE,
    Kind.CITIZEN_FACT,
    Kind.PROGRAM,
    Kind.PROVISION,
)
"""The kinds whose units other units name."""


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


def with_drafted(session: Session, snapshot: Snapshot, *change_sets: int) -> Snapshot:
    """``snapshot`` with the documents, offices and facts of the change sets, and their new parameters and programs.

    So forms offer what is drafted already; the whole of a draft is :func:`draft_snapshot`, which costs much more.
    """
    wanted = select(ChangeRecord).where(
        ChangeRecord.change_set_id.in_(change_sets), ChangeRecord.kind.in_([kind.value for kind in _NAMED])
    )
    records = Records()
    for change in session.scalars(wanted):
        if change.content is not None:
            kind = Kind(change.kind)
            with suppress(FaultyError):  # what is out of form by now is told where the draft is reviewed
                getattr(records, KINDS[kind].field).append(record_of(kind, parse(kind, change.content, change.key)))
    made = assemble(snapshot.version, records)
    return replace(
        snapshot,
        documents={**snapshot.documents, **made.documents},
        offices={**snapshot.offices, **made.offices},
        facts={**snapshot.facts, **made.facts},
        # Of those that are published only a part may be drafted.
        parameters={**made.parameters, **snapshot.parameters},
        programs={**made.programs, **snapshot.programs},
    )
