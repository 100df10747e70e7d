"""Which document to cite for a day: never one that had expired by then where the research names its successor.

A rule that a successor carries on keeps its row; only the document named beside it changes. A row that began after
its document had ended cites it as history ("before that it was ..."), and so may a row without a first day: there the
document stays, and whoever words it says that it has expired. A document that is not yet in force is left alone: a
row may apply from before its document does, such as an amount paid back to 1 July by a decree of October.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.knowledge.domain import Citation, LegalDocument


def expired(document: LegalDocument | None, day: date) -> bool:
    """Say whether the document's last day lies before ``day``; one without a known last day has not expired."""
    return document is not None and document.effective_to is not None and document.effective_to < day


def in_force(citation: Citation, day: date, documents: Mapping[str, LegalDocument]) -> Citation:
    """Return what stands in the place of ``citation`` on ``day``.

    Articles are numbered anew in a successor, so it is cited as a whole. Without a known successor in force on that
    day the citation stays.
    """
    passed: set[str] = set()
    number = citation.document
    while expired(document := documents.get(number), day) and number not in passed:
        passed.add(number)
        successor = documents.get(document.replaced_by or "") if document else None
        if successor is None or (successor.effective_from is not None and day < successor.effective_from):
            return citation
        number = successor.number
    return citation if number == citation.document or number in passed else Citation(number)


def all_in_force(
    citations: Iterable[Citation], day: date, documents: Mapping[str, LegalDocument], since: date | None
) -> tuple[Citation, ...]:
    """Return the citations of a row that applies from ``since``, as of ``day``, each once.

    A successor that is cited by its article too is not repeated.
    """
    given = tuple(dict.fromkeys(citations))
    by_article = {citation.document for citation in given if citation.article}
    current = []
    for citation in given:
        history = since is None or expired(documents.get(citation.document), since)
        stands = citation if history else in_force(citation, day, documents)
        if stands is citation or stands.document not in by_article:
            current.append(stands)
    return tuple(dict.fromkeys(current))
