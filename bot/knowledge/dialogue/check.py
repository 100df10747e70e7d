"""A check: is this household, or this member, entitled? One question at a time, then the result with its reasons."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Answer, Asks, Button, Reply
from bot.knowledge.case import SCREENING, SELF, WITHIN_TOPIC, Case, Focus
from bot.knowledge.derive import OF_COMMUNE, assume_by_age, derive
from bot.knowledge.dialogue import calculate
from bot.knowledge.dialogue.results import result
from bot.knowledge.domain import Aspect, Choice, FactDefinition, FactType, Program, Scope, Verdict
from bot.knowledge.engine import Judgement, next_fact, wanted_facts
from bot.knowledge.several import best_question, keys_settled, leave_open, open_choices, settle
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import lower_first

CHOICES_AS_BUTTONS = 7
MOST_REASONS = 3
"""Programs that are named to say why something is asked."""
ENOUGH_TO_TELL = 3
"""Questions after which a screening offers to tell what is known so far."""


def begin(case: Case, goal: str, subjects: Sequence[str], today: date, snapshot: Snapshot) -> tuple[list[Reply], Case]:
    """Begin a check towards ``goal`` for those members, and put its first question."""
    reply, case = advance(start(case, goal, subjects, snapshot), today, snapshot)
    if goal == SCREENING and reply.answer.asks is not None:
        reply = replace(reply, text=f"{say('screening', 'start')}\n{reply.text}")
    return [reply], replace(case, misses=0)


def go_on(case: Case, today: date, snapshot: Snapshot) -> tuple[list[Reply], Case]:
    """Go on with the check after an answer; one that comes with no check under way begins a screening."""
    if case.goal is None:
        case = start(case, SCREENING, case.members or (SELF,), snapshot)
    reply, case = advance(replace(case, misses=0), today, snapshot)
    return [reply], case


def subjects_of(case: Case, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Return whom a check is for: who is named now, else those spoken of before, else the citizen."""
    return tuple(named) or case.subjects or case.members or (SELF,)


