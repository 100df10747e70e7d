"""The monthly allowance: standard × coefficient of each group somebody belongs to, and which of them are paid.

Who belongs to several groups gets the highest amount. Programs say with their calculator how they stand together:
``social_allowance_added`` (a poor single parent) comes on top of a ``social_allowance`` (old age, disability, HIV),
while a ``social_allowance_alone`` (orphans, small children, the social pension) goes with nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, Sheet, Sum, whole
from bot.knowledge.domain import Benefit, FactType, Program, Verdict
from bot.knowledge.engine import Judgement
from bot.knowledge.values import FactKey
from bot.knowledge.voice import say
from bot.knowledge.wording import benefit_amount, figure_text, number_text
from bot.text.money import format_money

HIGHEST, ALONE, ADDED = "social_allowance", "social_allowance_alone", "social_allowance_added"


@dataclass(frozen=True, slots=True)
class _Paid:
    """An allowance somebody is entitled to; ``line`` is ``None`` where its amount is not settled."""

    program: Program
    line: Line | None
    words: str | None = None

    @property
    def amount(self) -> int:
        return self.line.amount * self.line.times if self.line else 0


def social_allowance(inputs: Inputs) -> Calculation:
    """Return all allowances that what is known entitles to, and what is paid of them; asks for its own program only."""
    sheet = Sheet(inputs)
    own = inputs.judge(inputs.program)
    needs = _needs(own, inputs)
    if needs or own.verdict is Verdict.UNKNOWN:
        return _as_far_as_known(own, needs, sheet)
    paid = []
    for program in inputs.snapshot.programs.values():
        if program.calculator in (HIGHEST, ALONE, ADDED):
            judged = own if program.id == inputs.program.id else inputs.judge(program)
            if judged.verdict is Verdict.ELIGIBLE:
                paid.append(_paid(judged, inputs, sheet))
    notes = []
    if own.verdict is not Verdict.ELIGIBLE:
        notes.append(say("calculators", "not_entitled", program=inputs.program.short_name))
    notes += [say("calculators", "allowance_unsettled", words=one.words) for one in paid if one.line is None]
    settled = all(one.line for one in paid) and bool(paid)
    if len(paid) > 1:
        together = any(one.program.calculator == ADDED for one in paid)
        notes.append(say("calculators", "allowance_together" if together else "allowance_highest"))
    return Calculation(
        lines=tuple(one.line for one in paid if one.line),
        totals=(Sum(say("calculators", "allowance_month"), _together(paid)),) if settled else (),
        notes=(*notes, *sheet.coming()),
        sources=sheet.sources,
        total_of=say("calculators", "allowance_total"),
        verified=sheet.verified,
    )


def _together(paid: Sequence[_Paid]) -> int:
    amounts: dict[str | None, list[int]] = {HIGHEST: [], ALONE: [], ADDED: []}
    for one in paid:
        amounts[one.program.calculator].append(one.amount)
    joined = max(amounts[HIGHEST], default=0) + sum(amounts[ADDED])
    return max([joined, *amounts[ALONE]])


def _needs(own: Judgement, inputs: Inputs) -> tuple[FactKey, ...]:
    """Return what can still change the verdict, and the numbers of children that the amount is multiplied by."""
    if own.verdict is Verdict.UNKNOWN:
        return own.open_facts
    if own.verdict is Verdict.ELIGIBLE and own.program.calculator == ADDED:
        return tuple(key for key in _counted(own, inputs) if key not in inputs.facts)
    return ()


def _counted(judged: Judgement, inputs: Inputs) -> tuple[FactKey, ...]:
    """Return the numbers (of children) that the alternatives of the provision read."""
    keys = (result.key for group in judged.groups for result in group.results)
    return tuple(dict.fromkeys(key for key in keys if inputs.snapshot.facts[key[1]].type is FactType.NUMBER))


def _paid(judged: Judgement, inputs: Inputs, sheet: Sheet) -> _Paid:
    amounts = {
        benefit: amount
        for benefit in judged.benefits
        if (amount := benefit_amount(benefit, inputs.snapshot.parameters, inputs.day)) is not None
    }
    if not amounts:
        words = next((figure_text(b, inputs.snapshot.parameters, inputs.day) for b in judged.benefits), None)
        return _Paid(judged.program, None, words)
    best = max(amounts, key=amounts.__getitem__)
    times = 1
    if judged.program.calculator == ADDED:
        numbers = (inputs.facts.get(key) for key in _counted(judged, inputs))
        times = int(sum(number for number in numbers if isinstance(number, Decimal)))
    label = f"{judged.program.short_name} – {best.label[:1].lower()}{best.label[1:]}"
    return _Paid(judged.program, _line(best, label, times, sheet))


def _line(benefit: Benefit, label: str, times: int, sheet: Sheet) -> Line:
    amount = whole(sheet.benefit(benefit))
    working = f"{number_text(benefit.factor)} × {format_money(whole(amount / benefit.factor))}"
    if times > 1:
        working = f"{working} × {times}"
    return Line(label, working, amount, times, say("calculators", "each_month"))


def _as_far_as_known(own: Judgement, needs: tuple[FactKey, ...], sheet: Sheet) -> Calculation:
    """Return the amounts that are still possible, without saying which will be paid."""
    lines = [_line(b, b.label, 1, sheet) for b in own.benefits if b.parameter is not None and b.text is None]
    return Calculation(
        lines=tuple(lines),
        needs=needs,
        notes=sheet.coming() if needs else (say("calculators", "unsettled"), *sheet.coming()),
        sources=sheet.sources,
        verified=sheet.verified,
    )
