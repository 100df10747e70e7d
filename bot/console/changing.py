"""A change set as its page shows it: what it changes, what stands in its way, who may do what next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console import units
from bot.console.listing import Filter
from bot.console.listing.query import Query
from bot.console.models import OfficerRow
from bot.console.people import Officer
from bot.console.rehearsals import WEIGHTY
from bot.console.reviews import Reviewed
from bot.console.roles import Permission, may
from bot.console.units import ChangedField
from bot.knowledge.auditing.findings import Finding
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.faults import Conflict, Fault
from bot.knowledge.editing.reviewing import Review
from bot.knowledge.editing.tables import ChangeRecord, ChangeSetRecord
from bot.knowledge.editing.units import Kind
from bot.knowledge.snapshot import Snapshot
from bot.text.fold import fold

PAGE = 20
"""Units on a page: each is shown with all that changes in it."""

MOST_TOLD = 20
"""Findings told at once; each unit with one can be filtered."""

Look = Callable[[ChangeSetRecord], Reviewed]

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
class FindingView:
    """What the audit newly finds, the row it is about, and the page to mend it."""

    title: str
    wrong: str
    mend: str
    page: str | None


@dataclass(frozen=True)
class SetView:
    """A change set; ``may`` names the steps that the visitor can take, ``changes`` are those of one page."""

    record: ChangeSetRecord
    stage: str
    names: Mapping[str, str]
    may: frozenset[str]
    changes: Sequence[ChangeView]
    total: int
    """How many units the set has."""
    found: int
    """How many of them the filters let through."""
    query: Query
    filters: Sequence[Filter]
    others: Sequence[FaultView]
    """Faults of units that the set does not touch."""
    review: Review
    errors: Sequence[FindingView]
    """The first errors of the review that keep the set from being submitted; then the first warnings."""
    warnings: Sequence[FindingView]
    clear: bool
    """Whether nothing keeps the set from being submitted."""
    weighs: bool
    """Whether the set is open and touches what citizens' verdicts and amounts rest on."""

    @property
    def first(self) -> int:
        """The number of the first unit shown, of those that the filters let through."""
        return (self.query.page - 1) * PAGE + 1

    @property
    def pages(self) -> int:
        """How many pages the units fill that the filters let through."""
        return _pages(self.found)


Ref = tuple[int, str, str]
"""A change by its number, with the kind and key of its unit."""


def read(
    db: Session, number: int, snapshot: Snapshot, visitor: Officer, look: Look, given: Mapping[str, str]
) -> SetView | None:
    """The page of the change set that ``given`` asks for, as ``visitor`` sees it, or ``None`` where there is none."""
    found = db.get(ChangeSetRecord, number)
    if found is None:
        return None
    open_ = found.state in {Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED}
    seen = Review()
    if open_:
        reviewed = look(found)
        seen, snapshot = reviewed.review, reviewed.names
    columns = select(ChangeRecord.id, ChangeRecord.kind, ChangeRecord.key)
    rows = db.execute(columns.where(ChangeRecord.change_set_id == number).order_by(ChangeRecord.id))
    refs: list[Ref] = [(row.id, row.kind, row.key) for row in rows]
    touched = {(kind, key) for _, kind, key in refs}
    filters = _filters(refs)
    query = Query.read(given, filters=filters, orders=(), default="")
    fitting = _fitting(db, number, refs, query, seen, snapshot)
    query = replace(query, page=min(query.page, _pages(len(fitting))))
    first = (query.page - 1) * PAGE
    shown = db.scalars(
        select(ChangeRecord)
        .where(ChangeRecord.id.in_([ref[0] for ref in fitting[first : first + PAGE]]))
        .order_by(ChangeRecord.id)
    )
    conflicts = {(each.kind, each.key): each for each in seen.conflicts}
    return SetView(
        record=found,
        stage=STAGES[found.state],
        names=names_of(db, found.author, found.approver),
        may=_steps(found, visitor),
        changes=[_change(each, seen.faults, conflicts.get((each.kind, each.key)), snapshot) for each in shown],
        total=len(refs),
        found=len(fitting),
        query=query,
        filters=filters,
        others=[_told(each, snapshot) for each in seen.faults if (each.kind, each.key) not in touched],
        review=seen,
        errors=[_found(db, each, found.id, snapshot) for each in seen.errors[:MOST_TOLD]],
        warnings=[_found(db, each, found.id, snapshot) for each in seen.warnings[:MOST_TOLD]],
        clear=bool(refs) and seen.clear,
        weighs=open_ and any(Kind(kind) in WEIGHTY for _, kind, _ in refs),
    )


