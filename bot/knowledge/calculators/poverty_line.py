"""Poor, near-poor or neither by the income line of the day; only the commune's survey decides."""

from decimal import Decimal

from bot.knowledge.calculators.calculation import Calculation, Inputs, Sheet
from bot.knowledge.voice import say
from bot.knowledge.wording import number_text
from bot.text.money import format_money

AREA, INCOME, MISSING = "area", "income_per_head", "deprivation_count"
LINES = {"rural": "chuan_ngheo_nong_thon", "urban": "chuan_ngheo_thanh_thi"}
COMPARED = {
    "rural": ("poverty_under_rural", "poverty_above_rural"),
    "urban": ("poverty_under_urban", "poverty_above_urban"),
}
"""What is said of an income that is not above the line, and of one that is."""


def poverty_line(inputs: Inputs) -> Calculation:
    """Return the class as ``outcome``: ``poor``, ``near_poor`` or ``above_line``; a needless question is not asked.

    Under the lower of the two lines, or above the higher, it does not matter where the household lives.
    """
    sheet = Sheet(inputs)
    area = inputs.facts.get(inputs.key(AREA))
    lines = {name: sheet.read(parameter) for name, parameter in LINES.items() if area in (name, None)}
    bar = sheet.read("so_chi_so_thieu_hut_ho_ngheo")
    income = inputs.number_or_zero(INCOME)
    under = None if income is None else _agreed([income <= line for line in lines.values()])
    missing = inputs.number_or_zero(MISSING)
    outcome = None
    needs = []
    if income is None:
        needs.append(INCOME)
    if under is None and area is None:
        needs.append(AREA)
    if under is not False and missing is None:
        needs.append(MISSING)
    if under is False:
        outcome = "above_line"
    elif under and missing is not None:
        outcome = "poor" if missing >= bar else "near_poor"
    return Calculation(
        needs=tuple(inputs.key(fact) for fact in needs),
        reasons=tuple(_working(income, lines, missing, bar)),
        notes=(say("calculators", "poverty_only_survey"), *sheet.coming()),
        sources=sheet.sources,
        outcome=outcome,
        verified=sheet.verified,
    )


def _agreed(answers: list[bool]) -> bool | None:
    return answers[0] if len(set(answers)) == 1 else None


def _working(income: Decimal | None, lines: dict[str, Decimal], missing: Decimal | None, bar: Decimal) -> list[str]:
    told = []
    if income is not None:
        for name, line in lines.items():
            under, above = COMPARED[name]
            amounts = {"income": format_money(int(income)), "line": format_money(int(line))}
            told.append(say("calculators", under if income <= line else above, **amounts))
    if missing is not None:
        name = "poverty_enough_missing" if missing >= bar else "poverty_few_missing"
        told.append(say("calculators", name, count=number_text(missing), bar=number_text(bar)))
    return told
