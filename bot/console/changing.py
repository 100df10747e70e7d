"""A change set as its page shows it: what it changes, what stands in its way, who may do what next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import units
from bot.console.models import OfficerRow
from bot.console.people import Officer
from bot.console.roles import Permission, may
from bot.console.units import ChangedField
from bot.knowledge.editing import changesets
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.faults import Fault, FaultyError
from bot.knowledge.editing.overlay import faults_of
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot

STAGES: Mapping[str, str] = {
    Stage.DRAFT: "Đang soạn",
    Stage.SUBMITTED: "Chờ duyệt",
    Stage.APPROVED: "Đã duyệt, chờ công bố",
    Stage.PUBLISHED: "Đã công bố",
    Stage.WITHDRAWN: "Đã rút",
}


@dataclass(frozen=True)
class FaultView:
    """What is wrong with a field, in words."""

    field: str
    value: str
    wrong: str
    mend: str


@dataclass(frozen=True)
class ChangeView:
    """One unit of a set. ``theirs`` is what others published meanwhile, against what the author began with."""

    kind: Kind
    key: str
    called: str
    title: str
    removed: bool
    new: bool
    rows: Sequence[ChangedField]
    faults: Sequence[FaultView]
    theirs: Sequence[ChangedField] | None
    page: str | None


@dataclass(frozen=True)
class SetView:
    """A change set; ``may`` names the steps that the visitor can take."""

    record: ChangeSetRecord
    stage: str
    changes: Sequence[ChangeView]
    others: Sequence[FaultView]
    """Faults of units that the set does not touch."""
    names: Mapping[str, str]
    may: frozenset[str]

    @property
    def clear(self) -> bool:
        """Whether nothing stands in the way."""
        conflicts = any(change.theirs is not None for change in self.changes)
        return bool(self.changes) and not (conflicts or self.others or any(change.faults for change in self.changes))


def read(db: Session, number: int, snapshot: Snapshot, visitor: Officer) -> SetView | None:
    """The change set as ``visitor`` sees it, or ``None`` where there is none."""
    found = db.get(ChangeSetRecord, number)
    if found is None:
        return None
    open_ = found.state in {Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED}
    faults = _faults(db, found) if open_ else []
    meanwhile = {(each.kind, each.key): each for each in changesets.conflicts_of(db, found)} if open_ else {}
    changes = []
    for change in found.changes:
        kind = Kind(change.kind)
        conflict = meanwhile.get((change.kind, change.key))
        published = conflict.published if conflict else change.base
        changes.append(
            ChangeView(
                kind=kind,
                key=change.key,
                called=units.kind_of(kind),
                title=units.title_of(kind, change.key, change.content or change.base, snapshot),
                removed=change.content is None,
                new=published is None,
                rows=units.changed(kind, published, change.content, snapshot) if change.content else (),
                faults=[_told(each, snapshot) for each in faults if _is_of(each, change)],
                theirs=units.changed(kind, conflict.base, conflict.published, snapshot) if conflict else None,
                page=units.page_of(kind, change.key, found.id),
            )
        )
    others = [_told(each, snapshot) for each in faults if not any(_is_of(each, change) for change in found.changes)]
    return SetView(
        found, STAGES[found.state], changes, others, names_of(db, found.author, found.approver), _steps(found, visitor)
    )


def names_of(db: Session, *logins: str | None) -> dict[str, str]:
    """The names of officers by login; a login of nobody is its own name."""
    rows = db.execute(select(OfficerRow.login, OfficerRow.name).where(OfficerRow.login.in_(filter(None, logins))))
    return {login: login for login in logins if login} | {row.login: row.name for row in rows}


def moment(day_and_time: str, zone: dt.tzinfo) -> dt.datetime | None:
    """What a field of type ``datetime-local`` says, in ``zone``; ``None`` for what is no time."""
    try:
        return dt.datetime.fromisoformat(day_and_time).replace(tzinfo=zone)
    except ValueError:
        return None


def _steps(found: ChangeSetRecord, visitor: Officer) -> frozenset[str]:
    mine = found.author == visitor.login
    edits = may(visitor.roles, Permission.EDIT)
    approves = may(visitor.roles, Permission.APPROVE)
    steps = {
        "edit": found.state == Stage.DRAFT and mine and edits,
        "submit": found.state == Stage.DRAFT and mine and edits,
        "withdraw": found.state in {Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED} and mine and edits,
        "approve": found.state == Stage.SUBMITTED and not mine and approves,
        "reject": found.state in {Stage.SUBMITTED, Stage.APPROVED} and not mine and approves,
        "publish": found.state == Stage.APPROVED and approves,
        "undo": found.state == Stage.PUBLISHED and edits,
        "try": found.state not in {Stage.WITHDRAWN, Stage.PUBLISHED},
    }
    return frozenset(step for step, can in steps.items() if can)


def _faults(db: Session, found: ChangeSetRecord) -> Sequence[Fault]:
    try:
        return faults_of(db, changesets.changes_of(found), found.approver or found.author)
    except FaultyError as error:
        return error.faults


def _is_of(fault: Fault, change: ChangeRecord) -> bool:
    return (fault.kind, fault.key) == (change.kind, change.key)


def _told(fault: Fault, snapshot: Snapshot) -> FaultView:
    value = units.value_of(fault.field, fault.value, snapshot)
    return FaultView(units.field_of(fault.field), value, fault.wrong, fault.mend)
