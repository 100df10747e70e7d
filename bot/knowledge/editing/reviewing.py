"""What stands in the way of a change set, and what an approver should see of it, before anything is published."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.knowledge.assembly import assemble
from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Finding, Rule, Severity
from bot.knowledge.editing.changesets import changes_of, conflicts_of
from bot.knowledge.editing.faults import Conflict, EditingError, Fault, FaultyError
from bot.knowledge.editing.overlay import lay_over, new_faults
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.repository import published_records


@dataclass(frozen=True, slots=True)
class Review:
    """Conflicts and faults keep a set from being published; findings are what the audit has newly found with it.

    An error among the findings keeps the set from being submitted, a warning is for author and approver to see. That
    rows still cite a document which the set ends is no error: answers name its successor, a new decree cannot wait
    until all are renewed, and what is to be renewed stands on the to-do page. A set with faults has no findings yet:
    rows that do not fit together cannot be audited.
    """

    conflicts: tuple[Conflict, ...] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the set from being submitted."""
        return tuple(each for each in self.findings if _stops(each))

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that do not."""
        return tuple(each for each in self.findings if not _stops(each))

    @property
    def clear(self) -> bool:
        """Whether nothing keeps the set from being submitted."""
        return not (self.conflicts or self.faults or self.errors)


def _stops(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.rule is not Rule.ENDED_DOCUMENT


class UnsoundError(EditingError):
    """The audit finds errors that the set would bring; ``findings`` holds them."""

    def __init__(self, findings: Collection[Finding]) -> None:
        super().__init__("\n".join(f"{each.wrong} {each.mend}" for each in findings))
        self.findings = tuple(findings)


def review(session: Session, change_set: ChangeSetRecord, day: date, known: Collection[Finding]) -> Review:
    """Lay the set over what is published and look at it as of ``day``.

    ``known`` is what an audit of the published rows finds on that day: none of it counts as the set's.
    """
    records = published_records(session)
    conflicts = tuple(conflicts_of(records, change_set))
    try:
        laid = lay_over(records, changes_of(change_set), change_set.approver or change_set.author)
    except FaultyError as error:
        return Review(conflicts, error.faults)
    faults = tuple(new_faults(records, laid))
    if faults:
        return Review(conflicts, faults)
    before = set(known)
    return Review(conflicts, (), tuple(each for each in audit(assemble(0, laid), day) if each not in before))
