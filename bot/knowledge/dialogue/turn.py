"""One turn: what the citizen said and the case so far, in; replies and the new case, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.knowledge.answer import Answer, Asks, Button, Reading, Reply
from bot.knowledge.case import SCREENING, SELF, WITHIN_TOPIC, Case, Focus
from bot.knowledge.dialogue import check
from bot.knowledge.dialogue.follow_up import asked_about
from bot.knowledge.dialogue.policy import answer_faq, answer_program, holds_on, not_covered
from bot.knowledge.dialogue.stated import (
    Vocabulary,
    answer_to,
    day_spoken_of,
    is_personal,
    members_spoken_of,
    says_dont_know,
    stated_facts,
)
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, FactType, FaqEntry, Program, Scope
from bot.knowledge.retrieval import Found, Index, prepare
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.status import Status
from bot.knowledge.values import FactKey, FactValue
from bot.knowledge.voice import say
from bot.knowledge.wording import fact_text

SURE, MARGIN, POSSIBLE, IN_SCOPE = 0.45, 0.03, 0.38, 0.45
"""Retrieval scores: sure of a program, its lead over the next, worth offering, belongs to a topic at all."""
OFF_TOPIC_SURE, OFF_TOPIC_BAR, OFF_TOPIC_LOW_BAR = 0.8, 0.6, 0.48
"""What a row must score for us to doubt Rasa's word that a question is out of scope, by how sure Rasa is."""
FAQ_SURE, FAQ_OTHER_ASPECT, FAQ_BEHIND, COMPLAINT_SURE = 0.5, 0.68, 0.08, 0.36
MOST_PLACES = 12
FOLLOW_UP_WORDS = 7
NAMED = 0.5
"""What another program must score for a short question to have named it."""
FOCUS_BONUS = 0.12

_NODS = frozenset({"affirm", "deny", "dont_know"})
"""What answers a question; said when none was put, it is no miss."""
_ASPECTS = {f"ask_{aspect.value}": aspect for aspect in Aspect}


