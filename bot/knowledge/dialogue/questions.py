"""Questions about policy: what is meant is found in the published rows, and answered, asked back or declined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.knowledge.answer import Answer, Button, Reading, Reply
from bot.knowledge.case import SCREENING, WITHIN_TOPIC, Case, Focus
from bot.knowledge.dialogue import calculate, check
from bot.knowledge.dialogue.follow_up import asked_about, says_only_whom
from bot.knowledge.dialogue.learned import as_taught
from bot.knowledge.dialogue.matching import CLEAR_TOPIC, FAQ_OTHER_ASPECT, POSSIBLE, SURE, Matching
from bot.knowledge.dialogue.people import members_spoken_of
from bot.knowledge.dialogue.policy import answer_faq, answer_program, not_covered
from bot.knowledge.dialogue.replies import numbered, officer_after_two, plain, screen_button
from bot.knowledge.dialogue.stated import is_personal
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, FaqEntry, Program
from bot.knowledge.prepared import prepare
from bot.knowledge.retrieval import Found, Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, FactValue
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import facts_text
from bot.text.fold import fold

IN_SCOPE, SURELY_OURS = 0.15, 0.42
"""Scores of a topic: belongs to us at all, and does so surely enough to be answered."""
NO_DOUBT = 0.5
"""What the best row must score to be told though it is in doubt whether the question is ours."""
POSSIBLE_TOPIC, MOST_READINGS = 0.12, 3
MOST_PROGRAMS = 8
"""Programs of one topic in a list to choose from."""
RIVAL = 0.6
"""How likely, compared with the topic answered about, another must be to be named beside the answer."""
CLARIFIED = 0.4
"""The same for a topic to be offered when asking back."""
DETAILED_WORDS = 8
"""From so many words on a question says what it wants: where no row has it, a choice of rows would not help."""
TELLING_WORDS = 4
"""A question of fewer words says too little to be called none of ours, or to be sent on."""
SAME_QUESTION = 0.8
"""What an entry must score for its question to be the citizen's own; otherwise it is told which one is answered."""
FOLLOW_UP_WORDS, FOLLOW_UP_OF_PEOPLE = 7, 12
"""How many words a follow-up has at most, and one that names another person: "còn ông nội tôi 72 tuổi thì sao?"."""
NAMED = 0.5
"""What another program must score for a short question to have named it."""
FOCUS_BONUS = 0.12

