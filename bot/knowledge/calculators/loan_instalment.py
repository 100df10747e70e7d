"""A loan of the policy bank paid back in equal parts each month: an estimate, since the bank decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, NoFigureError, Sheet, Sum, whole
from bot.knowledge.domain import Benefit, Verdict
from bot.knowledge.engine import Judgement
from bot.knowledge.voice import say
from bot.knowledge.wording import benefit_amount, number_text
from bot.text.durations import MONTHS_OF_YEAR
from bot.text.money import format_money

AMOUNT, MONTHS = "loan_amount", "loan_months"
A_YEAR = "mỗi năm"
"""How a row writes the rate that is no parameter."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is paid in one month, in whole đồng."""

    principal: int
    interest: int

    @property
    def amount(self) -> int:
        """Return principal and interest together."""
        return self.principal + self.interest


def schedule(loan: int, months: int, rate: Decimal) -> list[Instalment]:
    """Return all instalments of a loan at ``rate`` percent a year on what is still owed.

    Each month pays the same part of the loan in whole đồng; the last one pays what rounding has left.
    """
    part = whole(Decimal(loan) / months)
    paid = []
    owed = loan
    for month in range(months):
        principal = owed if month == months - 1 else min(part, owed)
        paid.append(Instalment(principal, whole(owed * rate / 100 / MONTHS_OF_YEAR)))
        owed -= principal
    return paid


def loan_instalment(inputs: Inputs) -> Calculation:
    """Return first and last instalment and the interest in all; sum and term are held to the program's bounds."""
    sheet = Sheet(inputs)
    judged = inputs.judge(inputs.program)
    benefits = judged.benefits or inputs.provision.benefits
    rate, notes = _rate(judged, benefits, sheet, inputs)
    if judged.verdict is Verdict.NOT_ELIGIBLE:
        notes.append(say("calculators", "not_entitled", program=inputs.program.short_name))
    ceiling = _ceiling(benefits, sheet, inputs)
    longest = _longest(benefits, sheet)
    asked = loan, months = inputs.number(AMOUNT), inputs.number(MONTHS)
    notes += [
        say("calculators", "loan_percent", share=number_text(b.percent), of=b.of or "")
        for b in benefits
        if b.at_most and b.percent is not None
    ]
    lines: tuple[Line, ...] = ()
    totals: tuple[Sum, ...] = ()
    if loan is not None and ceiling is not None and loan > ceiling:
        loan = ceiling
        notes.append(say("calculators", "loan_too_high", bound=format_money(int(ceiling))))
    if months is not None and longest is not None and months > longest:
        months = longest
        notes.append(say("calculators", "loan_too_long", months=number_text(longest)))
    if loan is not None and months is not None:
        paid = schedule(int(loan), int(months), rate)
        lines, totals = _table(paid, int(loan), rate)
    return Calculation(
        lines=lines,
        totals=totals,
        needs=tuple(inputs.key(fact) for fact in (AMOUNT, MONTHS) if inputs.number(fact) is None),
        notes=(*notes, say("calculators", "loan_bank_decides"), *sheet.coming()),
        sources=sheet.sources,
        total_of=say("calculators", "loan_total"),
        bounded=(loan, months) != asked,
        verified=sheet.verified,
    )


def _table(paid: Sequence[Instalment], loan: int, rate: Decimal) -> tuple[tuple[Line, ...], tuple[Sum, ...]]:
    lines = []
    for name, instalment, owed in (("loan_first", paid[0], loan), ("loan_last", paid[-1], paid[-1].principal)):
        working = say(
            "calculators",
            "loan_working",
            principal=format_money(instalment.principal),
            owed=format_money(owed),
            rate=number_text(rate),
        )
        lines.append(Line(say("calculators", name, month=len(paid)), working, instalment.amount))
    interest = sum(instalment.interest for instalment in paid)
    totals = (
        Sum(say("calculators", "loan_interest"), interest),
        Sum(say("calculators", "loan_all"), loan + interest),
    )
    return tuple(lines[: len(paid)]), totals


def _rate(judged: Judgement, benefits: Sequence[Benefit], sheet: Sheet, inputs: Inputs) -> tuple[Decimal, list[str]]:
    """Return the lowest rate that surely applies, else the highest that may, so that nobody is told too little."""
    rates = {benefit: amount for benefit in benefits if (amount := _yearly(benefit, inputs)) is not None}
    if not rates:
        raise NoFigureError(say("calculators", "loan_rate"))
    sure = {g.group.key for g in judged.groups if g.verdict is Verdict.ELIGIBLE}
    certain = [b for b in rates if not b.groups or not sure.isdisjoint(b.groups)]
    best = min(certain, key=rates.__getitem__) if certain else max(rates, key=rates.__getitem__)
    lower = min(rates.values())
    sheet.benefit(best)
    notes = [] if lower == rates[best] else [say("calculators", "loan_lower_rate", rate=number_text(lower))]
    return rates[best], notes


def _yearly(benefit: Benefit, inputs: Inputs) -> Decimal | None:
    """Return the rate in percent a year, where the benefit is one."""
    if benefit.percent is not None:
        return benefit.percent if benefit.of == A_YEAR else None
    parameter = inputs.snapshot.parameters.get(benefit.parameter or "")
    if parameter is None or not parameter.unit.startswith("%"):
        return None
    return benefit_amount(benefit, inputs.snapshot.parameters, inputs.day)


def _ceiling(benefits: Sequence[Benefit], sheet: Sheet, inputs: Inputs) -> Decimal | None:
    """Return the most that may be lent, where the provision says so in đồng."""
    amounts = {}
    for benefit in benefits:
        amount = benefit_amount(benefit, inputs.snapshot.parameters, inputs.day)
        unit = benefit.unit or (inputs.snapshot.parameters[benefit.parameter].unit if benefit.parameter else "đồng")
        if benefit.at_most and amount is not None and unit.startswith("đồng"):
            amounts[benefit] = amount
    if not amounts:
        return None
    most = max(amounts, key=amounts.__getitem__)
    sheet.benefit(most)
    return amounts[most]


def _longest(benefits: Sequence[Benefit], sheet: Sheet) -> Decimal | None:
    """Return the longest term in months, where the provision gives one."""
    scale = {"tháng": 1, "năm": MONTHS_OF_YEAR}
    terms = [b for b in benefits if b.at_most and b.amount is not None and b.unit in scale]
    return max((sheet.benefit(b) * scale[b.unit or ""] for b in terms), default=None)
