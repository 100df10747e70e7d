"""Which of the rows that a search found answers a question, if one does.

The bars were chosen on questions of citizens, half of them unseen (decisions 24, 50).
"""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from bot.knowledge.dialogue.policy import holds_on
from bot.knowledge.domain import Aspect, FaqEntry, Program
from bot.knowledge.retrieval import Found, Hit
from bot.knowledge.snapshot import Snapshot

SURE, MARGIN, POSSIBLE = 0.45, 0.03, 0.38
"""Retrieval scores of a row: sure of a program, its lead over the next, worth offering."""
CLEAR_TOPIC = 0.42
"""What a topic must score to be the one that is meant."""
FAQ_SURE, FAQ_OTHER_ASPECT, FAQ_BEHIND, COMPLAINT_SURE = 0.45, 0.68, 0.06, 0.36
FAQ_AHEAD, AHEAD = 0.34, 0.1
"""What the best entry may score, whatever the aspect, where it leads the next by so much."""
ALONE = 0.05
"""By how much an entry must lead the next to answer a question that seems to ask for another aspect."""
SENT_ON = 0.36
"""What a topic must score for its office to be named."""
COVERED, REFERRED = 0.15, 0.45
"""What a question must look like one that rows answer, not to be sent on; what an entry must score to be told then."""
SURELY_COVERED, EASED = 0.3, 0.1
"""What surely looks like a question that rows answer, and by how much less an entry may score to answer it."""
NEAR = 0.42
"""What an entry about a program must score to say what the program's own rows do not."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Chooses among the hits of a search over ``snapshot``."""

    snapshot: Snapshot

    def program(self, found: Found) -> Program | None:
        """Return the program that the question is surely about."""
        if found.programs:
            best = found.programs[0]
            lead = best.score - (found.programs[1].score if len(found.programs) > 1 else 0.0)
            if best.score >= SURE and lead >= MARGIN:
                return self.snapshot.programs[best.id]
        return None

    def possible(self, found: Found) -> list[Program]:
        """Return the programs worth offering, best first."""
        return [self.snapshot.programs[hit.id] for hit in found.programs if hit.score >= POSSIBLE]

    def entry(self, found: Found, aspect: Aspect | None, day: date) -> FaqEntry | None:
        """Return the FAQ entry that surely answers for ``day``, and better than a program's rows would."""
        rival = found.programs[0] if found.programs else None
        holding = [hit for hit in found.faqs if self._holds(hit.id, day)]
        for hit, after in zip_longest(holding, holding[1:]):
            entry = self.snapshot.faqs[hit.id]
            if aspect is Aspect.COMPLAINT and entry.aspect is aspect and hit.score >= COMPLAINT_SURE:
                return entry
            alone = hit is holding[0] and (after is None or hit.score - after.score >= ALONE)
            alike = aspect is None or _alike(entry.aspect, aspect)
            needed = FAQ_SURE if alone or alike else FAQ_OTHER_ASPECT
            eased = EASED if alone and alike and entry.answers and found.covered >= SURELY_COVERED else 0.0
            # An entry about the rival itself says more than its rows.
            behind = FAQ_BEHIND if rival is not None and entry.program == rival.id else 0.0
            ahead = hit is holding[0] and entry.answers and (after is None or hit.score - after.score >= AHEAD)
            bar = min(needed - eased, FAQ_AHEAD) if ahead else needed - eased
            if hit.score >= bar and (rival is None or hit.score >= rival.score - behind - eased):
                return entry
        return None

    def entry_about(self, program: Program, found: Found, day: date) -> FaqEntry | None:
        """Return the entry that says of a program what its rows do not."""
        entries = [self.snapshot.faqs[hit.id] for hit in found.faqs if hit.score >= NEAR and self._holds(hit.id, day)]
        return next((entry for entry in entries if entry.program == program.id and entry.answers), None)

    def sends_on(self, found: Found) -> bool:
        """Say whether no row answers the question, though it is ours; what reads like a taught phrasing, one does."""
        if found.taught >= SURE:
            return False
        answering = [hit.score for hit in (*found.programs, *found.faqs) if self._answers(hit)]
        referring = [hit.score for hit in found.faqs if not self._answers(hit)]
        best = max(referring, default=0.0)
        known = found.likeliest >= SENT_ON or best >= REFERRED
        return known and found.covered + max(answering, default=0.0) - best < COVERED

    def referring_entry(self, found: Found, topic: str, day: date) -> FaqEntry | None:
        """Return the entry of ``topic`` that names the matter and says whom to ask."""
        entries = [
            self.snapshot.faqs[hit.id] for hit in found.faqs if hit.score >= REFERRED and self._holds(hit.id, day)
        ]
        return next((entry for entry in entries if entry.topic == topic and not entry.answers), None)

    def _answers(self, hit: Hit) -> bool:
        return hit.kind == "program" or self.snapshot.faqs[hit.id].answers

    def _holds(self, faq: str, day: date) -> bool:
        entry = self.snapshot.faqs.get(faq)
        return entry is not None and holds_on(entry, day, self.snapshot)


def _alike(told: Aspect, asked: Aspect) -> bool:
    """Say whether an entry on one aspect answers a question on the other: "là bao nhiêu" asks for either."""
    figures = {Aspect.BENEFIT, Aspect.DEFINITION, Aspect.OTHER}
    return told is asked or {told, asked} <= figures