_NODS = frozenset({"affirm", "deny", "dont_know"})
"""What answers a question; said when none was put, it is no miss."""
_OF_A_CASE = frozenset({None, Aspect.ELIGIBILITY, Aspect.BENEFIT, Aspect.OTHER})
"""Asked of another person with facts of theirs, these want a verdict: "còn ba tôi 69 tuổi thì sao?"."""
_DOUBTFUL = frozenset({"out_of_scope", "nlu_fallback"})
"""What a question of ours may be taken for; its topic then brings it back."""
ASPECTS: Mapping[str, Aspect] = {f"ask_{aspect.value}": aspect for aspect in Aspect}
"""By the intent that asks for it."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Answers questions from a snapshot and its index."""

    snapshot: Snapshot
    index: Index
    matching: Matching = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "matching", Matching(self.snapshot))

    def answer(self, said: Understanding, case: Case, told: dict[FactKey, FactValue]) -> tuple[list[Reply], Case]:
        """Answer a question; ``told`` are the facts that it states, already in ``case``."""
        again = self._asked_again_for(said, case) if says_only_whom(said) or not (told or is_personal(said)) else None
        if isinstance(again, Program):
            return self.tell(again, _focused_aspect(case), case, said.today)
        if again is not None:
            return [self._told(again, None, Found((), (), ()), case.as_of or said.today, said.today)], case
        aspect = _aspect(said)
        found = self._found(said, case)
        focused = self._follow_up(found, said, case)
        subjects = check.subjects_of(case, members_spoken_of(said))
        taught = as_taught(found.learned, said, case, subjects, self.snapshot)
        if taught is not None:
            return taught
        program = self.matching.program(found)
        sums = calculate.asked(said, focused or program, case, told, subjects, self.snapshot)
        if sums is not None:
            return [sums[0]], sums[1]
        ours = _ours(found, said)
        topic = self._topic_followed(found, said, case, told) if focused is None else None
        if topic is not None:
            return self.topic(topic, case, said.today, aspect)
        if focused is None and ours < IN_SCOPE:
            return self._out_of_scope(said, case)
        if said.intent in _NODS and _best_score(found) < SURE:
            return [plain("answered", say("check", "nothing_to_stop"), said.today)], case
        of_people = told and members_spoken_of(said)
        if focused is not None and of_people and aspect in _OF_A_CASE:
            return check.begin(case, focused.id, subjects, said.today, self.snapshot)
        if focused is not None:
            return self.tell(focused, aspect or _focused_aspect(case), case, said.today)
        if self._means_own_case(found, said, case):
            return check.begin(case, SCREENING, subjects, said.today, self.snapshot)
        return self._of_rows(said, case, told, found, program)

    def _of_rows(
        self,
        said: Understanding,
        case: Case,
        told: dict[FactKey, FactValue],
        found: Found,
        program: Program | None,
    ) -> tuple[list[Reply], Case]:
        """Answer from a row, check a case, send on, or ask back; ``program`` is what the question is surely about."""
        aspect, day = _aspect(said), case.as_of or said.today
        subjects = check.subjects_of(case, members_spoken_of(said))
        ours = _ours(found, said)
        own_case = (aspect or Aspect.ELIGIBILITY) is Aspect.ELIGIBILITY and is_personal(said)
        # A case with its facts is judged, whatever the words around it.
        to_judge = own_case and told and program is not None
        if said.intent != "inform" and _words(said) >= TELLING_WORDS and not to_judge and self.matching.sends_on(found):
            return self._send_on(found, aspect, said, case)
        if ours < SURELY_OURS and not told and _best_score(found) < NO_DOUBT:
            return self._clarify(found, aspect, said, case)
        faq = self.matching.entry(found, aspect, day)
        if faq is not None and not (own_case and (told or _score_of(faq, found) < FAQ_OTHER_ASPECT)):
            asked = aspect or faq.aspect
            focus = Focus(faq.topic, faq.program, asked.value)
            return [self._by_entry(faq, asked, found, day, said.today)], replace(case, focus=focus, misses=0)
        if program is not None and (faq is None or not faq.answers):
            faq = self.matching.entry_about(program, found, day, Aspect.ELIGIBILITY)
        rule = None
        if faq is not None and faq.answers and self._may_concern(faq, program, case, told, subjects, day):
            rule = self._told(faq, Aspect.ELIGIBILITY, found, day, said.today)
        if program is not None:
            if own_case:
                return self._check(program.id, program.short_name, subjects, case, said.today, rule)
            default = Aspect.BENEFIT if told or said.intent == "inform" else Aspect.ELIGIBILITY
            return self._by_program(program, aspect or default, found, case, said.today)
        if said.intent == "inform" and told:
            return self._noted(case, told, said.today)
        topic = self._topic_to_check(found)
        aged = any(fact == "age" for _, fact in told)
        if is_personal(said) and aspect in (Aspect.ELIGIBILITY, Aspect.BENEFIT) and (aged or (own_case and topic)):
            if topic is None:
                return check.begin(case, SCREENING, subjects, said.today, self.snapshot)
            about = self.snapshot.topics[topic].name
            return self._check(f"{WITHIN_TOPIC}{topic}", about, subjects, case, said.today, rule)
        return self._unsure(found, aspect, said, case)

    def _may_concern(
        self,
        entry: FaqEntry,
        program: Program | None,
        case: Case,
        told: Mapping[FactKey, FactValue],
        subjects: Sequence[str],
        day: date,
    ) -> bool:
        """Say whether the rule of an entry may be that of those who are to be checked for ``program``."""
        if program is not None and entry.program == program.id:
            return True
        # Whoever said nothing of themselves may mean anything; whoever did, no rule that leaves them out.
        return bool(told) and not (entry.program and check.ruled_out(entry.program, case, subjects, day, self.snapshot))

    def _check(
        self, goal: str, about: str, subjects: Sequence[str], case: Case, today: date, rule: Reply | None
    ) -> tuple[list[Reply], Case]:
        """Begin a check: the rule first, where an entry tells it, then what is looked into and the first question."""
        (reply,), case = check.begin(case, goal, subjects, today, self.snapshot)
        if reply.answer.asks is None:
            return [reply], case
        start = say("check", "start", about=about, member=member_name(reply.answer.member))
        question = replace(reply, text=f"{start}\n{reply.text}")
        return [question] if rule is None else [replace(rule, buttons=()), question], case

    def _asked_again_for(self, said: Understanding, case: Case) -> Program | FaqEntry | None:
        """Return what a follow-up about another group repeats the last question for: its program, or an entry on it."""
        about = asked_about(said)
        if not about or case.focus.topic is None or len(about.split()) > FOLLOW_UP_WORDS:
            return None
        # "hộ cận nghèo" alone is closest to how one gets that status; what was spoken of last says which rights.
        found = self.index.search(f"{self.snapshot.topics[case.focus.topic].name} {about}")
        likely = (self.snapshot.programs[hit.id] for hit in found.programs if hit.score >= POSSIBLE)
        program = next((program for program in likely if program.topic == case.focus.topic), None)
        if program is not None and program.id != case.focus.program:
            return program
        entry = None if program is None else self.matching.entry_about(program, found, case.as_of or said.today)
        # An entry on somebody else again would be no answer.
        return entry if entry is not None and set(about.split()) <= set(fold(entry.question).split()) else None

    def _found(self, said: Understanding, case: Case) -> Found:
        found = self.index.search(said.text)
        if case.focus.topic is None or _words(said) > FOLLOW_UP_WORDS:
            return found
        hits = [
            replace(hit, score=hit.score + FOCUS_BONUS)
            if self.snapshot.programs[hit.id].topic == case.focus.topic
            else hit
            for hit in found.programs
        ]
        return replace(found, programs=tuple(sorted(hits, key=lambda hit: -hit.score)))

    def _topic_to_check(self, found: Found) -> str | None:
        """Return the topic whose programs a person's own case is checked against, where one stands out."""
        clear = [hit.id for hit in found.topics[:1] if hit.score >= CLEAR_TOPIC]
        screened = {program.topic for program in self.snapshot.programs.values() if program.screened}
        return clear[0] if clear and clear[0] in screened else None

    def _follow_up(self, found: Found, said: Understanding, case: Case) -> Program | None:
        """Return the program in focus where a short question names none of its own ("còn giấy tờ?")."""
        program = self.snapshot.programs.get(case.focus.program or "")
        limit = FOLLOW_UP_OF_PEOPLE if asked_about(said) and members_spoken_of(said) else FOLLOW_UP_WORDS
        if program is None or _words(said) > limit or (_aspect(said) is None and case.as_of is None):
            return None
        named = next((hit.score for hit in found.programs if hit.id != program.id), 0.0)
        asked = next((hit.score for hit in found.faqs if self.snapshot.faqs[hit.id].program != program.id), 0.0)
        return program if named < NAMED and asked < FAQ_OTHER_ASPECT else None

    def tell(self, program: Program, aspect: Aspect, case: Case, today: date) -> tuple[list[Reply], Case]:
        """Answer ``aspect`` of ``program`` and keep both in focus."""
        reply = answer_program(program, aspect, case.as_of or today, today, self.snapshot)
        return [reply], replace(case, focus=Focus(program.topic, program.id, aspect.value), misses=0)

    def _means_own_case(self, found: Found, said: Understanding, case: Case) -> bool:
        """Say whether a short question asks what those get of whom facts were told before: "được chi không?"."""
        if not case.facts or case.focus.topic is not None or _words(said) > FOLLOW_UP_WORDS:
            return False
        unnamed = found.likeliest < CLEAR_TOPIC and _best_score(found) < SURE
        return unnamed and _aspect(said) in (Aspect.ELIGIBILITY, Aspect.BENEFIT)

    def _topic_followed(
        self, found: Found, said: Understanding, case: Case, told: Mapping[FactKey, FactValue]
    ) -> str | None:
        """Return the topic in focus where a short question names no matter of its own and no program is in focus."""
        if case.focus.topic is None or case.focus.program is not None or told:
            return None
        if _aspect(said) is None or _words(said) > FOLLOW_UP_WORDS or found.likeliest >= CLEAR_TOPIC:
            return None
        return case.focus.topic if _best_score(found) < SURE else None

    def topic(self, topic_id: str, case: Case, today: date, aspect: Aspect | None = None) -> tuple[list[Reply], Case]:
        """Offer the programs of a topic, or tell ``aspect`` of its only one."""
        programs = self._programs(topic_id)
        case = replace(case, focus=Focus(topic_id))
        if not programs:
            return [not_covered(topic_id, aspect or Aspect.OTHER, today, self.snapshot)], case
        if aspect is not None and len(programs) == 1:
            return self.tell(programs[0], aspect, case, today)
        text = say("fallback", "topic_choose", topic=self.snapshot.topics[topic_id].name)
        return [self._offer(text, programs[:MOST_PROGRAMS], aspect or Aspect.OTHER, today)], case

    def _unsure(self, found: Found, aspect: Aspect | None, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        """Say that no row answers what is clearly ours and asked in detail, else ask which row is meant."""
        ambiguous = bool(found.programs) and found.programs[0].score >= SURE
        scrap, brief = _words(said) < TELLING_WORDS, _words(said) < DETAILED_WORDS
        if scrap or found.likeliest < CLEAR_TOPIC or ambiguous or (self.matching.possible(found) and brief):
            return self._clarify(found, aspect, said, case)
        return self._send_on(found, aspect, said, case)

    def _send_on(
        self, found: Found, aspect: Aspect | None, said: Understanding, case: Case
    ) -> tuple[list[Reply], Case]:
        """Say whom to ask: by the entry that names the matter, where one does, else for the topic."""
        topic = found.topics[0].id
        day = case.as_of or said.today
        entry = self.matching.referring_entry(found, topic, day)
        if entry is not None:
            return [self._by_entry(entry, aspect, found, day, said.today)], replace(case, focus=Focus(topic), misses=0)
        reply = not_covered(topic, aspect or Aspect.OTHER, day, self.snapshot)
        offered = [p for p in self.matching.possible(found) if p.topic == topic and not self.snapshot.switched_off(p)]
        near = offered[: MOST_READINGS - 1]
        if near:
            asked = aspect or Aspect.ELIGIBILITY
            reply = replace(
                reply,
                text=f"{reply.text}\n{say('missing', 'near', programs=' · '.join(p.short_name for p in near))}",
                answer=replace(reply.answer, readings=tuple(Reading(p.topic, p.id, asked.value) for p in near)),
                buttons=(*(_ask_button(program, asked) for program in near), *reply.buttons),
            )
        return [self._or_rather(reply, found)], replace(case, focus=Focus(topic), misses=0)

    def _clarify(
        self, found: Found, aspect: Aspect | None, said: Understanding, case: Case
    ) -> tuple[list[Reply], Case]:
        """Offer the likeliest readings: of each likely topic the programs that may be meant, else the topic.

        Who names nothing but a topic ("vay vốn") may mean any of its programs.
        """
        bar = max(POSSIBLE_TOPIC, CLARIFIED * found.likeliest)
        topics = [hit.id for hit in found.topics if hit.score >= bar][:MOST_READINGS]
        first = [program for program in self.matching.possible(found) if topics and program.topic == topics[0]]
        room = MOST_READINGS
        if len(topics) == 1:
            case = replace(case, focus=Focus(topics[0]))
        if len(topics) == 1 and first and _words(said) < TELLING_WORDS:
            first += [program for program in self._programs(topics[0]) if program not in first]
            room = MOST_PROGRAMS
        if len(topics) == 1 and len(first) < 2:
            # One alone would be no choice.
            topics += [hit.id for hit in found.topics[1:2]]
        rest = [topic for topic in topics if topic not in {program.topic for program in first}]
        reply = self._offer(say("fallback", "clarify"), first[: max(1, room - len(rest))], aspect, said.today, rest)
        return [officer_after_two(reply, case)], replace(case, misses=case.misses + 1)

    def _programs(self, topic: str) -> list[Program]:
        return [program for program in self.snapshot.programs.values() if program.topic == topic]

    def _by_program(
        self, program: Program, aspect: Aspect, found: Found, case: Case, today: date
    ) -> tuple[list[Reply], Case]:
        day = case.as_of or today
        (reply,), case = self.tell(program, aspect, case, today)
        near = None
        if aspect is Aspect.DEFINITION:  # Rows say who gets what, and hardly what it is.
            near = self.matching.entry_about(program, found, day, aspect)
        elif reply.answer.status == "not_covered":
            near = self.matching.entry_about(program, found, day)
        told = self._or_rather(reply, found) if near is None else self._by_entry(near, aspect, found, day, today)
        return [told], case

    def _by_entry(self, entry: FaqEntry, aspect: Aspect | None, found: Found, day: date, today: date) -> Reply:
        return self._or_rather(self._told(entry, aspect, found, day, today), found)

    def _told(self, entry: FaqEntry, aspect: Aspect | None, found: Found, day: date, today: date) -> Reply:
        """Tell an entry under the aspect that was asked, whatever it was filed under."""
        reply = answer_faq(entry, day, today, self.snapshot)
        text = reply.text
        if entry.answers and _score_of(entry, found) < SAME_QUESTION:
            # "Dạ không phải đóng" would be a promise to whoever did not mean the same households.
            text = f"{say('answers', 'understood', question=entry.question)}\n{text}"
        return replace(reply, text=text, answer=replace(reply.answer, aspect=(aspect or entry.aspect).value))

    def _or_rather(self, reply: Reply, found: Found) -> Reply:
        """Name the topics that may have been meant instead, where they are nearly as likely."""
        told = reply.answer.topic
        own = next((hit.score for hit in found.topics if hit.id == told), 0.0)
        rivals = [hit.id for hit in found.topics if hit.id != told and hit.score >= max(RIVAL * own, POSSIBLE_TOPIC)]
        others = [topic for topic in rivals if not self.snapshot.topic_switched_off(topic)][: MOST_READINGS - 1]
        if not others:
            return reply
        readings = tuple(Reading(topic, None, Aspect.OTHER.value) for topic in others)
        buttons = tuple(map(self._topic_button, others))
        return replace(
            reply,
            text=f"{reply.text}\n{say('fallback', 'or_rather', topics=' · '.join(b.title for b in buttons))}",
            answer=replace(reply.answer, readings=(*reply.answer.readings, *readings)),
            buttons=(*reply.buttons, *buttons),
        )

    def _out_of_scope(self, said: Understanding, case: Case) -> tuple[list[Reply], Case]:
        if said.intent in ASPECTS and is_personal(said):
            text = f"{say('fallback', 'clarify_empty')}\n{say('fallback', 'offer')}"
            reply = replace(plain("clarify", text, said.today), buttons=(screen_button(),))
            return [officer_after_two(reply, case)], replace(case, misses=case.misses + 1)
        # "Được nhiêu?" alone is unclear rather than foreign.
        if said.intent in _DOUBTFUL or (said.intent in ASPECTS and _words(said) >= TELLING_WORDS):
            reply = plain("out_of_scope", say("fallback", "out_of_scope"), said.today)
        else:
            reply = plain("clarify", say("fallback", "clarify_empty"), said.today)
        return [officer_after_two(reply, case)], replace(case, misses=case.misses + 1)

    def _noted(self, case: Case, told: dict[FactKey, FactValue], today: date) -> tuple[list[Reply], Case]:
        text = say("check", "noted", facts=facts_text(told, self.snapshot, today))
        buttons = [screen_button()]
        if case.focus.program:
            buttons.insert(0, Button(say("buttons", "check"), {"act": "check", "program": case.focus.program}))
        reply = plain("clarify", f"{text}\n{say('fallback', 'offer')}", today)
        return [replace(reply, buttons=tuple(buttons))], case

    def _offer(
        self, text: str, programs: Sequence[Program], aspect: Aspect | None, today: date, topics: Sequence[str] = ()
    ) -> Reply:
        """Offer ``aspect`` of programs (where that is open: who may have them), then whole topics."""
        asked = aspect or Aspect.ELIGIBILITY
        readings = [Reading(program.topic, program.id, asked.value) for program in programs]
        readings += [Reading(topic, None, (aspect or Aspect.OTHER).value) for topic in topics]
        answer = Answer(
            status="clarify",
            source="system",
            as_of=today,
            topic=readings[0].topic,
            readings=tuple(readings),
        )
        buttons = [*(_ask_button(program, asked) for program in programs), *map(self._topic_button, topics)]
        return Reply(
            "\n".join([text, *numbered(buttons)]),
            answer,
            tuple(buttons),
        )

    def _topic_button(self, topic: str) -> Button:
        return Button(self.snapshot.topics[topic].name, {"act": "topic", "topic": topic})


def _aspect(said: Understanding) -> Aspect | None:
    """Return the aspect that is asked about; where the act is in doubt, the likeliest one."""
    likeliest = (intent for intent, _ in said.ranking if intent in ASPECTS)
    return ASPECTS.get(next(likeliest, "") if said.intent in _DOUBTFUL else said.intent)


def _ours(found: Found, said: Understanding) -> float:
    """Return how likely the question is one of ours."""
    return found.likeliest * (1 - said.chance_of("out_of_scope"))


def _words(said: Understanding) -> int:
    return len(prepare(said.text).split())


def _ask_button(program: Program, aspect: Aspect) -> Button:
    return Button(program.short_name, {"act": "ask", "program": program.id, "aspect": aspect.value})


def _focused_aspect(case: Case) -> Aspect:
    return Aspect(case.focus.aspect) if case.focus.aspect else Aspect.ELIGIBILITY


def _score_of(entry: FaqEntry, found: Found) -> float:
    return next((hit.score for hit in found.faqs if hit.id == entry.id), 0.0)


def _best_score(found: Found) -> float:
    return max((hit.score for hit in (*found.programs[:1], *found.faqs[:1])), default=0.0)
