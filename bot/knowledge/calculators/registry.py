"""The calculators by the name that programs give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.knowledge.calculators import (
    household_premium,
    loan_instalment,
    poverty_line,
    social_allowance,
    supported_premium,
    voluntary_contribution,
)
from bot.knowledge.calculators.calculation import Calculation, Inputs, NoFigureError
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.domain import Evidence, Program, State
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Facts
from bot.knowledge.voice import say


@dataclass(frozen=True, slots=True)
class Calculator:
    """A calculator and the facts that it reads besides those of the program's criteria."""

    run: Callable[[Inputs], Calculation]
    inputs: tuple[str, ...] = ()


CALCULATORS: Mapping[str, Calculator] = {
    "household_premium": Calculator(household_premium.household_premium, (household_premium.SIZE,)),
    "supported_premium": Calculator(supported_premium.supported_premium, (supported_premium.SIZE,)),
    "voluntary_contribution": Calculator(
        voluntary_contribution.voluntary_contribution, (voluntary_contribution.INCOME,)
    ),
    social_allowance.HIGHEST: Calculator(social_allowance.social_allowance),
    social_allowance.ALONE: Calculator(social_allowance.social_allowance),
    social_allowance.ADDED: Calculator(social_allowance.social_allowance),
    "loan_instalment": Calculator(loan_instalment.loan_instalment, (loan_instalment.AMOUNT, loan_instalment.MONTHS)),
    "poverty_line": Calculator(
        poverty_line.poverty_line, (poverty_line.INCOME, poverty_line.AREA, poverty_line.MISSING)
    ),
}


def calculate(program: Program, facts: Facts, member: str, day: date, snapshot: Snapshot) -> Calculation:
    """Work out what ``program`` comes to on ``day`` from the facts stated.

    Where the rules or a figure of that day are not known, the result holds nothing but a note that says so. The
    program must have a calculator.
    """
    provision = program.on(day)
    if provision is None or provision.state is not State.OPEN:
        note = provision.note if provision is not None else None
        return Calculation(notes=(note or say("calculators", "no_rules"),))
    derived = assume_by_age(derive(facts, snapshot.facts, snapshot.communes), snapshot.facts, day)
    inputs = Inputs(program, provision, derived, member, day, snapshot)
    try:
        return CALCULATORS[program.calculator or ""].run(inputs)
    except NoFigureError as missing:
        verified = provision.evidence is not Evidence.MEMORY
        return Calculation(notes=(say("calculators", "no_figure", figure=missing),), verified=verified)