def advance(case: Case, today: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Ask the next question of the check under way, or tell its result and end it."""
    day = case.as_of or today
    sums = calculate.program_of(case.goal, snapshot)
    if sums is not None:
        step = calculate.step(sums, case, today, snapshot)
        if isinstance(step, Reply):
            return step, replace(case.stop(), last_asked=case.last_asked)
        return ask(step, replace(case, pending=step, last_asked=step, asked=case.asked + 1), day, snapshot)
    judgements = _judge(case, day, snapshot)
    key = next_fact(judgements, snapshot.facts, case.declined)
    if key is not None:
        wanted = wanted_facts(judgements, snapshot.facts, case.declined)
        key = best_question(key, wanted, case, snapshot.facts)
        return ask(key, replace(case, pending=key, last_asked=key, asked=case.asked + 1, chosen=()), day, snapshot)
    return _tell(judgements, case, day, today, snapshot)


def shown_choices(case: Case, key: FactKey, today: date, snapshot: Snapshot) -> tuple[Choice, ...]:
    """Return the choices of the question about ``key``; of a joint question those that still matter."""
    definition = snapshot.facts[key[1]]
    if definition.type is not FactType.SEVERAL:
        return definition.choices
    wanted = wanted_facts(_judge(case, case.as_of or today, snapshot), snapshot.facts, case.declined)
    return open_choices(definition, key[0], wanted)


def answer_several(
    case: Case, key: FactKey, chosen: Collection[str], today: date, snapshot: Snapshot
) -> tuple[list[Reply], Case]:
    """Go on after a joint question of which exactly ``chosen`` hold."""
    shown = shown_choices(case, key, today, snapshot)
    return go_on(settle(case, key, shown, {*case.chosen, *chosen}), today, snapshot)


def choose(case: Case, key: FactKey, choice: str, today: date, snapshot: Snapshot) -> tuple[list[Reply], Case]:
    """Note one choice of a joint question and ask whether there are more."""
    case = replace(case, chosen=(*case.chosen, choice), misses=0)
    left = [c for c in shown_choices(case, key, today, snapshot) if c.id not in case.chosen]
    if not left:
        return answer_several(case, key, (), today, snapshot)
    reply, case = ask(key, case, case.as_of or today, snapshot)
    return [reply], case


def decline(case: Case, key: FactKey, today: date, snapshot: Snapshot) -> tuple[list[Reply], Case]:
    """Go on with somebody who cannot tell."""
    if snapshot.facts[key[1]].type is FactType.SEVERAL:
        case = leave_open(case, key, shown_choices(case, key, today, snapshot), case.chosen)
    return go_on(case.decline(key), today, snapshot)


def tell(case: Case, today: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Tell the result as far as it is known and end the check."""
    day = case.as_of or today
    sums = calculate.program_of(case.goal, snapshot)
    if sums is not None:
        return calculate.tell(sums, case, today, snapshot), case.stop()
    return _tell(_judge(case, day, snapshot), case, day, today, snapshot)


def ruled_out(program: str, case: Case, subjects: Sequence[str], day: date, snapshot: Snapshot) -> bool:
    """Say whether what is known of ``subjects`` keeps every one of them from ``program``."""
    judgements = _judge(replace(case, goal=program, subjects=tuple(subjects)), day, snapshot)
    return bool(judgements) and all(judgement.verdict is Verdict.NOT_ELIGIBLE for judgement in judgements)


def _judge(case: Case, day: date, snapshot: Snapshot) -> list[Judgement]:
    facts = assume_by_age(derive(case.facts, snapshot.facts, snapshot.communes), snapshot.facts, day)
    # One that is switched off is asked for nothing more; alone as a goal it is told of by its message.
    several = case.goal == SCREENING or _topic_of(case) is not None
    return snapshot.rules(day).judge(
        facts,
        case.subjects,
        lambda program: within_goal(program, case) and not (several and snapshot.switched_off(program)),
    )


def _tell(
    judgements: Sequence[Judgement], case: Case, day: date, today: date, snapshot: Snapshot
) -> tuple[Reply, Case]:
    reply = result(judgements, case, day, today, snapshot)
    off = [p for p in snapshot.programs.values() if within_goal(p, case) and snapshot.switched_off(p) is not None]
    left_out = [p.short_name for p in off if p.id not in {judgement.program.id for judgement in judgements}]
    if left_out:
        reply = replace(reply, text=f"{reply.text}\n{say('switched', 'left_out', programs=' · '.join(left_out))}")
    return reply, replace(case.stop(), last_asked=case.last_asked)


def _topic_of(case: Case) -> str | None:
    goal = case.goal or ""
    return goal.removeprefix(WITHIN_TOPIC) if goal.startswith(WITHIN_TOPIC) else None


def within_goal(program: Program, case: Case) -> bool:
    """Say whether the check under way is about ``program``."""
    topic = _topic_of(case)
    if case.goal == SCREENING or topic is not None:
        return program.screened and topic in {None, program.topic}
    return program.id == case.goal


def start(case: Case, goal: str, subjects: Sequence[str], snapshot: Snapshot) -> Case:
    """Return the case with a check begun; ``subjects`` are the members it is for."""
    sums = calculate.program_of(goal, snapshot)
    program = sums or snapshot.programs.get(goal)
    aspect = Aspect.BENEFIT if sums else Aspect.ELIGIBILITY
    case = replace(case, goal=goal, subjects=tuple(subjects) or (SELF,), pending=None, asked=0)
    topic = _topic_of(case)
    if topic is not None:
        within = [each for each in snapshot.programs.values() if within_goal(each, case)]
        # "cần giấy tờ gì?" in the middle of it is then about what is checked.
        return replace(case, focus=Focus(topic, within[0].id if len(within) == 1 else None, aspect.value))
    return replace(case, focus=Focus(program.topic, program.id, aspect.value)) if program else case


def ask(key: FactKey, case: Case, day: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Put the question about ``key``."""
    member, fact = key
    definition = snapshot.facts[fact]
    choices = tuple(c for c in shown_choices(case, key, day, snapshot) if c.id not in case.chosen)
    buttons = _answer_buttons(key, definition, choices, case)
    text = question_text(key, snapshot)
    if definition.type is FactType.AGE and key in case.facts:
        # A year alone was told, and the month decides.
        text = say("check", "age_closer", member=member_name(member))
    if definition.help:
        text = f"{text}\n{definition.help}"
    if definition.type is FactType.SEVERAL:
        if case.chosen:
            noted = ", ".join(c.label for c in definition.choices if c.id in case.chosen)
            text = say("check", "any_more", noted=noted)
        text = "\n".join([text, *(f"{n}. {choice.label}" for n, choice in enumerate(choices, 1))])
    buttons.append(Button(say("buttons", "dont_know"), {"act": "dont_know", "fact": fact, "member": member}))
    if case.goal == SCREENING and case.asked > ENOUGH_TO_TELL:
        buttons.append(Button(say("buttons", "result"), {"act": "result"}))
    buttons.append(Button(say("buttons", "stop"), {"act": "stop"}))
    sums = calculate.program_of(case.goal, snapshot)
    program = sums or snapshot.programs.get(case.goal or "")
    answer = Answer(
        status="asked_back",
        source="calculation" if sums else "eligibility",
        as_of=day,
        topic=program.topic if program else _topic_of(case),
        program=program.id if program else None,
        aspect=(Aspect.BENEFIT if sums else Aspect.ELIGIBILITY).value,
        member=member,
        asks=Asks(
            fact,
            member,
            definition.type.value,
            tuple(choice.label for choice in choices),
            multiple=definition.type is FactType.SEVERAL,
        ),
    )
    return Reply(text, answer, tuple(buttons)), case


def why_asked(case: Case, key: FactKey, today: date, snapshot: Snapshot) -> str:
    """Tell what the answer to the question about ``key`` decides."""
    sums = calculate.program_of(case.goal, snapshot)
    if sums is not None:
        return say("check", "why_sum", program=sums.short_name)
    definition = snapshot.facts[key[1]]
    settled = keys_settled(definition, key[0]) or {key}
    if definition.type is FactType.COMMUNE:
        settled = {(None, fact) for fact in OF_COMMUNE}
    programs = dict.fromkeys(
        judgement.program.short_name
        for judgement in _judge(case, case.as_of or today, snapshot)
        if not settled.isdisjoint(judgement.open_facts)
    )
    named = "; ".join([*programs][:MOST_REASONS])
    if len(programs) > MOST_REASONS:
        return say("check", "why_asked_of_many", programs=named)
    return say("check", "why_asked", programs=named, fact=lower_first(definition.label))


def _answer_buttons(key: FactKey, definition: FactDefinition, choices: Sequence[Choice], case: Case) -> list[Button]:
    of = {"fact": key[1], "member": key[0]}
    match definition.type:
        case FactType.BOOLEAN:
            pairs = (("yes", True), ("no", False))
            return [Button(say("buttons", name), {"act": "inform", **of, "value": value}) for name, value in pairs]
        case FactType.SEVERAL:
            buttons = [Button(choice.label, {"act": "choose", **of, "choice": choice.id}) for choice in choices]
            return [
                *buttons,
                Button(say("buttons", "no_more" if case.chosen else "none_of_these"), {"act": "chosen", **of}),
            ]
        case _ if len(choices) <= CHOICES_AS_BUTTONS:
            return [Button(choice.label, {"act": "inform", **of, "value": choice.id}) for choice in choices]
    return []


def question_text(key: FactKey, snapshot: Snapshot) -> str:
    """Return the question about ``key``, naming the member where it is not the citizen."""
    member, fact = key
    question = snapshot.facts[fact].question
    if member is None or snapshot.facts[fact].scope is Scope.HOUSEHOLD:
        return question
    name = member_name(member)
    if "người cần xét" in question.lower():
        return question.replace("Người cần xét", name[0].upper() + name[1:]).replace("người cần xét", name)
    return question if member == SELF else say("check", "for_member", member=name, question=question)
