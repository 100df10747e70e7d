"""Health insurance that the State pays a part of: what is left for each person to pay."""

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, NoFigureError, Sheet, by_months, whole
from bot.knowledge.domain import Benefit, Scope, Verdict
from bot.knowledge.engine import Judgement
from bot.knowledge.voice import say
from bot.knowledge.wording import number_text
from bot.text.money import format_money

SIZE = "household_size"
PREMIUM = "tiền đóng bảo hiểm y tế"
"""Begins what a share is of, in the rows that say how much of the premium the State pays."""


def supported_premium(inputs: Inputs) -> Calculation:
    """Return what one person pays, and the whole household where the program is its and its size is known."""
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
    size = inputs.number(SIZE) if inputs.program.scope is Scope.HOUSEHOLD else None
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


def _support(judged: Judgement, inputs: Inputs) -> Benefit:
    """Return the largest share that surely is the State's: that of all, or of a group the person is known to be in."""
    sure = {result.group.key for result in judged.groups if result.verdict is Verdict.ELIGIBLE}
    shares = {
        benefit: benefit.percent
        for benefit in inputs.provision.benefits
        if benefit.percent is not None
        and (benefit.of or "").startswith(PREMIUM)
        and (not benefit.groups or not sure.isdisjoint(benefit.groups))
    }
    if not shares:
        raise NoFigureError(say("calculators", "support"))
    return max(shares, key=shares.__getitem__)
