"""One turn: what the citizen said and the case so far, in; replies and the new case, out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.knowledge.answer import Act, Asks, Button, Reply
from bot.knowledge.case import SCREENING, SELF, Case, Focus
from bot.knowledge.dialogue import calculate, check, switched, two_asks
from bot.knowledge.dialogue.buttons import Buttons
from bot.knowledge.dialogue.follow_up import asks_why
from bot.knowledge.dialogue.offers import again, named, offered_by, taken
from bot.knowledge.dialogue.people import members_spoken_of
from bot.knowledge.dialogue.questions import ASPECTS, Questions
from bot.knowledge.dialogue.replies import human_button, plain
from bot.knowledge.dialogue.social import safety
from bot.knowledge.dialogue.stated import (
    Vocabulary,
    answer_to,
    chosen_of_several,
    day_spoken_of,
    says_dont_know,
    says_yes,
    stated_facts,
)
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, FactType
from bot.knowledge.prepared import prepare
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, FactValue
from bot.knowledge.voice import say
from bot.knowledge.wording import facts_text

MOST_PLACES = 12
_ASKING = re.compile(
    r"\b(?:gi|chi|nao|mo|sao|rang|dau|ai|may|nhieu|nhiu|bao lau|bao gio|khong|chua|ha|hay|hoi|neu|"
    r"muc|giay to|ho so|thu tuc|dieu kien|cach|noi nop)\b"
)
"""What a question has, told from what states something, in text that is prepared."""
_NO_ANSWER = frozenset({"out_of_scope", "clarify"})
"""What is no reply to a question within a check: the check's own question is put again instead."""
HOSTILE = 0.2
"""From here on what speaks of policy is taken for an attempt to misuse it; no question of a citizen's came near."""


