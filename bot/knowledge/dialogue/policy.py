"""Answers about a program from its rows: one function per aspect, composed from the provision of the day."""

from collections.abc import Iterable, Sequence
from datetime import date
from string import Formatter

from bot.knowledge.answer import Answer, Button, Reply
from bot.knowledge.changes import change_lines
from bot.knowledge.currency import all_in_force
from bot.knowledge.domain import (
    Aspect,
    Benefit,
    Citation,
    Criterion,
    Evidence,
    FaqEntry,
    Program,
    Provision,
    RequiredDocument,
    State,
    Step,
)
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.status import Status
from bot.knowledge.voice import say
from bot.knowledge.wording import (
    benefit_text,
    citation_views,
    dated_citation_text,
    day_text,
    document_text,
    number_text,
    rests_on_memory,
    step_text,
)
from bot.text.money import format_money

_MISSED = (Aspect.ELIGIBILITY, Aspect.DOCUMENTS, Aspect.PROCEDURE, Aspect.TIME_LIMIT, Aspect.COMPLAINT)
_FIGURES = (Aspect.ELIGIBILITY, Aspect.BENEFIT, Aspect.OTHER)
"""Aspects whose answers state figures, so that they say when these changed and will change."""
MOST_CITED = 4
_FOLLOW_UPS = (Aspect.ELIGIBILITY, Aspect.BENEFIT, Aspect.DOCUMENTS, Aspect.PROCEDURE)


def answer_program(program: Program, aspect: Aspect, day: date, today: date, snapshot: Snapshot) -> Reply:
    """Answer what is asked about ``program`` with the provision that applies on ``day``."""
    provision = program.on(day)
    if provision is None:
        lines = [say("answers", "not_yet", program=program.short_name, day=day_text(day)), _ask(program, snapshot)]
        return _reply(program, aspect, "not_covered", lines, (), day, today, snapshot)
    if provision.state is not State.OPEN:
        lines = [say("answers", provision.state.value, program=program.short_name, note=provision.note or "")]
        lines.append(_ask(program, snapshot))
        verified = provision.evidence is not Evidence.MEMORY
        citations = _citations(provision, (), day, snapshot)
        return _reply(program, aspect, "answered", lines, citations, day, today, snapshot, verified=verified)
    lines, rows = _told(program, provision, aspect, day, snapshot)
    if not lines:
        name = (
            aspect.value
            if aspect.value in ("benefit", "documents", "procedure", "time_limit", "complaint")
            else "eligibility"
        )
        lines = [say("missing", name, program=program.short_name), _ask(program, snapshot)]
        return _reply(program, aspect, "not_covered", lines, (), day, today, snapshot)
    if aspect in _FIGURES:
        figures = [row for row in rows if isinstance(row, Benefit | Criterion)]
        lines += change_lines(figures, program, day, snapshot.parameters, said="\n".join(lines))
    citations = _citations(provision, rows, day, snapshot)
    verified = provision.evidence is not Evidence.MEMORY and not rests_on_memory(rows)
    return _reply(
        program,
        aspect,
        "answered",
        lines,
        citations,
        day,
        today,
        snapshot,
        verified=verified,
        benefits=tuple(benefit_text(r, snapshot.parameters, day) for r in rows if isinstance(r, Benefit)),
        documents=tuple(document_text(r) for r in rows if isinstance(r, RequiredDocument)),
        steps=tuple(step_text(r) for r in rows if isinstance(r, Step)),
    )


def holds_on(faq: FaqEntry, day: date, snapshot: Snapshot) -> bool:
    """Say whether the entry answers for ``day``: it applies then, and so does every figure that it quotes."""
    if (faq.applies_from and day < faq.applies_from) or (faq.applies_to and faq.applies_to < day):
        return False
    return all(
        name in snapshot.parameters and snapshot.parameters[name].on(day) is not None
        for _, name, _, _ in Formatter().parse(faq.answer)
        if name is not None
    )


