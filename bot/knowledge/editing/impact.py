"""What a draft would change for citizens: where a parameter is read, and whose verdicts and amounts differ."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.auditing.findings import parts_of
from bot.knowledge.editing.units import Kind
from bot.knowledge.engine import Judgement
from bot.knowledge.situations import Situation
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import benefit_text


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, and the benefits told with it where it is no refusal; both as citizens hear them."""

    verdict: str
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """One household's outcome for one program, before and after; ``None`` where there is no such program."""

    situation: str
    program: str
    member: str | None
    before: Outcome | None
    after: Outcome | None


def readers_of(snapshot: Snapshot, parameter: str) -> list[tuple[Kind, str]]:
    """The provisions whose criteria or benefits read a parameter, and the FAQ entries whose answers quote it."""
    provisions = [
        (Kind.PROVISION, f"{program.id}/{provision.key}")
        for program in snapshot.programs.values()
        for provision in program.provisions
        if any(part.parameter == parameter for part in parts_of(provision))
    ]
    quoted = re.compile(rf"\{{{re.escape(parameter)}\}}")
    return provisions + [(Kind.FAQ, faq.id) for faq in snapshot.faqs.values() if quoted.search(faq.answer)]


def compare(
    old: Snapshot, new: Snapshot, situations: Sequence[Situation], progress: Callable[[int, int], None] | None = None
) -> list[Changed]:
    """Judge every situation by both snapshots; ``progress`` hears how many of how many are done."""
    changed: list[Changed] = []
    # By day: a snapshot keeps the rules of few days, and laying them out costs more than judging.
    for number, situation in enumerate(sorted(situations, key=lambda each: each.day), start=1):
        changed.extend(_differences(old, new, situation))
        if progress is not None:
            progress(number, len(situations))
    return changed


def _differences(old: Snapshot, new: Snapshot, situation: Situation) -> Iterator[Changed]:
    before, after = _outcomes(old, situation), _outcomes(new, situation)
    for program, member in dict.fromkeys((*before, *after)):
        one, other = before.get((program, member)), after.get((program, member))
        if one != other:
            yield Changed(situation.name, program, member, one, other)


def _outcomes(snapshot: Snapshot, situation: Situation) -> dict[tuple[str, str | None], Outcome]:
    judged = snapshot.rules(situation.day).judge(situation.facts, situation.members)
    return {(each.program.id, each.member): _outcome(each, snapshot) for each in judged}


def _outcome(judged: Judgement, snapshot: Snapshot) -> Outcome:
    if judged.verdict.value == "not_eligible":
        return Outcome(judged.verdict.value)
    told = tuple(benefit_text(benefit, snapshot.parameters, judged.day) for benefit in judged.benefits)
    return Outcome(judged.verdict.value, told)
