"""The take-away of an answer: one sheet of criteria, benefits, papers, steps and laws, as values that a page can show.

What was judged and when comes from the answer as it was stored; what the answer left out – papers, places, times,
fees – comes from the rows of the answer's day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.knowledge.answer import CriterionView
from bot.knowledge.dialogue.policy import office_of
from bot.knowledge.domain import (
    Benefit,
    Criterion,
    Evidence,
    Group,
    Provision,
    RequiredDocument,
    State,
    Step,
    Verdict,
    by_verdict,
)
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.voice import member_name, say
from bot.knowledge.wording import benefit_text, citation_text, day_text, document_text, rests_on_memory, step_text

StoredAnswer = Mapping[str, Any]
"""An answer object of design §6, as JSON."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the way; what the rows leave open is ``None``. ``url`` is an address of the web."""

    text: str
    where: str | None = None
    how: str | None = None
    time_limit: str | None = None
    fee: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LawView:
    """A legal basis: where it stands, what the document is called and the days it applies as "15/08/2025"."""

    place: str
    title: str | None
    effective_from: str | None
    effective_to: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One program for one member, or for several with the same result (``None``: for nobody in particular).

    ``verdict`` is ``None`` where nothing was judged; the criteria then have the verdict "" and are the reader's to
    tick, with ``alternatives`` of which one is enough. ``name`` is ``None`` when the program's row was taken back.
    """

    name: str | None
    member: str | None
    verdict: str | None
    criteria: tuple[CriterionView, ...] = ()
    alternatives: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    steps: tuple[StepView, ...] = ()
    office: str | None = None
    note: str | None = None
    verified: bool = True

    @property
    def where(self) -> str | None:
        """Return the first place to go to, else the office that answers for the program."""
        return next((step.where for step in self.steps if step.where), self.office)


@dataclass(frozen=True, slots=True)
class Checklist:
    """A program's sheet, or the sheets of a screening by verdict; ``others`` are members judged beside the first."""

    as_of: date
    sheets: tuple[Sheet, ...]
    screening: bool
    laws: tuple[LawView, ...]
    others: tuple[tuple[str, str], ...] = ()
    unverified: str | None = None

    @property
    def by_verdict(self) -> Mapping[Verdict, tuple[Sheet, ...]]:
        """Return the sheets by verdict, without those that were not judged."""
        return by_verdict(self.sheets, lambda sheet: sheet.verdict)


def has_checklist(answer: StoredAnswer) -> bool:
    """Say whether the answer has something to take away: a verdict, a screening, or a policy with its rows."""
    if answer["status"] != "answered":
        return False
    if answer["source"] == "eligibility":
        return bool(answer["verdict"] or answer["results"])
    return bool(answer["source"] in {"policy", "faq"} and answer["program"])


def checklist(answer: StoredAnswer, snapshot: Snapshot) -> Checklist:
    """Return the take-away of a stored answer for which :func:`has_checklist` holds."""
    day = date.fromisoformat(answer["as_of"])
    screening = answer["program"] is None
    if screening:
        sheets = _joined(_screened(result, day, snapshot) for result in answer["results"])
    else:
        sheets = (_program_sheet(answer, day, snapshot),)
    told = [sheet for sheet in sheets if sheet.verdict != Verdict.NOT_ELIGIBLE or not screening]
    unverified = next((sheet for sheet in told if not sheet.verified), None)
    return Checklist(
        as_of=day,
        sheets=sheets,
        screening=screening,
        laws=tuple(_law(citation, snapshot) for citation in answer["citations"]),
        others=() if screening else tuple(_others(answer)),
        unverified=None if unverified is None else say("answers", "unverified", office=unverified.office or ""),
    )


def _program_sheet(answer: StoredAnswer, day: date, snapshot: Snapshot) -> Sheet:
    program = snapshot.programs.get(answer["program"])
    verdict = answer["verdict"]
    provision = program.on(day) if program else None
    member = member_name(answer["member"]) if verdict else None
    judged = tuple(map(_stored_criterion, answer["criteria"]))
    if program is None or provision is None:
        # The rows were taken back since: what was said still stands on the sheet.
        return Sheet(
            name=program.name if program else None,
            member=member,
            verdict=verdict,
            criteria=judged,
            benefits=tuple(answer["benefits"]),
            documents=tuple(answer["documents"]),
            steps=tuple(StepView(step) for step in answer["steps"]),
            office=answer["office"],
            verified=answer["verified"],
        )
    if provision.state is not State.OPEN:
        return Sheet(
            name=program.name,
            member=member,
            verdict=None,
            office=answer["office"],
            note=say("answers", provision.state.value, program=program.short_name, note=provision.note or "").strip(),
            verified=answer["verified"],
        )
    if verdict == Verdict.NOT_ELIGIBLE:
        return Sheet(program.name, member, verdict, judged, office=answer["office"], verified=answer["verified"])
    written = tuple(benefit_text(benefit, snapshot.parameters, day) for benefit in provision.benefits)
    return Sheet(
        name=program.name,
        member=member,
        verdict=verdict,
        criteria=judged if verdict else tuple(map(_open_criterion, provision.common)),
        alternatives=() if verdict else tuple(dict.fromkeys(group.label for group in provision.groups)),
        benefits=tuple(answer["benefits"]) or written,
        documents=tuple(answer["documents"]) or tuple(map(document_text, provision.documents)),
        steps=_steps(answer["steps"], provision),
        office=answer["office"],
        note=None if verdict else provision.note,
        verified=answer["verified"] and not _on_memory(provision),
    )


