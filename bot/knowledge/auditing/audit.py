"""All checks, one after the other."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.knowledge.auditing.addresses import check_addresses
from bot.knowledge.auditing.answers import check_answers
from bot.knowledge.auditing.citations import check_ended, check_missing
from bot.knowledge.auditing.facts import check_criteria, check_questions, check_unread
from bot.knowledge.auditing.findings import Audited, Finding
from bot.knowledge.auditing.parameters import check_parameters
from bot.knowledge.auditing.procedures import check_procedures
from bot.knowledge.auditing.timing import check_gaps, check_overlaps
from bot.knowledge.snapshot import Snapshot

AHEAD = timedelta(days=365)
"""How far rows with an open end are followed unless told otherwise."""

_CHECKS: tuple[Callable[[Audited], Iterator[Finding]], ...] = (
    check_overlaps,
    check_gaps,
    check_parameters,
    check_criteria,
    check_questions,
    check_missing,
    check_ended,
    check_answers,
    check_addresses,
    check_procedures,
    check_unread,
)


def audit(snapshot: Snapshot, day: date, until: date | None = None) -> list[Finding]:
    """Return every fault of ``snapshot`` as seen on ``day``, with the days to come until ``until`` (a year ahead)."""
    audited = Audited(snapshot, day, until or day + AHEAD)
    return [finding for check in _CHECKS for finding in check(audited)]
