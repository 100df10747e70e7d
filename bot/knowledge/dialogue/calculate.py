"""Calculations in a conversation: when one is asked for, which input is asked next, and how the result is told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.knowledge.answer import Answer, Button, Reply
from bot.knowledge.calculators.calculation import Calculation, Line, Source, Sum
from bot.knowledge.calculators.registry import CALCULATORS, calculate
from bot.knowledge.case import SELF, Case, Focus
from bot.knowledge.dialogue.policy import follow_ups, office_of
from bot.knowledge.dialogue.stated import answer_to
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, Citation, FactType, Program, Scope, State, Verdict
from bot.knowledge.engine import judge
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, FactValue
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import citation_text, citation_views, day_text, lower_first, value_text
from bot.text.durations import find_durations
from bot.text.fold import fold
from bot.text.money import format_money

CALCULATION = "calculate:"
"""Begins the goal of a calculation; the id of its program ends it."""
LOAN = "loan_instalment"
CLASS: FactKey = (None, "household_class")
AGAIN_WORDS = 7
"""Words of a message that can be nothing but another input."""

_AMOUNT = re.compile(r"\b(?:bao nhieu|nhieu it|may tien|may dong|het may|tinh (?:giup|thu|cho|ho|dum|ra))\b")
_COUNTED = {"household_size": re.compile(r" (?:nguoi|khau|nhan khau)\b"), "deprivation_count": re.compile(r" chi so\b")}
"""What is counted by a number that states the fact."""
_LOAN = re.compile(r"\b(?:vay|muon tien)\b")


def program_of(goal: str | None, snapshot: Snapshot) -> Program | None:
    """Return the program that a goal is to calculate, or ``None`` for any other goal."""
    if goal is None or not goal.startswith(CALCULATION):
        return None
    program = snapshot.programs.get(goal.removeprefix(CALCULATION))
    return program if program is not None and program.calculator else None


def step(program: Program, case: Case, today: date, snapshot: Snapshot) -> FactKey | Reply:
    """Return the next input to ask for, or the result once nothing is left that the citizen can tell."""
    for key in calculate(program, case.facts, _member(case), case.as_of or today, snapshot).needs:
        if key not in case.declined and snapshot.facts[key[1]].askable:
            return key
    return tell(program, case, today, snapshot)


def tell(program: Program, case: Case, today: date, snapshot: Snapshot) -> Reply:
    """Return the result as far as it can be worked out."""
    day, member = case.as_of or today, _member(case)
    return result(program, calculate(program, case.facts, member, day, snapshot), member, day, today, snapshot)


def inputs_said(said: Understanding, program: Program, member: str, snapshot: Snapshot) -> dict[FactKey, FactValue]:
    """Return the calculator's own inputs that the message states: its first sum of money, duration and count."""
    values: dict[FactType, Decimal] = {}
    for entity in said.of("money")[:1]:
        values[FactType.MONEY] = Decimal(entity.value["amount"])
    for span in find_durations(said.text)[:1]:
        values[FactType.DURATION] = Decimal(span.months)
    folded = fold(said.text)
    found: dict[FactKey, FactValue] = {}
    for fact in CALCULATORS[program.calculator or ""].inputs:
        definition = snapshot.facts[fact]
        key = (None if definition.scope is Scope.HOUSEHOLD else member, fact)
        if definition.type in values:
            found[key] = values[definition.type]
        for entity in said.of("number") if fact in _COUNTED else ():
            if _COUNTED[fact].match(folded, entity.end):
                found[key] = Decimal(str(entity.value))
    return found


def inputs_of_goal(said: Understanding, case: Case, snapshot: Snapshot) -> dict[FactKey, FactValue]:
    """Return the inputs that a message states for the calculation under way."""
    program = program_of(case.goal, snapshot)
    return inputs_said(said, program, _member(case), snapshot) if program else {}


def goal_again(case: Case, told: Iterable[FactKey], snapshot: Snapshot) -> str | None:
    """Return the goal of the calculation just told, where a correction changes one of its inputs."""
    program = snapshot.programs.get(case.focus.program or "")
    if program is None or not program.calculator or case.focus.aspect != Aspect.BENEFIT.value:
        return None
    inputs = CALCULATORS[program.calculator].inputs
    return CALCULATION + program.id if any(fact in inputs for _, fact in told) else None


