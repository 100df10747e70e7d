"""What waits for an officer: rows that nobody has confirmed, provisions about to end, documents that have ended."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.knowledge.auditing.citations import check_ended
from bot.knowledge.auditing.findings import Audited, Finding
from bot.knowledge.domain import Evidence
from bot.knowledge.editing.changesets import stored_unit
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.overlay import confirm
from bot.knowledge.editing.units import Kind, called, units_of
from bot.knowledge.editing.work import Work
from bot.knowledge.journal import Action, Change, note_changes
from bot.knowledge.repository import published_records
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import Confirmable
from bot.knowledge.versions import lock_version, raise_version


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A unit that rests on ``evidence`` that no officer has confirmed."""

    kind: Kind
    key: str
    evidence: Evidence


def unconfirmed(session: Session) -> list[Unconfirmed]:
    """Units known from memory or the press only, and FAQ entries that nobody has approved; from memory first."""
    found = [
        Unconfirmed(kind, key, Evidence(unit.evidence))
        for (kind, key), unit in units_of(published_records(session)).items()
        if isinstance(unit, Confirmable)
        and unit.confirmed_by is None
        and (kind is Kind.FAQ or unit.evidence != Evidence.TEXT)
    ]
    weakest = [Evidence.MEMORY, Evidence.PRESS, Evidence.TEXT]
    return sorted(found, key=lambda each: (weakest.index(each.evidence), each.kind, each.key))


def confirm_unit(work: Work, kind: Kind, key: str) -> None:
    """Confirm a published unit with all its parts: the officer has compared it with the document."""
    lock_version(work.session)
    unit = stored_unit(work.session, kind, key)
    if unit is None or not unit.published or not isinstance(unit, Confirmable):
        raise NotAllowedError(f"Không có {called(kind, key)} đang công bố cần xác nhận.")
    if unit.confirmed_by is not None:
        raise NotAllowedError(f"{called(kind, key)} đã được {unit.confirmed_by} xác nhận.")
    confirm(unit, work.officer, work.at)
    version = raise_version(work.session, work.at)
    note_changes(work.session, version, work.at, [Change(kind.value, key, Action.CHANGED)])
    work.note("confirm", kind.value, key, before=unit.evidence)


def expiring(snapshot: Snapshot, day: date, days: int = 60) -> list[tuple[str, date]]:
    """Provisions in force that end within ``days`` and that no other follows: key and last day, the nearest first."""
    found = []
    for program in snapshot.programs.values():
        now = program.on(day)
        if now is None or now.applies_to is None or now.applies_to > day + timedelta(days=days):
            continue
        if program.on(now.applies_to + timedelta(days=1)) is None:
            found.append((f"{program.id}/{now.key}", now.applies_to))
    return sorted(found, key=lambda each: each[1])


def still_cited(snapshot: Snapshot, day: date) -> list[Finding]:
    """Rows in force that cite a document which has ended or been replaced."""
    return list(check_ended(Audited(snapshot, day, day)))
