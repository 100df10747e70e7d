"""What a check tells at its end: the verdict with its reasons, what it brings, what to bring and where to go."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Answer, Button, Reply, ResultView
from bot.knowledge.case import SELF, Case
from bot.knowledge.currency import all_in_force
from bot.knowledge.dialogue.policy import MOST_CITED, answer_program, follow_ups, office_of
from bot.knowledge.domain import Aspect, Citation, Provision, State, Verdict, by_verdict
from bot.knowledge.engine import Judgement
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import (
    benefit_text,
    citation_views,
    criterion_view,
    dated_citation_text,
    day_text,
    document_text,
    rests_on_memory,
)

OPEN_IN_FULL, NAMES_IN_FULL = 5, 8
"""Programs left open of which a screening says what must be made clear, and of the others how many it names."""


def result(judgements: Sequence[Judgement], case: Case, day: date, today: date, snapshot: Snapshot) -> Reply:
    """Tell the result of a check for one program, or of a screening over several."""
    if len({judgement.program.id for judgement in judgements}) != 1:
        return _screening_result(judgements, case, day, snapshot)
    return _program_result(judgements, day, today, snapshot)


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
    benefits = best.benefits
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
    shown = [r.criterion for r in best.deciding] + ([*benefits] if best.verdict is Verdict.ELIGIBLE else [])
    citations = _in_force(
        [*(r.criterion.legal_basis for r in best.deciding), *best.provision.legal_basis], best.provision, day, snapshot
    )[:MOST_CITED]
    verified = not rests_on_memory(shown)
    lines.append(say("answers", "basis", citations="; ".join(dated_citation_text(c, day, snapshot) for c in citations)))
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
    several = len(case.subjects) > 1
    whom = member_name(None if several or case.subjects == (SELF,) else case.subjects[0])
    lines = [say("screening", "title", whom=whom, day=day_text(day))]

    def named(judgement: Judgement) -> str:
        if judgement.member is None or not several:
            return ""
        return say("screening", "member", member=member_name(judgement.member))

    judged = by_verdict(filter(_is_open, judgements), lambda judgement: judgement.verdict)
    eligible = judged[Verdict.ELIGIBLE]
    if eligible:
        lines.append(say("screening", "eligible"))
        for j in eligible:
            told = [b for b in j.benefits if b.text is None][:2] or j.benefits[:1]
            words = "; ".join(benefit_text(b, snapshot.parameters, day) for b in told)
            lines.append(
                say("screening", "line", program=j.program.short_name, member=named(j), benefit=words).rstrip(": ")
            )
    else:
        lines.append(say("screening", "none"))
    if judged[Verdict.UNKNOWN]:
        lines.append(say("screening", "unknown"))
        for j in judged[Verdict.UNKNOWN][:OPEN_IN_FULL]:
            open_labels = ", ".join(dict.fromkeys(r.criterion.label.lower() for r in j.deciding[:2]))
            lines.append(
                say("screening", "line_unknown", program=j.program.short_name, member=named(j), facts=open_labels)
            )
    rest = {"unknown_too": judged[Verdict.UNKNOWN][OPEN_IN_FULL:], "not_eligible": judged[Verdict.NOT_ELIGIBLE]}
    for name, told_short in rest.items():
        if told_short:
            names = [*dict.fromkeys(j.program.short_name + named(j) for j in told_short)]
            if len(names) > NAMES_IN_FULL:
                names[NAMES_IN_FULL:] = [say("screening", "and_more", number=len(names) - NAMES_IN_FULL)]
            lines.append(say("screening", name, programs="; ".join(names)))
    lines += [say("screening", "next"), say("check", "only_authority")]
    first = (
        _in_force(j.provision.legal_basis[:1], j.provision, day, snapshot) for j in eligible if j.provision is not None
    )
    citations = tuple(dict.fromkeys(citation for of_one in first for citation in of_one))
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
    more = (Button(say("buttons", name), {"act": name}) for name in ("whom", "sought"))
    return Reply("\n".join(lines), answer, (*buttons, *more))


def _in_force(
    citations: Iterable[Citation], provision: Provision, day: date, snapshot: Snapshot
) -> tuple[Citation, ...]:
    return all_in_force(citations, day, snapshot.documents, provision.applies_from)


def _is_open(judgement: Judgement) -> bool:
    return judgement.provision is not None and judgement.provision.state is State.OPEN