@dataclass(frozen=True, slots=True)
class Assistant:
    """A snapshot with its index: all that a turn reads."""

    snapshot: Snapshot
    index: Index
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", Vocabulary(self.snapshot.facts))

    def answer(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        """Answer a typed message that is about policy or about the check under way."""
        # A year that answers a question ("1950") is no day to answer for.
        day = day_spoken_of(said) if case.pending is None or self._is_question(said) else None
        case = replace(case, as_of=day or (case.as_of if case.goal else None))
        if said.intent == "stop":
            return self._stop(said, case)
        told = stated_facts(said, case, self.vocabulary)
        if case.pending is not None:
            return self._answer_pending(said, case, told)
        if said.intent == "correct":
            return self._correct(said, case, told)
        if said.intent == "screen":
            return self._screen(said, _with(case, told))
        return self._question(said, _with(case, told), told)

    def press(self, act: Mapping[str, Any], case: Case, today: date) -> tuple[list[Reply], Case]:
        """Do what a verified button says; an act that no longer fits gets a clear word."""
        match act:
            case {"act": "screen"}:
                return self._begin(case, SCREENING, case.members, today)
            case {"act": "check", "program": str(program)} if program in self.snapshot.programs:
                return self._begin(case, program, _subjects(case, ()), today)
            case {"act": "ask", "program": str(program), "aspect": str(aspect)} if (
                program in self.snapshot.programs and f"ask_{aspect}" in _ASPECTS
            ):
                return self._tell(self.snapshot.programs[program], Aspect(aspect), case, today)
            case {"act": "faq", "faq": str(faq)} if self._holds(faq, case.as_of or today):
                entry = self.snapshot.faqs[faq]
                focus = Focus(entry.topic, entry.program, entry.aspect.value)
                return [answer_faq(entry, case.as_of or today, today, self.snapshot)], replace(case, focus=focus)
            case {"act": "topic", "topic": str(topic)} if topic in self.snapshot.topics:
                return self._topic(topic, case, today)
            case {"act": "inform", "fact": str(fact), "value": bool() | str() as value} if self._takes(fact, value):
                return self._go_on(case.state(self._key(fact, act.get("member")), value), today)
            case {"act": "dont_know", "fact": str(fact)} if fact in self.snapshot.facts:
                return self._go_on(case.decline(self._key(fact, act.get("member"))), today)
            case {"act": "result"} if case.goal is not None:
                reply, case = check.tell(case, today, self.snapshot)
                return [reply], case
            case {"act": "stop"}:
                return [_plain("answered", say("check", "stopped"), today)], case.stop()
            case {"act": "resume"}:
                return self._go_on(case, today)
        return [_plain("clarify", say("fallback", "button_old"), today)], case

    # The check under way

    def _answer_pending(
        self, said: Understanding, case: Case, told: dict[FactKey, FactValue]
    ) -> tuple[list[Reply], Case]:
        key = case.pending
        assert key is not None
        if says_dont_know(said):
            return self._go_on(_with(case, told).decline(key), said.today)
        value = told.get(key)
        if value is None and not self._is_question(said):
            value = answer_to(key, said, self.snapshot.facts)
        if value is not None:
            known = _with(case, told).state(key, value)
            # The same once more ("sinh năm 1951"): nothing closer is to be had, so it is not asked again.
            return self._go_on(known.decline(key) if case.facts.get(key) == value else known, said.today)
        case = _with(case, told)
        if said.intent == "screen":
            return self._screen(said, case)
        if self._is_question(said):
            replies, aside = self._question(said, replace(case, pending=None), told)
            if aside.goal == case.goal and replies[-1].answer.status != "out_of_scope":
                again, _ = check.ask(key, case, case.as_of or said.today, self.snapshot)
                again = replace(again, text=say("check", "resume", question=again.text))
                return [*replies, again], replace(aside, goal=case.goal, subjects=case.subjects, pending=key)
        if told:
            return self._go_on(case, said.today)
        places = [p for entity in said.of("place") for p in entity.value.get("candidates") or ()]
        if key[1] == "commune" and places:
            return [self._which_place(places, said.today)], case
        again, case = check.ask(key, case, case.as_of or said.today, self.snapshot)
        case = replace(case, misses=case.misses + 1)
        text = say("check", "again", question=again.text)
        if case.misses >= 2:
            text = f"{text}\n{say('fallback', 'twice')}"
            again = replace(again, buttons=(*again.buttons, _human_button()))
        return [replace(again, text=text)], case

    def _which_place(self, codes: Sequence[str], today: date) -> Reply:
        """Ask which commune of today is meant by a name that several bear or came from."""
        communes = [self.snapshot.communes[code] for code in codes if code in self.snapshot.communes]
        buttons = [
            Button(c.name, {"act": "inform", "fact": "commune", "member": None, "value": c.code})
            for c in communes[:MOST_PLACES]
        ]
        reply = _plain("asked_back", say("fallback", "place_choose"), today)
        asks = Asks("commune", None, FactType.COMMUNE.value, tuple(c.name for c in communes))
        return replace(reply, answer=replace(reply.answer, asks=asks), buttons=tuple(buttons))

    def _go_on(self, case: Case, today: date) -> tuple[list[Reply], Case]:
        if case.goal is None:
            case = check.start(case, SCREENING, case.members or (SELF,), self.snapshot)
        reply, case = check.advance(replace(case, misses=0), today, self.snapshot)
        return [reply], case

    def _begin(self, case: Case, goal: str, subjects: tuple[str, ...], today: date) -> tuple[list[Reply], Case]:
        reply, case = check.advance(check.start(case, goal, subjects, self.snapshot), today, self.snapshot)
        if goal == SCREENING and reply.answer.asks is not None:
            reply = replace(reply, text=f"{say('screening', 'start')}\n{reply.text}")
        return [reply], replace(case, misses=0)

    def _screen(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        return self._begin(case, SCREENING, _subjects(case, tuple(members_spoken_of(said))), said.today)

    def _correct(self, said: Understanding, case: Case, told: dict[FactKey, FactValue]) -> tuple[list[Reply], Case]:
        key = case.last_asked
        if key is not None and key not in told and not told:
            value = answer_to(key, said, self.snapshot.facts)
            told = {key: value} if value is not None else {}
        if not told:
            return self._question(said, case, told)
        case = _with(case, told)
        note = say("check", "corrected", facts=self._in_words(told, said.today))
        goal = case.goal or case.focus.program or SCREENING
        replies, case = self._begin(case, goal, _subjects(case, ()), said.today)
        return [replace(replies[0], text=f"{note}\n{replies[0].text}"), *replies[1:]], case

    def _stop(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        name = "stopped" if case.goal else "nothing_to_stop"
        return [_plain("answered", say("check", name), said.today)], case.stop()

    # Questions about policy

    def _question(self, said: Understanding, case: Case, told: dict[FactKey, FactValue]) -> tuple[list[Reply], Case]:
        again = None if told or is_personal(said) else self._asked_again_for(said, case)
        if again is not None:
            return self._tell(again, _focused_aspect(case), case, said.today)
        aspect = _ASPECTS.get(said.intent)
        found = self._found(said, case)
        if said.intent == "out_of_scope" and _best_score(found) < (
            OFF_TOPIC_BAR if said.confidence >= OFF_TOPIC_SURE else OFF_TOPIC_LOW_BAR
        ):
            return self._out_of_scope(said, case)
        if said.intent in _NODS and _best_score(found) < SURE:
            return [_plain("answered", say("check", "nothing_to_stop"), said.today)], case
        focused = self._follow_up(found, said, case)
        if focused is not None:
            return self._tell(focused, aspect or _focused_aspect(case), case, said.today)
        own_case = (aspect or Aspect.ELIGIBILITY) is Aspect.ELIGIBILITY and is_personal(said)
        faq = None if own_case and told else self._faq(found, aspect, case.as_of or said.today)
        if faq is not None:
            focus = Focus(faq.topic, faq.program, faq.aspect.value)
            reply = answer_faq(faq, case.as_of or said.today, said.today, self.snapshot)
            return [reply], replace(case, focus=focus, misses=0)
        program = self._clear(found)
        if program is not None:
            if own_case:
                return self._begin(case, program.id, _subjects(case, tuple(members_spoken_of(said))), said.today)
            default = Aspect.BENEFIT if told or said.intent == "inform" else Aspect.ELIGIBILITY
            return self._tell(program, aspect or default, case, said.today)
        if said.intent == "inform" and told:
            return self._noted(case, told, said.today)
        topic = self._topic_to_check(found)
        aged = any(fact == "age" for _, fact in told)
        if is_personal(said) and aspect in (Aspect.ELIGIBILITY, Aspect.BENEFIT) and (aged or (own_case and topic)):
            goal = f"{WITHIN_TOPIC}{topic}" if topic else SCREENING
            return self._begin(case, goal, _subjects(case, tuple(members_spoken_of(said))), said.today)
        return self._unsure(found, aspect, said, case)

    def _asked_again_for(self, said: Understanding, case: Case) -> Program | None:
        """Return the program of another group that a follow-up repeats the last question for."""
        about = asked_about(said)
        if not about or case.focus.topic is None or len(about.split()) > FOLLOW_UP_WORDS:
            return None
        # "hộ cận nghèo" alone is closest to how one gets that status; what was spoken of last says which rights.
        found = self.index.search(f"{self.snapshot.topics[case.focus.topic].name} {about}")
        program = self._clear(found)
        return None if program is None or program.id == case.focus.program else program

    def _found(self, said: Understanding, case: Case) -> Found:
        found = self.index.search(said.text)
        if case.focus.topic is None or len(prepare(said.text).split()) > FOLLOW_UP_WORDS:
            return found
        hits = [
            replace(hit, score=hit.score + FOCUS_BONUS)
            if self.snapshot.programs[hit.id].topic == case.focus.topic
            else hit
            for hit in found.programs
        ]
        return replace(found, programs=tuple(sorted(hits, key=lambda hit: -hit.score)))

    def _faq(self, found: Found, aspect: Aspect | None, day: date) -> FaqEntry | None:
        rival = found.programs[0].score if found.programs else 0.0
        for hit in found.faqs:
            entry = self.snapshot.faqs[hit.id]
            if not self._holds(hit.id, day):
                continue
            if aspect is Aspect.COMPLAINT and entry.aspect is aspect and hit.score >= COMPLAINT_SURE:
                return entry
            needed = FAQ_SURE if aspect is None or _alike(entry.aspect, aspect) else FAQ_OTHER_ASPECT
            if hit.score >= needed and hit.score >= rival - FAQ_BEHIND:
                return entry
        return None

    def _topic_to_check(self, found: Found) -> str | None:
        """Return the topic whose programs a person's own case is checked against, where one stands out."""
        clear = [hit.id for hit in found.topics[:1] if hit.score >= IN_SCOPE]
        screened = {program.topic for program in self.snapshot.programs.values() if program.screened}
        return clear[0] if clear and clear[0] in screened else None

    def _follow_up(self, found: Found, said: Understanding, case: Case) -> Program | None:
        """Return the program in focus where a short question names none of its own ("còn giấy tờ?")."""
        program = self.snapshot.programs.get(case.focus.program or "")
        words = len(prepare(said.text).split())
        if program is None or words > FOLLOW_UP_WORDS or (said.intent not in _ASPECTS and case.as_of is None):
            return None
        named = next((hit.score for hit in found.programs if hit.id != program.id), 0.0)
        asked = next((hit.score for hit in found.faqs if self.snapshot.faqs[hit.id].program != program.id), 0.0)
        return program if named < NAMED and asked < FAQ_OTHER_ASPECT else None

    def _clear(self, found: Found) -> Program | None:
        """Return the program that the question is surely about."""
        if found.programs:
            best = found.programs[0]
            lead = best.score - (found.programs[1].score if len(found.programs) > 1 else 0.0)
            if best.score >= SURE and lead >= MARGIN:
                return self.snapshot.programs[best.id]
        return None

    def _tell(self, program: Program, aspect: Aspect, case: Case, today: date) -> tuple[list[Reply], Case]:
        reply = answer_program(program, aspect, case.as_of or today, today, self.snapshot)
        return [reply], replace(case, focus=Focus(program.topic, program.id, aspect.value), misses=0)

    def _topic(self, topic_id: str, case: Case, today: date) -> tuple[list[Reply], Case]:
        programs = [p for p in self.snapshot.programs.values() if p.topic == topic_id]
        case = replace(case, focus=Focus(topic_id))
        if not programs:
            return [not_covered(topic_id, Aspect.OTHER, today, self.snapshot)], case
        text = say("fallback", "topic_choose", topic=self.snapshot.topics[topic_id].name)
        return [self._offer(text, [(p, Aspect.OTHER) for p in programs[:8]], today)], case

    def _unsure(self, found: Found, aspect: Aspect | None, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        likely = [hit for hit in found.programs if hit.score >= POSSIBLE][:3]
        if likely:
            pairs = [(self.snapshot.programs[hit.id], aspect or Aspect.ELIGIBILITY) for hit in likely]
            reply = self._offer(say("fallback", "clarify"), pairs, said.today)
        elif found.topics and found.topics[0].score >= IN_SCOPE:
            topic = found.topics[0].id
            reply = not_covered(topic, aspect or Aspect.OTHER, case.as_of or said.today, self.snapshot)
            return [reply], replace(case, focus=Focus(topic), misses=0)
        else:
            return self._out_of_scope(said, case)
        return [self._officer_after_two(reply, case)], replace(case, misses=case.misses + 1)

    def _out_of_scope(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        if said.intent in _ASPECTS and is_personal(said):
            text = f"{say('fallback', 'clarify_empty')}\n{say('fallback', 'offer')}"
            reply = replace(_plain("clarify", text, said.today), buttons=(_screen_button(),))
            return [self._officer_after_two(reply, case)], replace(case, misses=case.misses + 1)
        if said.intent in ("out_of_scope", "nlu_fallback") or said.intent in _ASPECTS:
            reply = _plain("out_of_scope", say("fallback", "out_of_scope"), said.today)
        else:
            reply = _plain("clarify", say("fallback", "clarify_empty"), said.today)
        return [self._officer_after_two(reply, case)], replace(case, misses=case.misses + 1)

    def _officer_after_two(self, reply: Reply, case: Case) -> Reply:
        if case.misses < 1:
            return reply
        text = f"{reply.text}\n{say('fallback', 'twice')}"
        return replace(reply, text=text, buttons=(*reply.buttons, _human_button()))

    def _noted(self, case: Case, told: dict[FactKey, FactValue], today: date) -> tuple[list[Reply], Case]:
        text = say("check", "noted", facts=self._in_words(told, today))
        buttons = [_screen_button()]
        if case.focus.program:
            buttons.insert(0, Button(say("buttons", "check"), {"act": "check", "program": case.focus.program}))
        reply = _plain("clarify", f"{text}\n{say('fallback', 'offer')}", today)
        return [replace(reply, buttons=tuple(buttons))], case

    def _offer(self, text: str, pairs: list[tuple[Program, Aspect]], today: date) -> Reply:
        answer = Answer(
            status="clarify",
            source="system",
            as_of=today,
            topic=pairs[0][0].topic,
            readings=tuple(Reading(p.topic, p.id, a.value) for p, a in pairs),
        )
        buttons = tuple(Button(p.short_name, {"act": "ask", "program": p.id, "aspect": a.value}) for p, a in pairs)
        lines = [text, *(f"- {p.short_name}" for p, _ in pairs)]
        return Reply("\n".join(lines), answer, buttons)

    def _holds(self, faq: str, day: date) -> bool:
        entry = self.snapshot.faqs.get(faq)
        return entry is not None and holds_on(entry, day, self.snapshot)

    def _takes(self, fact: str, value: bool | str) -> bool:
        definition = self.snapshot.facts.get(fact)
        if definition is None:
            return False
        if isinstance(value, bool):
            return definition.type is FactType.BOOLEAN
        return (
            value in self.snapshot.communes
            if definition.type is FactType.COMMUNE
            else value in {choice.id for choice in definition.choices}
        )

    def _key(self, fact: str, member: object) -> FactKey:
        of_household = self.snapshot.facts[fact].scope is Scope.HOUSEHOLD
        return (None if of_household else member if isinstance(member, str) else SELF, fact)

    def _is_question(self, said: Understanding) -> bool:
        return said.intent in _ASPECTS and len(prepare(said.text).split()) > 2

    def _in_words(self, told: dict[FactKey, FactValue], today: date) -> str:
        return "; ".join(fact_text(key, value, self.snapshot, today) for key, value in told.items())


def _focused_aspect(case: Case) -> Aspect:
    return Aspect(case.focus.aspect) if case.focus.aspect else Aspect.ELIGIBILITY


def _best_score(found: Found) -> float:
    return max((hit.score for hit in (*found.programs[:1], *found.faqs[:1])), default=0.0)


def _alike(told: Aspect, asked: Aspect) -> bool:
    """Say whether an entry on one aspect answers a question on the other: "là bao nhiêu" asks for either."""
    figures = {Aspect.BENEFIT, Aspect.DEFINITION, Aspect.OTHER}
    return told is asked or {told, asked} <= figures


def _with(case: Case, told: dict[FactKey, FactValue]) -> Case:
    for key, value in told.items():
        case = case.state(key, value)
    return case


def _subjects(case: Case, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return whom a check is for: who is named now, else those spoken of before, else the citizen."""
    return named or case.subjects or case.members or (SELF,)


def _plain(status: Status, text: str, today: date) -> Reply:
    return Reply(text, Answer(status=status, source="system", as_of=today))


def _screen_button() -> Button:
    return Button(say("buttons", "screen"), {"act": "screen"})


def _human_button() -> Button:
    return Button(say("buttons", "human"), {"act": "human"})