def answer_faq(faq: FaqEntry, day: date, today: date, snapshot: Snapshot) -> Reply:
    """Answer with an FAQ entry that holds on ``day``; parameter references take the value of that day."""
    figures = {}
    for parameter in snapshot.parameters.values():
        value = parameter.on(day)
        if value is not None:
            money = parameter.unit.startswith("đồng")
            figures[parameter.id] = format_money(int(value.amount)) if money else number_text(value.amount)
    text = faq.answer.format_map(figures) if "{" in faq.answer else faq.answer
    program = snapshot.programs.get(faq.program or "")
    office = snapshot.offices.get((program.office if program else None) or snapshot.topics[faq.topic].office)
    citations = all_in_force(faq.legal_basis, day, snapshot.documents, faq.applies_from)
    lines = [text.strip()]
    if citations:
        lines.append(_basis(citations, day, snapshot))
    verified = faq.evidence is not Evidence.MEMORY
    if not verified:
        lines.append(say("answers", "unverified", office=office.name if office else ""))
    lines.append(_day_line(day, today))
    answer = Answer(
        status="answered" if faq.answers else "not_covered",
        source="faq",
        as_of=day,
        topic=faq.topic,
        program=faq.program,
        aspect=faq.aspect.value,
        faq=faq.id,
        office=office.name if office else None,
        citations=citation_views(citations, snapshot),
        verified=verified,
    )
    return Reply("\n".join(lines), answer, follow_ups(program, faq.aspect) if program else ())


def not_covered(topic_id: str, aspect: Aspect, day: date, snapshot: Snapshot) -> Reply:
    """Say that the topic is ours but no row answers, and whom to ask."""
    topic = snapshot.topics[topic_id]
    office = snapshot.offices.get(topic.office)
    lines = [say("missing", "topic", topic=topic.name)]
    if office is not None:
        lines.append(say("answers", "ask_office", office=_office_words(office.name, office.phone)))
    answer = Answer(
        status="not_covered",
        source="policy",
        as_of=day,
        topic=topic_id,
        aspect=aspect.value,
        office=office.name if office else None,
    )
    return Reply("\n".join(lines), answer, (Button(say("buttons", "screen"), {"act": "screen"}),))


def follow_ups(program: Program, aspect: Aspect) -> tuple[Button, ...]:
    """Return the buttons under an answer about ``program``: the check, and what was not just told."""
    asked = [a for a in _FOLLOW_UPS if a is not aspect][:3]
    counts = program.calculator is not None and aspect in (Aspect.BENEFIT, Aspect.OTHER)
    return (
        Button(say("buttons", "check"), {"act": "check", "program": program.id}),
        *([Button(say("buttons", "calculate"), {"act": "calculate", "program": program.id})] if counts else []),
        *(Button(say("buttons", a.value), {"act": "ask", "program": program.id, "aspect": a.value}) for a in asked),
    )


def office_of(program: Program, snapshot: Snapshot) -> str:
    """Return the office that answers for ``program``, with its telephone where known."""
    office = snapshot.offices.get(program.office or snapshot.topics[program.topic].office)
    return _office_words(office.name, office.phone) if office else "Ủy ban nhân dân xã, phường nơi mình ở"


def _told(
    program: Program, provision: Provision, aspect: Aspect, day: date, snapshot: Snapshot
) -> tuple[list[str], Sequence[Criterion | Benefit | RequiredDocument | Step]]:
    name = program.short_name
    match aspect:
        case Aspect.ELIGIBILITY:
            return _who(name, provision)
        case Aspect.BENEFIT | Aspect.OTHER:
            lines = [say("answers", "benefit", program=name)]
            lines += [f"- {benefit_text(b, snapshot.parameters, day)}" for b in provision.benefits]
            return (lines, provision.benefits) if provision.benefits else ([], ())
        case Aspect.DOCUMENTS:
            lines = [say("answers", "documents", program=name)]
            lines += [f"- {document_text(d)}" for d in provision.documents]
            return (lines, provision.documents) if provision.documents else ([], ())
        case Aspect.PROCEDURE:
            lines = [say("answers", "procedure", program=name)]
            lines += [f"{n}. {step_text(s)}" for n, s in enumerate(provision.steps, 1)]
            return (lines, provision.steps) if provision.steps else ([], ())
        case Aspect.TIME_LIMIT:
            timed = [s for s in provision.steps if s.time_limit]
            lines = [say("answers", "time_limit", program=name)]
            lines += [f"- {s.text.rstrip('.')}: {s.time_limit}" for s in timed]
            return (lines, timed) if timed else ([], ())
        case Aspect.DEFINITION:
            return [program.summary], ()
        case Aspect.LEGAL_BASIS:
            lines = [say("answers", "legal_basis", program=name)]
            for citation in all_in_force(provision.legal_basis, day, snapshot.documents, provision.applies_from):
                document = snapshot.documents.get(citation.document)
                title = f" – {document.title}" if document else ""
                lines.append(f"- {dated_citation_text(citation, day, snapshot)}{title}")
            lines.append(_period(provision))
            return lines, ()
        case Aspect.COMPLAINT:
            return [], ()


