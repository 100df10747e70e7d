"""Citations of documents that are not there, or have ended while the row goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, parts_of, path
from bot.knowledge.domain import Citation, LegalDocument, Program, State
from bot.knowledge.periods import DAY
from bot.knowledge.wording import day_text


@dataclass(frozen=True, slots=True)
class _Cited:
    """A row with all that it rests on; ``ended`` rows are about what has ended and may cite it."""

    row: str
    first: date | None
    last: date | None
    citations: Sequence[Citation]
    ended: bool = False


def check_missing(audited: Audited) -> Iterator[Finding]:
    """Find citations of documents that are not among the legal documents."""
    for cited in _rows(audited):
        for citation in dict.fromkeys(cited.citations):
            if audited.document(citation) is None:
                wrong = f"Căn cứ vào văn bản {citation.document}, nhưng không có văn bản nào số như vậy."
                mend = "Sửa lại số văn bản, hoặc thêm văn bản này."
                yield Finding(Rule.MISSING_DOCUMENT, Severity.ERROR, cited.row, wrong, mend)


def check_ended(audited: Audited) -> Iterator[Finding]:
    """Find rows in force today or later that cite a document after its end.

    An error where a row rests on nothing else; beside a document in force the ended one may tell of former times, and
    does so where the row began after its end. One that stands beside its successor gives way to it by itself. A
    document has no fault for taking effect later than the row applies: amounts are often paid back to a day before.
    """
    for cited in _rows(audited):
        if cited.ended or (cited.last is not None and cited.last < audited.day):
            continue
        first = max(cited.first or audited.day, audited.day)
        last = min(cited.last or audited.until, audited.until)
        documents = {d.number: d for c in cited.citations if (d := audited.document(c)) is not None}
        ended = {d.number: end for d in documents.values() if (end := _end(d, audited)) is not None and end < last}
        unfounded = len(ended) == len(documents) and all(end < first for end in ended.values())
        for number, end in ended.items():
            if not unfounded and (documents[number].replaced_by in documents or (cited.first or date.min) > end):
                continue
            yield _ended(cited.row, documents[number], end, Severity.ERROR if unfounded else Severity.WARNING)


def _ended(row: str, document: LegalDocument, end: date, severity: Severity) -> Finding:
    when = f"hết hiệu lực sau ngày {day_text(end)}" if end > date.min else "đã được thay thế"
    successor = f" bằng {document.replaced_by}" if document.replaced_by else ""
    wrong = f"Căn cứ vào {document.number}, văn bản {when}, trong khi dòng này vẫn áp dụng."
    mend = f"Thay căn cứ{successor}, hoặc ghi ngày cuối cho dòng này. Nếu nói về trước đây thì để nguyên."
    return Finding(Rule.ENDED_DOCUMENT, severity, row, wrong, mend)


def _end(document: LegalDocument, audited: Audited) -> date | None:
    """The last day of a document; the first day of all for one replaced at a time that nobody wrote down."""
    if document.effective_to is not None or document.replaced_by is None:
        return document.effective_to
    successor = audited.snapshot.documents.get(document.replaced_by)
    return successor.effective_from - DAY if successor and successor.effective_from else date.min


def _rows(audited: Audited) -> Iterator[_Cited]:
    for parameter in audited.snapshot.parameters.values():
        for value in parameter.values:
            row = path("parameters", parameter.id, day_text(value.applies_from))
            yield _Cited(row, value.applies_from, value.applies_to, [value.legal_basis])
    for program in audited.snapshot.programs.values():
        yield from _program(program)
    for faq in audited.snapshot.faqs.values():
        yield _Cited(path("faq_entries", faq.id), faq.applies_from, faq.applies_to, faq.legal_basis)


def _program(program: Program) -> Iterator[_Cited]:
    for provision in program.provisions:
        row = path("programs", program.id, provision.key)
        first, last, ended = provision.applies_from, provision.applies_to, provision.state is State.CLOSED
        yield _Cited(row, first, last, provision.legal_basis, ended)
        # Criteria and benefits without a basis of their own have taken the provision's.
        for part in parts_of(provision):
            if part.legal_basis not in provision.legal_basis:
                yield _Cited(path(row, part.label), first, last, [part.legal_basis], ended)
