"""A check: is this household, or this member, entitled? One question at a time, then the result with its reasons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Answer, Asks, Button, Reply, ResultView
from bot.knowledge.case import SCREENING, SELF, WITHIN_TOPIC, Case, Focus
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.dialogue.policy import answer_program, follow_ups, office_of
from bot.knowledge.domain import Aspect, FactType, Program, Scope, State, Verdict
from bot.knowledge.engine import Judgement, judge_all, next_fact
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import (
    benefit_text,
    citation_text,
    citation_views,
    criterion_view,
    day_text,
    document_text,
    rests_on_memory,
)

CHOICES_AS_BUTTONS = 7
ENOUGH_TO_TELL = 3
"""Questions after which a screening offers to tell what is known so far."""


def advance(case: Case, today: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Ask the next question of the check under way, or tell its result and end it."""
    day = case.as_of or today
    judgements = _judge(case, day, snapshot)
    key = next_fact(judgements, snapshot.facts, snapshot.parameters, case.declined)
    if key is not None:
        return ask(key, replace(case, pending=key, last_asked=key, asked=case.asked + 1), day, snapshot)
    return _tell(judgements, case, day, today, snapshot)


def tell(case: Case, today: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Tell the result as far as it is known and end the check."""
    day = case.as_of or today
    return _tell(_judge(case, day, snapshot), case, day, today, snapshot)


def _judge(case: Case, day: date, snapshot: Snapshot) -> list[Judgement]:
    facts = assume_by_age(derive(case.facts, snapshot.facts, snapshot.communes), snapshot.facts, day)
    programs = goal_programs(case, snapshot)
    return judge_all(programs, facts, case.subjects, day, snapshot.facts, snapshot.parameters)


def _tell(
    judgements: Sequence[Judgement], case: Case, day: date, today: date, snapshot: Snapshot
) -> tuple[Reply, Case]:
    done = replace(case.stop(), last_asked=case.last_asked)
    if len({judgement.program.id for judgement in judgements}) != 1:
        return _screening_result(judgements, case, day, snapshot), done
    return _program_result(judgements, day, today, snapshot), done


def goal_programs(case: Case, snapshot: Snapshot) -> list[Program]:
    """Return the programs that the check under way is about."""
    if case.goal == SCREENING:
        return [program for program in snapshot.programs.values() if program.screened]
    if (case.goal or "").startswith(WITHIN_TOPIC):
        topic = (case.goal or "").removeprefix(WITHIN_TOPIC)
        return [program for program in snapshot.programs.values() if program.screened and program.topic == topic]
    program = snapshot.programs.get(case.goal or "")
    return [program] if program else []


def start(case: Case, goal: str, subjects: Sequence[str], snapshot: Snapshot) -> Case:
    """Return the case with a check begun; ``subjects`` are the members it is for."""
    program = snapshot.programs.get(goal)
    focus = Focus(program.topic, program.id, Aspect.ELIGIBILITY.value) if program else case.focus
    return replace(case, goal=goal, subjects=tuple(subjects) or (SELF,), pending=None, asked=0, focus=focus)


def ask(key: FactKey, case: Case, day: date, snapshot: Snapshot) -> tuple[Reply, Case]:
    """Put the question about ``key``."""
    member, fact = key
    definition = snapshot.facts[fact]
    text = question_text(key, snapshot)
    if definition.help:
        text = f"{text}\n{definition.help}"
    act = {"act": "inform", "fact": fact, "member": member}
    buttons: list[Button] = []
    if definition.type is FactType.BOOLEAN:
        buttons = [Button(say("buttons", n), {**act, "value": v}) for n, v in (("yes", True), ("no", False))]
    elif len(definition.choices) <= CHOICES_AS_BUTTONS:
        buttons = [Button(choice.label, {**act, "value": choice.id}) for choice in definition.choices]
    buttons.append(Button(say("buttons", "dont_know"), {"act": "dont_know", "fact": fact, "member": member}))
    if case.goal == SCREENING and case.asked > ENOUGH_TO_TELL:
        buttons.append(Button(say("buttons", "result"), {"act": "result"}))
    buttons.append(Button(say("buttons", "stop"), {"act": "stop"}))
    program = snapshot.programs.get(case.goal or "")
    answer = Answer(
        status="asked_back",
        source="eligibility",
        as_of=day,
        topic=program.topic if program else None,
        program=program.id if program else None,
        aspect=Aspect.ELIGIBILITY.value,
        member=member,
        asks=Asks(fact, member, definition.type.value, tuple(choice.label for choice in definition.choices)),
    )
    return Reply(text, answer, tuple(buttons)), case


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


def _program_result(judgements: Sequence[Judgement], day: date, today: date, snapshot: Snapshot) -> Reply:
    best = min(judgements, key=lambda j: [Verdict.ELIGIBLE, Verdict.UNKNOWN, Verdict.NOT_ELIGIBLE].index(j.verdict))
    told = [j for j in judgements if j is not best] if len(judgements) > 1 else []
    program = best.program
    if best.provision is None or best.provision.state is not State.OPEN:
        reply = answer_program(program, Aspect.ELIGIBILITY, day, today, snapshot)
        return replace(reply, answer=replace(reply.answer, verdict=best.verdict.value, source="eligibility"))
    verdict = say("verdicts", best.verdict.value)
    lines = [
        say("check", "verdict", program=program.short_name, member=member_name(best.member), verdict=verdict.upper())
    ]
    lines += [f"({member_name(other.member)}: {say('verdicts', other.verdict.value).lower()})" for other in told]
    lines.append(say("check", "open" if best.verdict is Verdict.UNKNOWN else "because"))
    views = tuple(criterion_view(r, snapshot, day) for r in best.deciding)
    for view in views:
        label = say("check", "value", label=view.label, value=view.value) if view.value else view.label
        lines.append(f"{say('marks', view.verdict)} {label} – {view.legal_basis}")
    groups = best.held_groups
    benefits = [b for b in best.provision.benefits if not b.groups or set(b.groups) & set(groups)]
    office = office_of(program, snapshot)
    if best.verdict is Verdict.ELIGIBLE:
        if benefits:
            lines.append(say("check", "brings"))
            lines += [f"- {benefit_text(b, snapshot.parameters, day)}" for b in benefits]
        if best.provision.documents:
            papers = "; ".join(document_text(d).rstrip(".") for d in best.provision.documents)
            lines.append(say("check", "bring", documents=papers))
        where = next((s.where for s in best.provision.steps if s.where), office)
        lines.append(say("check", "go", where=where))
    elif best.verdict is Verdict.UNKNOWN:
        lines.append(say("check", "unknown_open", office=office))
    shown = [r.criterion for r in best.deciding] + (benefits if best.verdict is Verdict.ELIGIBLE else [])
    citations = tuple(dict.fromkeys([r.criterion.legal_basis for r in best.deciding] + [*best.provision.legal_basis]))[
        :4
    ]
    verified = not rests_on_memory(shown)
    lines.append(say("answers", "basis", citations="; ".join(citation_text(c) for c in citations)))
    if not verified:
        lines.append(say("answers", "unverified", office=office))
    lines.append(say("answers", "as_of" if day == today else "as_of_past", day=day_text(day)))
    lines.append(say("check", "only_authority"))
    answer = Answer(
        status="answered",
        source="eligibility",
        as_of=day,
        topic=program.topic,
        program=program.id,
        aspect=Aspect.ELIGIBILITY.value,
        member=best.member,
        verdict=best.verdict.value,
        criteria=views,
        results=tuple(ResultView(program.id, j.member, j.verdict.value) for j in judgements) if told else (),
        benefits=tuple(benefit_text(b, snapshot.parameters, day) for b in benefits),
        documents=tuple(document_text(d) for d in best.provision.documents),
        office=office,
        citations=citation_views(citations, snapshot),
        verified=verified,
    )
    return Reply("\n".join(lines), answer, follow_ups(program, Aspect.ELIGIBILITY)[1:])


def _screening_result(judgements: Sequence[Judgement], case: Case, day: date, snapshot: Snapshot) -> Reply:
    lines = [say("screening", "title", day=day_text(day))]
    several = len({j.member for j in judgements if j.member}) > 1 or case.subjects != (SELF,)

    def named(judgement: Judgement) -> str:
        if judgement.member is None or not several:
            return ""
        return say("screening", "member", member=member_name(judgement.member))

    by_verdict = {v: [j for j in judgements if j.verdict is v and _is_open(j)] for v in Verdict}
    eligible = by_verdict[Verdict.ELIGIBLE]
    if eligible:
        lines.append(say("screening", "eligible"))
        for j in eligible:
            held = set(j.held_groups)
            benefits = [b for b in j.provision.benefits if not b.groups or set(b.groups) & held] if j.provision else []
            told = [b for b in benefits if b.text is None][:2] or benefits[:1]
            words = "; ".join(benefit_text(b, snapshot.parameters, day) for b in told)
            lines.append(
                say("screening", "line", program=j.program.short_name, member=named(j), benefit=words).rstrip(": ")
            )
    else:
        lines.append(say("screening", "none"))
    if by_verdict[Verdict.UNKNOWN]:
        lines.append(say("screening", "unknown"))
        for j in by_verdict[Verdict.UNKNOWN]:
            open_labels = ", ".join(dict.fromkeys(r.criterion.label.lower() for r in j.deciding[:2]))
            lines.append(
                say("screening", "line_unknown", program=j.program.short_name, member=named(j), facts=open_labels)
            )
    if by_verdict[Verdict.NOT_ELIGIBLE]:
        names = dict.fromkeys(j.program.short_name + named(j) for j in by_verdict[Verdict.NOT_ELIGIBLE])
        lines.append(say("screening", "not_eligible", programs="; ".join(names)))
    lines += [say("screening", "next"), say("check", "only_authority")]
    citations = tuple(dict.fromkeys(c for j in eligible if j.provision for c in j.provision.legal_basis[:1]))
    answer = Answer(
        status="answered",
        source="eligibility",
        as_of=day,
        results=tuple(
            ResultView(
                j.program.id, j.member, j.verdict.value, tuple(criterion_view(r, snapshot, day) for r in j.deciding)
            )
            for j in judgements
        ),
        citations=citation_views(citations, snapshot),
    )
    buttons = tuple(
        Button(j.program.short_name, {"act": "ask", "program": j.program.id, "aspect": Aspect.PROCEDURE.value})
        for j in {j.program.id: j for j in eligible}.values()
    )[:5]
    return Reply("\n".join(lines), answer, buttons)


def _is_open(judgement: Judgement) -> bool:
    return judgement.provision is not None and judgement.provision.state is State.OPEN
