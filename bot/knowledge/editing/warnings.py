"""What an officer should see while writing an FAQ entry: who answers it already, and figures against the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.knowledge.auditing.answers import check_answers
from bot.knowledge.auditing.findings import Audited, Finding
from bot.knowledge.domain import FaqEntry
from bot.knowledge.snapshot import Snapshot
from bot.text.fold import fold

if TYPE_CHECKING:
    # The search weighs more than all the rest of the gateway.
    from bot.knowledge.retrieval import Index

NEAR = 0.68
"""The score from which the assistant would answer with another entry, whatever is asked about it."""

ALIKE = 0.55
"""The score from which another entry is worth a look."""


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that resembles ``phrasing``; ``same`` where it is written there word for word."""

    faq: str
    phrasing: str
    score: float
    same: bool

    @property
    def answers(self) -> bool:
        """Whether it would answer the phrasing already."""
        return self.score >= NEAR


def near_entries(index: Index, snapshot: Snapshot, phrasings: Iterable[str], own: str | None = None) -> list[Near]:
    """For each phrasing the other published entry that is most like it, where one is; ``own`` is left out."""
    written = {fold(each): faq.id for faq in snapshot.faqs.values() for each in (faq.question, *faq.phrasings)}
    found = []
    for phrasing in phrasings:
        same = written.get(fold(phrasing))
        if same is not None and same != own:
            found.append(Near(same, phrasing, 1.0, same=True))
            continue
        hit = next((hit for hit in index.search(phrasing).faqs if hit.id != own), None)
        if hit is not None and hit.score >= ALIKE:
            found.append(Near(hit.id, phrasing, hit.score, same=False))
    return found


def contradictions(snapshot: Snapshot, entry: FaqEntry, day: date) -> list[Finding]:
    """Figures of an answer that the tables give otherwise, or not at all."""
    alone = replace(snapshot, faqs={entry.id: entry})
    return list(check_answers(Audited(alone, day, day)))