def _who(name: str, provision: Provision) -> tuple[list[str], Sequence[Criterion]]:
    if not (provision.common or provision.groups):
        return [], ()
    lines = [say("answers", "who", program=name)]
    if provision.common:
        lines.append(say("answers", "common"))
        lines += [f"- {c.label}" for c in provision.common]
    if provision.groups:
        lines.append(say("answers", "groups" if provision.common else "groups_only"))
        lines += [f"- {label}" for label in dict.fromkeys(g.label for g in provision.groups)]
    if provision.note:
        lines.append(provision.note)
    return lines, (*provision.common, *(c for g in provision.groups for c in g.criteria))


def _citations(provision: Provision, rows: Iterable[object], day: date, snapshot: Snapshot) -> tuple[Citation, ...]:
    """Return the most telling places: where figures stand, what the rows rest on, and the provision's own.

    No document comes a second time before each has come once, so that many articles of one law crowd out none.
    """
    own = [row for row in rows if isinstance(row, Criterion | Benefit)]
    read = [snapshot.parameters[row.parameter] for row in own if row.parameter is not None]
    figures = [value.legal_basis for parameter in read if (value := parameter.on(day))]
    given = [*figures, *(row.legal_basis for row in own), *provision.legal_basis]
    current = all_in_force(given, day, snapshot.documents, provision.applies_from)
    first = {citation.document: citation for citation in reversed(current)}
    return tuple(sorted(current, key=lambda citation: first[citation.document] is not citation))[:MOST_CITED]


def _reply(
    program: Program,
    aspect: Aspect,
    status: Status,
    lines: list[str],
    citations: Sequence[Citation],
    day: date,
    today: date,
    snapshot: Snapshot,
    *,
    verified: bool = True,
    benefits: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    steps: tuple[str, ...] = (),
) -> Reply:
    office = office_of(program, snapshot)
    closing = [_basis(citations, day, snapshot)] if citations and status == "answered" else []
    if not verified:
        closing.append(say("answers", "unverified", office=office))
    closing.append(_day_line(day, today))
    answer = Answer(
        status=status,
        source="policy",
        as_of=day,
        topic=program.topic,
        program=program.id,
        aspect=aspect.value,
        benefits=benefits,
        documents=documents,
        steps=steps,
        office=office,
        citations=citation_views(citations, snapshot) if status == "answered" else (),
        verified=verified,
    )
    return Reply("\n".join([*lines, *closing]), answer, follow_ups(program, aspect))


def _basis(citations: Sequence[Citation], day: date, snapshot: Snapshot) -> str:
    return say("answers", "basis", citations="; ".join(dated_citation_text(c, day, snapshot) for c in citations))


def _day_line(day: date, today: date) -> str:
    return say("answers", "as_of" if day == today else "as_of_past", day=day_text(day))


def _period(provision: Provision) -> str:
    start = day_text(provision.applies_from)
    if provision.applies_to is None:
        return say("answers", "period_from", start=start)
    return say("answers", "period", start=start, end=day_text(provision.applies_to))


def _ask(program: Program, snapshot: Snapshot) -> str:
    return say("answers", "ask_office", office=office_of(program, snapshot))


def _office_words(name: str, phone: str | None) -> str:
    return f"{name} (điện thoại {phone})" if phone else name
