"""Everything that is published, as of one knowledge version, held in memory and read by every turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.domain import (
    Commune,
    FactDefinition,
    FaqEntry,
    LearnedPhrase,
    LegalDocument,
    Office,
    Parameter,
    Program,
    Switch,
    SwitchKind,
    Topic,
)
from bot.knowledge.engine import Rules

DAYS_KEPT = 8
"""Rules of so many days are kept: today's, and those of the days that are being asked about."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published rows by id (legal documents by number, communes by code)."""

    version: int
    documents: Mapping[str, LegalDocument]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, FactDefinition]
    topics: Mapping[str, Topic]
    programs: Mapping[str, Program]
    faqs: Mapping[str, FaqEntry]
    communes: Mapping[str, Commune]
    offices: Mapping[str, Office]
    learned: tuple[LearnedPhrase, ...] = ()
    switches: tuple[Switch, ...] = ()
    _rules: dict[date, Rules] = field(default_factory=dict, init=False, repr=False, compare=False)

    def switched_off(self, program: Program) -> Switch | None:
        """Return the switch that keeps ``program`` from being answered about."""
        targets = {(SwitchKind.PROGRAM, program.id), (SwitchKind.TOPIC, program.topic)}
        return next((switch for switch in self.switches if (switch.kind, switch.target) in targets), None)

    def topic_switched_off(self, topic: str | None) -> Switch | None:
        """Return the switch that keeps ``topic`` as a whole from being answered about."""
        return next((s for s in self.switches if (s.kind, s.target) == (SwitchKind.TOPIC, topic)), None)

    def rules(self, day: date) -> Rules:
        """Return all programs as they stand on ``day``, ready to be judged."""
        rules = self._rules.get(day)
        if rules is None:
            rules = Rules(self.programs.values(), day, self.facts, self.parameters)
            if len(self._rules) >= DAYS_KEPT:
                self._rules.clear()
            self._rules[day] = rules
        return rules