def _screened(result: StoredAnswer, day: date, snapshot: Snapshot) -> Sheet:
    program = snapshot.programs.get(result["program"])
    verdict = result["verdict"]
    judged = tuple(map(_stored_criterion, result["criteria"]))
    member = member_name(result["member"]) if result["member"] else None
    provision = program.on(day) if program else None
    if program is None or provision is None or provision.state is not State.OPEN:
        # Nothing to do about it on that day, so a screening passes it over.
        return Sheet(program.name if program else None, member, None)
    if verdict == Verdict.NOT_ELIGIBLE:
        return Sheet(program.short_name, member, verdict)
    if verdict == Verdict.UNKNOWN:
        return Sheet(program.short_name, member, verdict, judged, office=office_of(program, snapshot))
    held = _held(provision.groups, judged)
    told = [benefit for benefit in provision.benefits if not benefit.groups or held.intersection(benefit.groups)]
    return Sheet(
        name=program.name,
        member=member,
        verdict=verdict,
        criteria=judged,
        benefits=tuple(benefit_text(benefit, snapshot.parameters, day) for benefit in told),
        documents=tuple(map(document_text, provision.documents)),
        steps=tuple(map(_step, provision.steps)),
        office=office_of(program, snapshot),
        verified=not _on_memory(provision),
    )


def _joined(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """Return sheets that differ by nothing but the member as one for them all."""
    members: dict[Sheet, list[str]] = {}
    for sheet in sheets:
        members.setdefault(replace(sheet, member=None), []).extend([sheet.member] if sheet.member else [])
    return tuple(replace(sheet, member=", ".join(named) or None) for sheet, named in members.items())


def _held(groups: Iterable[Group], judged: Iterable[CriterionView]) -> set[str]:
    """Return the alternatives whose criteria all stand among those judged to hold."""
    holds = {(view.label, view.legal_basis) for view in judged}
    return {
        group.key
        for group in groups
        if holds.issuperset((criterion.label, citation_text(criterion.legal_basis)) for criterion in group.criteria)
    }


def _stored_criterion(view: StoredAnswer) -> CriterionView:
    return CriterionView(view["label"], view["verdict"], view["value"], view["legal_basis"])


def _open_criterion(criterion: Criterion) -> CriterionView:
    return CriterionView(criterion.label, "", None, citation_text(criterion.legal_basis))


def _steps(stored: list[str], provision: Provision) -> tuple[StepView, ...]:
    if stored and stored != [step_text(step) for step in provision.steps]:
        return tuple(StepView(step) for step in stored)
    return tuple(map(_step, provision.steps))


def _step(step: Step) -> StepView:
    return StepView(step.text.rstrip("."), step.where, step.how, step.time_limit, step.fee, _web_address(step.url))


def _on_memory(provision: Provision) -> bool:
    rows: tuple[Benefit | RequiredDocument | Step, ...] = (*provision.benefits, *provision.documents, *provision.steps)
    return provision.evidence is Evidence.MEMORY or rests_on_memory(rows)


def _others(answer: StoredAnswer) -> Iterable[tuple[str, str]]:
    for result in answer["results"]:
        if result["member"] != answer["member"]:
            yield member_name(result["member"]), say("verdicts", result["verdict"]).lower()


def _law(citation: StoredAnswer, snapshot: Snapshot) -> LawView:
    document = snapshot.documents.get(citation["document"])
    article = citation["article"]
    return LawView(
        place=f"{article}, {citation['document']}" if article else citation["document"],
        title=document.title if document else None,
        effective_from=_day(citation["effective_from"]),
        effective_to=_day(citation["effective_to"]),
        url=_web_address(citation["url"]),
    )


def _day(iso: str | None) -> str | None:
    return day_text(date.fromisoformat(iso)) if iso else None


def _web_address(url: str | None) -> str | None:
    """Return ``url`` if a browser may open it: rows are written by people, and a link can carry a script."""
    return url if url and url.startswith(("https://", "http://")) else None
