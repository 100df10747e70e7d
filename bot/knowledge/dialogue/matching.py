"""Which of the rows that a search found answers a question, if one does.

The bars were chosen on questions of citizens whose right entries were labelled (decision 90).
"""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from bot.knowledge.dialogue.policy import holds_on
from bot.knowledge.domain import Aspect, FaqEntry, Program
from bot.knowledge.retrieval import Found, Hit
from bot.knowledge.snapshot import Snapshot

SURE, MARGIN, POSSIBLE = 0.42, 0.04, 0.38
"""Retrieval scores of a row: sure of a program, its lead over the next, worth offering."""
CLEAR_TOPIC = 0.42
"""What a topic must score to be the one that is meant."""
FAQ_SURE, FAQ_OTHER_ASPECT = 0.36, 0.68
"""What an entry must score to answer: one on what is asked, one on another aspect."""
FAQ_AHEAD, AHEAD = 0.44, 0.02
"""What the best entry may score though it is on another aspect, where it leads the next by so much."""
ALONE = 0.06
"""By how much the best entry must lead the next to count as one on what is asked."""
SENT_ON = 0.3
"""What a topic must score for its office to be named."""
COVERED, REFERRED = 0.2, 0.45
"""What a question must look like one that rows answer, not to be sent on; what an entry must score to be told then."""
NEAR = 0.5
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
            if aspect is Aspect.COMPLAINT and entry.aspect is aspect and hit.score >= FAQ_SURE:
                return entry
            lead = hit.score - (after.score if after else 0.0) if hit is holding[0] else 0.0
            if aspect is None or _alike(entry.aspect, aspect) or lead >= ALONE:
                bar = FAQ_SURE
            else:
                bar = FAQ_AHEAD if entry.answers and lead >= AHEAD else FAQ_OTHER_ASPECT
            if hit.score >= bar and (rival is None or hit.score >= rival.score):
                return entry
        return None

    def entry_about(self, program: Program, found: Found, day: date, aspect: Aspect | None = None) -> FaqEntry | None:
        """Return the entry that says of a program what its rows do not; one on ``aspect`` where that is given."""
        entries = [self.snapshot.faqs[hit.id] for hit in found.faqs if hit.score >= NEAR and self._holds(hit.id, day)]
        about = [entry for entry in entries if entry.program == program.id and entry.answers]
        return next((entry for entry in about if aspect in (None, entry.aspect)), None)

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