def _pages(count: int) -> int:
    return max(1, -(-count // PAGE))


def _filters(refs: Sequence[Ref]) -> Sequence[Filter]:
    counted = Counter(kind for _, kind, _ in refs)
    kinds = [(kind.value, f"{units.kind_of(kind)} ({counted[kind]})") for kind in Kind if counted[kind]]
    return (Filter("kind", "Loại", kinds), Filter("look", "Cần xem", [("yes", "Chỉ mục có lỗi, cảnh báo")]))


def _fitting(
    db: Session, change_set: int, refs: Sequence[Ref], query: Query, review: Review, snapshot: Snapshot
) -> Sequence[Ref]:
    """The changes that the filters let through."""
    if kind := query.filters.get("kind"):
        refs = [ref for ref in refs if ref[1] == kind]
    if query.filters.get("look"):
        wanted = {(fault.kind, fault.key) for fault in review.faults}
        wanted |= {(conflict.kind, conflict.key) for conflict in review.conflicts}
        wanted |= {(of.value, key) for of, key in (units.unit_of(each.row) for each in review.findings)}
        refs = [ref for ref in refs if (ref[1], ref[2]) in wanted]
    words = fold(query.search).split()
    if not words:
        return refs
    known = {ref[0]: ref for ref in refs}
    found = db.scalars(select(ChangeRecord).where(ChangeRecord.change_set_id == change_set).order_by(ChangeRecord.id))
    titles = ((each.id, fold(f"{_title(each, snapshot)} {each.key}")) for each in found if each.id in known)
    return [known[number] for number, title in titles if all(word in title for word in words)]


def _change(change: ChangeRecord, faults: Sequence[Fault], conflict: Conflict | None, snapshot: Snapshot) -> ChangeView:
    kind = Kind(change.kind)
    published = conflict.published if conflict else change.base
    return ChangeView(
        kind=kind,
        key=change.key,
        called=units.kind_of(kind),
        title=_title(change, snapshot),
        removed=change.content is None,
        new=published is None,
        rows=units.changed(kind, published, change.content, snapshot) if change.content else (),
        faults=[_told(each, snapshot) for each in faults if (each.kind, each.key) == (change.kind, change.key)],
        theirs=units.changed(kind, conflict.base, conflict.published, snapshot) if conflict else None,
        page=units.page_of(kind, change.key, change.change_set_id),
    )


def _title(change: ChangeRecord, snapshot: Snapshot) -> str:
    return units.title_of(Kind(change.kind), change.key, change.content or change.base, snapshot)


def _found(db: Session, finding: Finding, number: int, snapshot: Snapshot) -> FindingView:
    kind, key = units.unit_of(finding.row)
    of_unit = select(ChangeRecord).where(ChangeRecord.kind == kind.value, ChangeRecord.key == key)
    change = db.scalar(of_unit.where(ChangeRecord.change_set_id == number))
    title = units.title_of(kind, key, None, snapshot) if change is None else _title(change, snapshot)
    # Days are mended in the program's provisions, not where it gets its name.
    page = f"/programs/{key}?in={number}" if kind is Kind.PROGRAM else units.page_of(kind, key, number)
    return FindingView(title, finding.wrong, finding.mend, page)


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
        "reopen": found.state == Stage.WITHDRAWN and mine and edits,
        "withdraw": found.state in {Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED} and mine and edits,
        "approve": found.state == Stage.SUBMITTED and not mine and approves,
        "reject": found.state in {Stage.SUBMITTED, Stage.APPROVED} and not mine and approves,
        "publish": found.state == Stage.APPROVED and approves,
        "undo": found.state == Stage.PUBLISHED and edits,
        "try": found.state not in {Stage.WITHDRAWN, Stage.PUBLISHED},
    }
    return frozenset(step for step, can in steps.items() if can)


def _told(fault: Fault, snapshot: Snapshot) -> FaultView:
    value = units.value_of(fault.field, fault.value, snapshot)
    return FaultView(units.field_of(fault.field, snapshot), value, fault.wrong, fault.mend)
