"""What a button does. An act comes signed by the gateway, but perhaps from before the rows changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.knowledge.answer import Button, Reply
from bot.knowledge.case import SCREENING, SELF, Case
from bot.knowledge.dialogue import calculate, check
from bot.knowledge.dialogue.questions import ASPECTS, Questions
from bot.knowledge.dialogue.replies import plain
from bot.knowledge.domain import Aspect, FactType, Scope
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey
from bot.knowledge.voice import member_name, say

RELATIVES = (SELF, "mother", "father", "wife", "husband", "child", "grandmother", "grandfather")

Told = tuple[list[Reply], Case]


@dataclass(frozen=True, slots=True)
class Buttons:
    """Does what buttons say, with the rows of a snapshot."""

    snapshot: Snapshot
    questions: Questions

    def press(self, act: Mapping[str, Any], case: Case, today: date) -> Told:
        """Do what a verified button says; an act that no longer fits gets a clear word."""
        told = self._answers(act, case, today) or self._opens(act, case, today)
        return told or ([plain("clarify", say("fallback", "button_old"), today)], case)

    def _answers(self, act: Mapping[str, Any], case: Case, today: date) -> Told | None:
        """Take an answer within the check under way, or its end."""
        match act:
            case {"act": "inform", "fact": str(fact), "value": bool() | str() as value} if self._takes(fact, value):
                return check.go_on(case.state(self._key(fact, act.get("member")), value), today, self.snapshot)
            case {"act": "dont_know", "fact": str(fact)} if fact in self.snapshot.facts:
                return check.decline(case, self._key(fact, act.get("member")), today, self.snapshot)
            case {"act": "choose", "fact": str(fact), "choice": str(choice)} if self._asks(fact, act, case):
                return check.choose(case, self._key(fact, act.get("member")), choice, today, self.snapshot)
            case {"act": "chosen", "fact": str(fact)} if self._asks(fact, act, case):
                return check.answer_several(case, self._key(fact, act.get("member")), (), today, self.snapshot)
            case {"act": "result"} if case.goal is not None:
                reply, case = check.tell(case, today, self.snapshot)
                return [reply], case
            case {"act": "stop"}:
                return [plain("answered", say("check", "stopped"), today)], case.stop()
        return None

    def _opens(self, act: Mapping[str, Any], case: Case, today: date) -> Told | None:
        """Begin a check, or tell what is asked for."""
        match act:
            case {"act": "screen", "member": str(member)} if member in RELATIVES:
                return check.begin(case, SCREENING, (member,), today, self.snapshot)
            case {"act": "screen"} if "member" not in act:
                return check.begin(case, SCREENING, case.members, today, self.snapshot)
            case {"act": "whom"}:
                buttons = [Button(_title(member), {"act": "screen", "member": member}) for member in RELATIVES]
                return [replace(plain("clarify", say("screening", "whom"), today), buttons=tuple(buttons))], case
            case {"act": "sought"}:
                return [self._sought(today)], case
            case {"act": "check", "program": str(program)} if program in self.snapshot.programs:
                return check.begin(case, program, check.subjects_of(case), today, self.snapshot)
            case {"act": "calculate", "program": str(program)} if (
                calculate.program_of(goal := calculate.CALCULATION + program, self.snapshot) is not None
            ):
                return check.begin(case, goal, check.subjects_of(case), today, self.snapshot)
            case {"act": "ask", "program": str(program), "aspect": str(aspect)} if (
                program in self.snapshot.programs and f"ask_{aspect}" in ASPECTS
            ):
                return self.questions.tell(self.snapshot.programs[program], Aspect(aspect), case, today)
            case {"act": "topic", "topic": str(topic)} if topic in self.snapshot.topics:
                return self.questions.topic(topic, case, today)
        return None

    def _sought(self, today: date) -> Reply:
        """Offer the topics of which nothing is screened, since one gets them only for the asking."""
        screened = {program.topic for program in self.snapshot.programs.values() if program.screened}
        topics = {program.topic for program in self.snapshot.programs.values()} - screened
        buttons = [Button(self.snapshot.topics[t].name, {"act": "topic", "topic": t}) for t in sorted(topics)]
        return replace(plain("clarify", say("screening", "sought"), today), buttons=tuple(buttons))

    def _takes(self, fact: str, value: bool | str) -> bool:
        definition = self.snapshot.facts.get(fact)
        if definition is None:
            return False
        if isinstance(value, bool):
            return definition.type is FactType.BOOLEAN
        if definition.type is FactType.COMMUNE:
            return value in self.snapshot.communes
        return definition.type is FactType.CHOICE and value in {choice.id for choice in definition.choices}

    def _asks(self, fact: str, act: Mapping[str, Any], case: Case) -> bool:
        """Say whether the joint question that a button belongs to is still the pending one."""
        return fact in self.snapshot.facts and case.pending == self._key(fact, act.get("member"))

    def _key(self, fact: str, member: object) -> FactKey:
        of_household = self.snapshot.facts[fact].scope is Scope.HOUSEHOLD
        return (None if of_household else member if isinstance(member, str) else SELF, fact)


def _title(member: str) -> str:
    name = member_name(member)
    return name[0].upper() + name[1:]