@dataclass(frozen=True, slots=True)
class Assistant:
    """A snapshot with its index: all that a turn reads."""

    snapshot: Snapshot
    index: Index
    vocabulary: Vocabulary = field(init=False)
    questions: Questions = field(init=False)
    buttons: Buttons = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", Vocabulary(self.snapshot.facts))
        object.__setattr__(self, "questions", Questions(self.snapshot, self.index))
        object.__setattr__(self, "buttons", Buttons(self.snapshot, self.questions))

    def answer(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        """Answer a typed message that is about policy or about the check under way."""
        replies, after = switched.guarded(
            lambda: self._answer(said, replace(case, offered=()), case.offered), case, said.today, self.snapshot
        )
        return replies, replace(after, offered=offered_by(replies[-1]))

    def _answer(self, said: Understanding, case: Case, offered: Sequence[Button]) -> tuple[list[Reply], Case]:
        if said.chance_of("abuse") >= HOSTILE:
            return [safety("abuse", said.today, self.snapshot)], case
        case = _as_published(case, self.snapshot)
        # A year that answers a question ("1950") is no day to answer for.
        day = day_spoken_of(said) if case.pending is None or self._is_question(said) else None
        case = replace(case, as_of=day or (case.as_of if case.goal else None))
        if said.intent == "stop":
            return self._stop(said, case)
        if asks_why(said):
            reasons = self._reasons(said, case)
            if reasons is not None:
                return reasons
        people = members_spoken_of(said)
        if len(people) == 1 and case.pending is None:
            case = replace(case, subjects=tuple(people))
        told = stated_facts(said, case, self.vocabulary) | calculate.inputs_of_goal(said, case, self.snapshot)
        if case.pending is not None:
            act = named(said, offered)
            return self._answer_pending(said, case, told) if act is None else self._take(act, case, said.today)
        act = taken(said, offered)
        if act is not None:
            return self._take(act, case.state_all(told), said.today)
        if offered and not told and says_yes(said):
            return [again(offered, said.today)], case
        if said.intent == "correct" or _restates(said, case, told):
            return self._correct(said, case, told)
        if said.intent == "screen":
            return self._screen(said, case.state_all(told))
        return two_asks.answer(self.questions, said, case.state_all(told), told)

    def press(self, act: Mapping[str, Any], case: Case, today: date) -> tuple[list[Reply], Case]:
        """Do what a verified button says."""
        published = replace(_as_published(case, self.snapshot), offered=())
        replies, after = switched.guarded(
            lambda: self.buttons.press(act, published, today), published, today, self.snapshot
        )
        return replies, replace(after, offered=offered_by(replies[-1]))

    def _take(self, act: Act, case: Case, today: date) -> tuple[list[Reply], Case]:
        """Do what a typed message takes of what was offered."""
        if act["act"] == "human":
            return [safety("human", today, self.snapshot)], case
        return self.buttons.press(act, case, today)

    def _answer_pending(
        self, said: Understanding, case: Case, told: dict[FactKey, FactValue]
    ) -> tuple[list[Reply], Case]:
        key = case.pending
        assert key is not None
        if says_dont_know(said):
            return check.decline(case.state_all(told), key, said.today, self.snapshot)
        chosen = self._chosen(said, case, key, told)
        if chosen is not None:
            return check.answer_several(case.state_all(told), key, chosen, said.today, self.snapshot)
        value = told.get(key)
        if value is None and not self._is_question(said):
            value = answer_to(key, said, self.snapshot.facts)
        if value is not None:
            known = case.state_all(told).state(key, value)
            # The same once more ("sinh năm 1951"): nothing closer is to be had, so it is not asked again.
            return check.go_on(known.decline(key) if case.facts.get(key) == value else known, said.today, self.snapshot)
        case = case.state_all(told)
        if said.intent == "screen":
            return self._screen(said, case)
        if self._is_question(said):
            replies, aside = self.questions.answer(said, replace(case, pending=None), told)
            if aside.goal == case.goal and replies[-1].answer.status not in _NO_ANSWER:
                again, _ = check.ask(key, case, case.as_of or said.today, self.snapshot)
                again = replace(again, text=say("check", "resume", question=again.text))
                return [*replies, again], replace(aside, goal=case.goal, subjects=case.subjects, pending=key)
        if told:
            return check.go_on(case, said.today, self.snapshot)
        places = [p for entity in said.of("place") for p in entity.value.get("candidates") or ()]
        if key[1] == "commune" and places:
            return [self._which_place(places, said.today)], case
        again, case = check.ask(key, case, case.as_of or said.today, self.snapshot)
        case = replace(case, misses=case.misses + 1)
        text = say("check", "again", question=again.text)
        if case.misses >= 2:
            text = f"{text}\n{say('fallback', 'twice')}"
            again = replace(again, buttons=(*again.buttons, human_button()))
        return [replace(again, text=text)], case

    def _chosen(
        self, said: Understanding, case: Case, key: FactKey, told: Mapping[FactKey, FactValue]
    ) -> tuple[str, ...] | None:
        if self.snapshot.facts[key[1]].type is not FactType.SEVERAL or self._is_question(said):
            return None
        shown = check.shown_choices(case, key, said.today, self.snapshot)
        left = [choice for choice in shown if choice.id not in case.chosen]
        return chosen_of_several(said, left, {fact for member, fact in told if member == key[0]})

    def _which_place(self, codes: Sequence[str], today: date) -> Reply:
        """Ask which commune of today is meant by a name that several bear or came from."""
        communes = [self.snapshot.communes[code] for code in codes if code in self.snapshot.communes]
        buttons = [
            Button(c.name, {"act": "inform", "fact": "commune", "member": None, "value": c.code})
            for c in communes[:MOST_PLACES]
        ]
        reply = plain("asked_back", say("fallback", "place_choose"), today)
        asks = Asks("commune", None, FactType.COMMUNE.value, tuple(c.name for c in communes))
        return replace(reply, answer=replace(reply.answer, asks=asks), buttons=tuple(buttons))

    def _screen(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        whom = tuple(members_spoken_of(said)) or case.members or (SELF,)
        return check.begin(case, SCREENING, whom, said.today, self.snapshot)

    def _correct(self, said: Understanding, case: Case, told: dict[FactKey, FactValue]) -> tuple[list[Reply], Case]:
        key = case.last_asked
        if key is not None and key not in told and not told:
            value = answer_to(key, said, self.snapshot.facts)
            told = {key: value} if value is not None else {}
        if not told:
            return self.questions.answer(said, case, told)
        case = case.state_all(told)
        note = say("check", "corrected", facts=facts_text(told, self.snapshot, said.today))
        again = calculate.goal_again(case, told, self.snapshot)
        goal = case.goal or again or case.focus.program or SCREENING
        replies, case = check.begin(case, goal, check.subjects_of(case), said.today, self.snapshot)
        return [replace(replies[0], text=f"{note}\n{replies[0].text}"), *replies[1:]], case

    def _reasons(self, said: Understanding, case: Case) -> tuple[list[Reply], Case] | None:
        """Tell why the pending question is asked, or the verdict with its reasons again; ``None`` without either."""
        if case.pending is not None:
            why = check.why_asked(case, case.pending, said.today, self.snapshot)
            question, case = check.ask(case.pending, case, case.as_of or said.today, self.snapshot)
            return [replace(question, text=f"{why}\n{question.text}")], case
        if case.focus.program is None or case.focus.aspect != Aspect.ELIGIBILITY or not case.facts:
            return None
        told = check.begin(case, case.focus.program, check.subjects_of(case), said.today, self.snapshot)
        return told if told[0][-1].answer.verdict is not None else None

    def _stop(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        name = "stopped" if case.goal else "nothing_to_stop"
        return [plain("answered", say("check", name), said.today)], case.stop()

    def _is_question(self, said: Understanding) -> bool:
        words = prepare(said.text)
        return said.intent in ASPECTS and len(words.split()) > 2 and ("?" in said.text or bool(_ASKING.search(words)))


def _restates(said: Understanding, case: Case, told: Mapping[FactKey, FactValue]) -> bool:
    """Say whether a statement after a verdict changes what it rested on: "à không, ba tôi 68 tuổi thôi"."""
    changed = any(case.facts.get(key, value) != value for key, value in told.items())
    return changed and said.intent in ("inform", "deny") and case.focus.aspect == Aspect.ELIGIBILITY


def _as_published(case: Case, snapshot: Snapshot) -> Case:
    """Return the case without what the rows no longer hold: they may have changed since its last turn."""
    goal_stands = (
        case.goal in (None, SCREENING)
        or calculate.program_of(case.goal, snapshot) is not None
        or any(check.within_goal(program, case) for program in snapshot.programs.values())
    )
    if not goal_stands or (case.pending is not None and case.pending[1] not in snapshot.facts):
        case = case.stop()
    if case.last_asked is not None and case.last_asked[1] not in snapshot.facts:
        case = replace(case, last_asked=None)
    return case if case.focus.topic in {None, *snapshot.topics} else replace(case, focus=Focus())