def asked(
    said: Understanding,
    program: Program | None,
    case: Case,
    told: Mapping[FactKey, FactValue],
    subjects: Sequence[str],
    snapshot: Snapshot,
) -> tuple[Reply, Case] | None:
    """Answer a question about an amount for the inputs that it states; ``None`` where it is no such question.

    ``program`` is the one that the question is surely about. A loan of no named program is worked out for the one that
    household it is asked for may have ("vay 50 triệu hộ nghèo"), else for the one spoken of before, else for each.
    """
    member, day = (subjects or (SELF,))[0], case.as_of or said.today
    again = _again(said, program, case, member, snapshot)
    if again is None and said.intent != "ask_benefit" and _AMOUNT.search(fold(said.text)) is None:
        return None
    of_loan = program is None and again is None and _LOAN.search(fold(said.text)) is not None
    if of_loan:
        program = _loan_for(said, told, member, day, snapshot) or _loan_in_focus(case, snapshot)
    program = again or program
    if program is not None and program.calculator:
        stated = inputs_said(said, program, member, snapshot)
        known = case.state_all(stated)
        calculation = calculate(program, known.facts, member, day, snapshot)
        if not _reads({*stated, *told}, program, day) or calculation.needs or not _tells(calculation):
            return None
        focus = Focus(program.topic, program.id, Aspect.BENEFIT.value)
        reply = result(program, calculation, member, day, said.today, snapshot)
        return reply, replace(known, focus=focus, misses=0)
    if of_loan and program is None:
        return _any_loan(said, case, member, day, snapshot)
    return None


def _again(said: Understanding, program: Program | None, case: Case, member: str, snapshot: Snapshot) -> Program | None:
    """Return the program just worked out, where a short message only states another input ("80 triệu thì sao")."""
    last = snapshot.programs.get(case.focus.program or "")
    if last is None or not last.calculator or case.focus.aspect != Aspect.BENEFIT.value or program not in (None, last):
        return None
    short = len(fold(said.text).split()) <= AGAIN_WORDS
    return last if short and inputs_said(said, last, member, snapshot) else None


def _loan_for(
    said: Understanding, told: Mapping[FactKey, FactValue], member: str, day: date, snapshot: Snapshot
) -> Program | None:
    """Return the only loan to which those are entitled who are told of or named."""
    # "Hộ nghèo vay …" states nothing of the citizen's own household, but says whose loan is meant.
    named = answer_to(CLASS, said, snapshot.facts)
    facts = told if named is None else {CLASS: named, **told}
    held = [
        program
        for program in snapshot.programs.values()
        if program.calculator == LOAN
        and judge(program, facts, member, day, snapshot.facts, snapshot.parameters).verdict is Verdict.ELIGIBLE
    ]
    return held[0] if len(held) == 1 else None


def _loan_in_focus(case: Case, snapshot: Snapshot) -> Program | None:
    program = snapshot.programs.get(case.focus.program or "")
    return program if program is not None and program.calculator == LOAN else None


def _any_loan(said: Understanding, case: Case, member: str, day: date, snapshot: Snapshot) -> tuple[Reply, Case] | None:
    """Work the loan out for each program that is not known to be closed to the citizen."""
    done: list[tuple[Program, Calculation]] = []
    for program in snapshot.programs.values():
        provision = program.on(day)
        if program.calculator != LOAN or provision is None or provision.state is not State.OPEN:
            continue
        stated = inputs_said(said, program, member, snapshot)
        if len(stated) < len(CALCULATORS[LOAN].inputs):
            return None
        case = case.state_all(stated)
        judged = judge(program, case.facts, member, day, snapshot.facts, snapshot.parameters)
        calculation = calculate(program, case.facts, member, day, snapshot)
        if judged.verdict is not Verdict.NOT_ELIGIBLE and calculation.totals and not calculation.bounded:
            done.append((program, calculation))
    if not done:
        return None
    amount, months = (value_text(fact, case.facts[(None, fact)], snapshot, day) for fact in CALCULATORS[LOAN].inputs)
    lines = [say("calculators", "several_loans", amount=amount, months=months)]
    for program, calculation in done:
        first, last, interest = calculation.lines[0], calculation.lines[-1], calculation.totals[0]
        words = {
            name: format_money(of.amount) for name, of in (("first", first), ("last", last), ("interest", interest))
        }
        lines.append(say("calculators", "several_loans_line", program=program.short_name, **words))
    common = [note for note in done[0][1].notes if all(note in calculation.notes for _, calculation in done)]
    citations = tuple(dict.fromkeys(c for _, calculation in done for c in calculation.citations))
    lines += [*common, say("answers", "basis", citations="; ".join(map(citation_text, citations)))]
    lines.append(_day_line(day, said.today))
    answer = Answer(
        status="answered",
        source="calculation",
        as_of=day,
        topic=done[0][0].topic,
        aspect=Aspect.BENEFIT.value,
        benefits=tuple(lines[1 : len(done) + 1]),
        citations=citation_views(citations, snapshot),
        verified=all(calculation.verified for _, calculation in done),
    )
    buttons = tuple(calculate_button(program, program.short_name) for program, _ in done)
    return Reply("\n".join(lines), answer, buttons), replace(case, misses=0)


