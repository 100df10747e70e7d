"""Health insurance that the State pays a part of: what is left for each person to pay."""

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, NoFigureError, Sheet, by_months, whole
from bot.knowledge.domain import Benefit, Operator, Provision, Verdict
from bot.knowledge.engine import GroupResult, Judgement
from bot.knowledge.voice import say
from bot.knowledge.wording import number_text
from bot.text.money import format_money

SIZE = "household_size"
PREMIUM = "tiền đóng bảo hiểm y tế"
"""Begins what a share is of, in the rows that say how much of the premium the State pays."""


def supported_premium(inputs: Inputs) -> Calculation:
    """Return what one person pays, and the whole household where its class has the support and its size is known."""
    sheet = Sheet(inputs)
    salary, rate = sheet.read("luong_co_so"), sheet.read("ty_le_dong_bhyt")
    months = sheet.series("ky_dong_bhyt_ho_gia_dinh_")
    judged = inputs.judge(inputs.program)
    support = _support(judged, inputs)
    share = sheet.benefit(support)
    monthly = whole(salary * rate / 100 * (100 - share) / 100)
    working = say(
        "calculators",
        "supported_working",
        rate=number_text(rate),
        salary=format_money(int(salary)),
        share=number_text(share),
    )
    size = inputs.number(SIZE) if _goes_with_class(inputs.provision) else None
    people = int(size) if size else 1
    line = Line(
        say("calculators", "each_person"),
        working,
        monthly,
        people,
        say("calculators", "each_month"),
        by_months(monthly, months),
    )
    notes = [say("calculators", "supported_at_least")] if support.at_least and share < 100 else []
    if judged.verdict is Verdict.NOT_ELIGIBLE:
        notes.append(say("calculators", "not_entitled", program=inputs.program.short_name))
    return Calculation(
        lines=(line,),
        totals=by_months(monthly * people, months),
        notes=(*notes, *sheet.coming()),
        sources=sheet.sources,
        total_of=say("calculators", "household_total", people=people),
        verified=sheet.verified,
    )


def _goes_with_class(provision: Provision) -> bool:
    """Say whether the support is for a class of household, so that all its members pay alike."""
    return any(c.fact == "household_class" and c.operator is Operator.EQUAL for c in provision.common)


def _support(judged: Judgement, inputs: Inputs) -> Benefit:
    """Return the largest share that surely is the State's, whichever of the alternatives still possible holds."""
    possible = [group for group in judged.groups if group.verdict is not Verdict.NOT_ELIGIBLE]
    sure = [_share(_held_with(group, judged), inputs) for group in possible] or [_share(frozenset(), inputs)]
    told = [share for share in sure if share is not None]
    if len(told) < len(sure):
        raise NoFigureError(say("calculators", "support"))
    return min(told, key=lambda share: share.percent or 0)


def _held_with(group: GroupResult, judged: Judgement) -> frozenset[str]:
    """Return the alternatives that hold whenever ``group`` does: what they ask beyond it is known to hold."""
    given = {result.criterion for result in group.results}
    return frozenset(
        other.group.key
        for other in judged.groups
        if all(r.criterion in given or r.verdict is Verdict.ELIGIBLE for r in other.results)
    )


def _share(held: frozenset[str], inputs: Inputs) -> Benefit | None:
    shares = [
        benefit
        for benefit in inputs.provision.benefits
        if benefit.percent is not None
        and (benefit.of or "").startswith(PREMIUM)
        and (not benefit.groups or not held.isdisjoint(benefit.groups))
    ]
    return max(shares, key=lambda share: share.percent or 0, default=None)
