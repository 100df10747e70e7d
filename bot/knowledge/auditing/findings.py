"""What an audit finds, said so that an officer can mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.knowledge.domain import Benefit, Citation, Criterion, LegalDocument, Provision
from bot.knowledge.snapshot import Snapshot


class Severity(StrEnum):
    """An error makes the assistant say something wrong, or nothing; a warning is for an officer to look at."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """What is checked; the value names the rule in reports."""

    OVERLAP = "overlap"
    GAP = "gap"
    PARAMETER_WITHOUT_VALUE = "parameter_without_value"
    UNKNOWN_FACT = "unknown_fact"
    UNREAD_FACT = "unread_fact"
    FACT_WITHOUT_QUESTION = "fact_without_question"
    MISSING_DOCUMENT = "missing_document"
    ENDED_DOCUMENT = "ended_document"
    OUTDATED_FIGURE = "outdated_figure"
    UNKNOWN_FIGURE = "unknown_figure"
    PROGRAM_WITHOUT_DOCUMENTS = "program_without_documents"
    PROGRAM_WITHOUT_STEPS = "program_without_steps"
    MALFORMED_URL = "malformed_url"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: ``row`` is the way to the row, such as ``programs › bhyt_ho_ngheo › 2025-07``."""

    rule: Rule
    severity: Severity
    row: str
    wrong: str
    mend: str

    def __str__(self) -> str:
        called = "Lỗi" if self.severity is Severity.ERROR else "Cảnh báo"
        return f"{self.row} [{self.rule}]\n  {called}: {self.wrong}\n  Cách sửa: {self.mend}"


@dataclass(frozen=True, slots=True)
class Audited:
    """What is audited, as of ``day``; rows with an open end are followed ``until`` that day."""

    snapshot: Snapshot
    day: date
    until: date

    def document(self, citation: Citation) -> LegalDocument | None:
        """Return the document that is cited."""
        return self.snapshot.documents.get(citation.document)


def path(*steps: str) -> str:
    """Return the way to a row in words."""
    return " › ".join(steps)


def criteria_of(provision: Provision) -> Iterator[Criterion]:
    """Yield all criteria of a provision, the common ones first."""
    yield from provision.common
    for group in provision.groups:
        yield from group.criteria


def parts_of(provision: Provision) -> Iterator[Criterion | Benefit]:
    """Yield the criteria and benefits of a provision: all that may cite a document and read a parameter."""
    yield from criteria_of(provision)
    yield from provision.benefits
