"""Voluntary social insurance: what one pays for a chosen income once the State has paid its share."""

from decimal import Decimal

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, Sheet, by_months, whole
from bot.knowledge.domain import Verdict
from bot.knowledge.engine import Judgement
from bot.knowledge.voice import say
from bot.knowledge.wording import lower_first, number_text
from bot.text.money import format_money

INCOME = "chosen_income"
SUPPORT = "ho_tro_bhxh_tn_"
"""Begins the parameter of each group's support; the key of the group in the provision ends it."""


def voluntary_contribution(inputs: Inputs) -> Calculation:
    """Return the payment of each group the person can belong to by what is known; one group has totals.

    The State pays a share of the contribution for the lowest income, whatever income is chosen.
    """
    sheet = Sheet(inputs)
    rate, lowest = sheet.read("ty_le_dong_bhxh_tn"), sheet.read("thu_nhap_dong_bhxh_tn_thap_nhat")
    multiple = sheet.find("so_lan_tran_bhxh_tn")
    highest = multiple * sheet.read("luong_co_so") if multiple is not None else None
    months = sheet.series("ky_dong_bhxh_tn_")
    chosen = inputs.number(INCOME)
    income, notes = _within(chosen, lowest, highest)
    judged = inputs.judge(inputs.program)
    lines = []
    for share, labels in _shares(judged, sheet).items():
        support = lowest * rate / 100 * share / 100
        monthly = whole(income * rate / 100 - support)
        working = say(
            "calculators",
            "contribution_working",
            rate=number_text(rate),
            income=format_money(int(income)),
            share=number_text(share),
            lowest=format_money(int(lowest)),
        )
        unit = say("calculators", "each_month")
        lines.append(Line("; ".join(labels), working, monthly, 1, unit, by_months(monthly, months)))
    if not lines and judged.verdict is Verdict.NOT_ELIGIBLE:
        notes = (*notes, say("calculators", "not_entitled", program=inputs.program.short_name))
    elif not lines:
        notes = (*notes, say("calculators", "contribution_unsettled"))
    if len(lines) > 1:
        notes = (*notes, say("calculators", "contribution_groups"))
    longest = sheet.find("so_thang_ho_tro_bhxh_tn")
    if longest is not None:
        notes = (*notes, say("calculators", "contribution_support_months", months=number_text(longest)))
    return Calculation(
        lines=tuple(lines),
        totals=lines[0].periods if len(lines) == 1 and chosen else (),
        needs=() if chosen else (inputs.key(INCOME),),
        notes=(*notes, *sheet.coming()),
        sources=sheet.sources,
        total_of=say("calculators", "contribution_total"),
        bounded=chosen is not None and income != chosen,
        verified=sheet.verified,
    )


def _within(chosen: Decimal | None, lowest: Decimal, highest: Decimal | None) -> tuple[Decimal, tuple[str, ...]]:
    """Return the income to reckon with and, where it is not the one chosen, why."""
    if chosen is None:
        return lowest, (say("calculators", "contribution_lowest", lowest=format_money(int(lowest))),)
    if chosen < lowest:
        return lowest, (say("calculators", "income_too_low", bound=format_money(int(lowest))),)
    if highest is not None and chosen > highest:
        return highest, (say("calculators", "income_too_high", bound=format_money(int(highest))),)
    return chosen, ()


def _shares(judged: Judgement, sheet: Sheet) -> dict[Decimal, list[str]]:
    """Return the supported groups that the person is not known to be outside of, by their share."""
    shares: dict[Decimal, list[str]] = {}
    for result in judged.groups:
        share = sheet.find(SUPPORT + result.group.key) if result.verdict is not Verdict.NOT_ELIGIBLE else None
        if share is not None:
            labels = shares.setdefault(share, [])
            labels.append(lower_first(result.group.label) if labels else result.group.label)
    return shares
