"""Publication: the units of an approved change set go into the policy tables, and the knowledge version up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from bot.knowledge.editing import trail
from bot.knowledge.editing.changesets import (
    CHANGE_SET,
    Stage,
    approve,
    back_to_draft,
    ensure_publishable,
    stored_unit,
    take,
)
from bot.knowledge.editing.faults import EditingError
from bot.knowledge.editing.overlay import confirm
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Content, Kind, parse, record_of
from bot.knowledge.editing.work import Work
from bot.knowledge.journal import Action, Change, note_changes
from bot.knowledge.loading.merge import replace_content
from bot.knowledge.versions import lock_version, raise_version

SYSTEM = "hệ thống"
"""Who gives a scheduled set back that can no longer be published."""


@dataclass(frozen=True, slots=True)
class Due:
    """What became of one scheduled set: ``problem`` says why it went back to its author."""

    change_set: int
    problem: str | None = None


def publish(work: Work, change_set: int) -> int:
    """Write an approved set into the tables in the caller's transaction; returns the new knowledge version.

    Raises :class:`bot.knowledge.editing.faults.ConflictError` where a unit was published anew meanwhile.
    """
    lock_version(work.session)
    found = take(work, change_set, Stage.APPROVED)
    assert found.approver is not None
    ensure_publishable(work.session, found, found.approver)
    return _write(work, found)


def approve_and_publish(work: Work, change_set: int) -> int:
    """Approve a submitted set as :func:`approve` does and publish it at once, looked over once; as :func:`publish`."""
    lock_version(work.session)
    return _write(work, approve(work, change_set))


def _write(work: Work, found: ChangeSetRecord) -> int:
    approver = found.approver
    assert approver is not None
    order = [*Kind]
    for change in sorted(found.changes, key=lambda each: order.index(Kind(each.kind))):
        _apply(work.session, Kind(change.kind), change.key, change.content, approver, work.at)
        work.session.flush()
        work.note("publish", change.kind, change.key, before=change.base, after=change.content)
    found.version = raise_version(work.session, work.at)
    note_changes(work.session, found.version, work.at, map(_change, found.changes))
    found.state, found.published_at = Stage.PUBLISHED.value, work.at
    work.note("publish", CHANGE_SET, found.id, after=found.version)
    work.session.flush()
    return found.version


def _change(change: ChangeRecord) -> Change:
    kept = Action.ADDED if change.base is None else Action.CHANGED
    return Change(change.kind, change.key, kept if change.content is not None else Action.REMOVED)


def publish_due(engine: Engine, now: datetime) -> list[Due]:
    """Publish each approved set whose time has come, each in a transaction of its own.

    One that conflicts by now, or that the rows of today refuse, goes back to its author with the reason. Both stand in
    the audit log.
    """
    with Session(engine) as session:
        due = session.scalars(
            select(ChangeSetRecord.id)
            .where(ChangeSetRecord.state == Stage.APPROVED.value)
            .where(or_(ChangeSetRecord.publish_at.is_(None), ChangeSetRecord.publish_at <= now))
            .order_by(ChangeSetRecord.publish_at, ChangeSetRecord.id)
        ).all()
    return [done for number in due if (done := _publish_one(engine, number, now)) is not None]


def _publish_one(engine: Engine, number: int, now: datetime) -> Due | None:
    try:
        with Session(engine) as session, session.begin():
            work = Work(session, SYSTEM, now)
            publish(work, number)
            trail.record(work)
            return Due(number)
    except EditingError as error:
        return _give_back(engine, number, now, str(error))


def _give_back(engine: Engine, number: int, now: datetime, problem: str) -> Due | None:
    with Session(engine) as session, session.begin():
        work = Work(session, SYSTEM, now)
        try:
            found = take(work, number, Stage.APPROVED)
        except EditingError:
            session.rollback()
            return None  # Another process has published it.
        back_to_draft(found, problem)
        work.note("reject", CHANGE_SET, number, after=problem)
        trail.record(work)
        return Due(number, problem)


def _apply(session: Session, kind: Kind, key: str, content: Content | None, approver: str, at: datetime) -> None:
    unit = stored_unit(session, kind, key)
    if content is None:
        # Kept, as a reload of data/ would bring back what is missing.
        assert unit is not None
        unit.published, unit.origin = False, "officer"
        return
    made = record_of(kind, parse(kind, content, key))
    if unit is None:
        unit = made
        session.add(unit)
    else:
        replace_content(unit, made)
    unit.published, unit.origin = True, "officer"
    confirm(unit, approver, at)