def calculate_button(program: Program, title: str | None = None) -> Button:
    """Return the button that begins the calculation of ``program``."""
    return Button(title or say("buttons", "calculate"), {"act": "calculate", "program": program.id})


def result(
    program: Program, calculation: Calculation, member: str, day: date, today: date, snapshot: Snapshot
) -> Reply:
    """Tell a calculation: each line of its working, the totals, what it rests on, and for which day."""
    name = "title" if program.scope is Scope.PERSON and member != SELF else "title_plain"
    lines = [say("calculators", name, program=program.short_name, who=member_name(member))]
    lines += [_line(line) for line in calculation.lines]
    lines += [f"- {reason}" for reason in calculation.reasons]
    told = [_totals(calculation.total_of, calculation.totals)] if calculation.totals else []
    if calculation.outcome:
        told.append(say("calculators", "outcome", outcome=say("calculators", calculation.outcome)))
    lines += told
    if calculation.needs:
        facts = ", ".join(lower_first(snapshot.facts[fact].label) for _, fact in calculation.needs)
        lines.append(say("calculators", "missing", facts=facts))
    lines += calculation.notes
    citations = calculation.citations
    if calculation.sources:
        lines += [say("calculators", "sources"), *_sources(calculation.sources)]
    provision = program.on(day)
    if provision is not None:
        citations = tuple(dict.fromkeys((*citations, *provision.legal_basis)))
    office = office_of(program, snapshot)
    if not calculation.verified:
        lines.append(say("answers", "unverified", office=office))
    lines.append(_day_line(day, today))
    if CALCULATORS[program.calculator or ""].inputs and _tells(calculation):
        lines.append(say("calculators", "change"))
    answer = Answer(
        status="answered" if _tells(calculation) else "not_covered",
        source="calculation",
        as_of=day,
        topic=program.topic,
        program=program.id,
        aspect=Aspect.BENEFIT.value,
        member=member if program.scope is Scope.PERSON else None,
        benefits=(*(_line(line).removeprefix("- ") for line in calculation.lines), *told),
        office=office,
        citations=citation_views(citations, snapshot),
        verified=calculation.verified,
    )
    buttons = tuple(b for b in follow_ups(program, Aspect.BENEFIT) if b.act.get("act") != "calculate")
    return Reply("\n".join(lines), answer, buttons)


def _member(case: Case) -> str:
    return case.subjects[0] if case.subjects else SELF


def _tells(calculation: Calculation) -> bool:
    return bool(calculation.lines or calculation.reasons)


def _reads(told: Iterable[FactKey], program: Program, day: date) -> bool:
    """Say whether what was told is something that the calculation reads."""
    provision = program.on(day)
    criteria = [*provision.common, *(c for g in provision.groups for c in g.criteria)] if provision else []
    read = {*CALCULATORS[program.calculator or ""].inputs, *(criterion.fact for criterion in criteria)}
    return any(fact in read for _, fact in told)


def _line(line: Line) -> str:
    amount = format_money(line.amount)
    text = say("calculators", "line", label=line.label, working=line.working, amount=amount, unit=line.unit)
    longer = [one for one in line.periods if one.amount != line.amount]
    return text + say("calculators", "line_periods", periods=_sums(longer)) if longer else text


def _totals(of: str, totals: Sequence[Sum]) -> str:
    return say("calculators", "totals", of=of, sums=_sums(totals))


def _sums(sums: Iterable[Sum]) -> str:
    return "; ".join(say("calculators", "sum", label=one.label, amount=format_money(one.amount)) for one in sums)


def _sources(sources: Sequence[Source]) -> list[str]:
    """Return the figures, those of one place in one line, figures of one name together."""
    places: dict[Citation, dict[str, list[str]]] = {}
    for source in sources:
        places.setdefault(source.legal_basis, {}).setdefault(source.name, []).append(source.figure)
    told = []
    for place, figures in places.items():
        words = [say("calculators", "figure", what=n, figure=", ".join(f)) for n, f in figures.items()]
        told.append(say("calculators", "source", citation=citation_text(place), figures="; ".join(words)))
    return told


def _day_line(day: date, today: date) -> str:
    return say("answers", "as_of" if day == today else "as_of_past", day=day_text(day))
