"""Building one fault into the small snapshot, and seeing what the audit finds that it did not find before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Finding, Rule, Severity
from bot.knowledge.domain import FaqEntry, LegalDocument, Parameter, Program, Provision
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import TODAY, small_snapshot

SMALL = small_snapshot()
BEFORE = frozenset(audit(SMALL, TODAY))


def new(snapshot: Snapshot, until: date | None = None) -> list[Finding]:
    """What the audit finds in ``snapshot`` and not in the small one."""
    return [finding for finding in audit(snapshot, TODAY, until) if finding not in BEFORE]


def seen(snapshot: Snapshot, until: date | None = None) -> list[tuple[Rule, Severity, str]]:
    return [(finding.rule, finding.severity, finding.row) for finding in new(snapshot, until)]


def with_program(program: Program, base: Snapshot = SMALL) -> Snapshot:
    return replace(base, programs={**base.programs, program.id: program})


def with_provisions(program: str, *provisions: Provision, **more: Any) -> Snapshot:
    return with_program(replace(SMALL.programs[program], provisions=provisions, **more))


def with_parameter(parameter: Parameter, base: Snapshot = SMALL) -> Snapshot:
    return replace(base, parameters={**base.parameters, parameter.id: parameter})


def with_documents(documents: Iterable[LegalDocument], base: Snapshot = SMALL) -> Snapshot:
    return replace(base, documents={**base.documents, **{document.number: document for document in documents}})


def with_answer(answer: str, base: Snapshot = SMALL, **more: Any) -> Snapshot:
    """The small snapshot with another answer of its FAQ entry on the social pension."""
    faq: FaqEntry = replace(base.faqs["muc_huu_tri"], answer=answer, **more)
    return replace(base, faqs={**base.faqs, faq.id: faq})
