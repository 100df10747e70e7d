"""Health insurance of a household: what each member pays, the later ones less, and all of them together."""

from bot.knowledge.calculators.calculation import Calculation, Inputs, Line, Sheet, by_months, whole
from bot.knowledge.voice import say
from bot.knowledge.wording import number_text
from bot.text.money import format_money

SIZE = "household_size"


def household_premium(inputs: Inputs) -> Calculation:
    """Return the table of the members who join; without their number, one line per step and no totals."""
    sheet = Sheet(inputs)
    salary, rate = sheet.read("luong_co_so"), sheet.read("ty_le_dong_bhyt")
    shares = sheet.series("ty_le_dong_bhyt_nguoi_")
    months = sheet.series("ky_dong_bhyt_ho_gia_dinh_")
    size = inputs.number(SIZE)
    people = int(size) if size else len(shares)
    lines = []
    for place, share in enumerate(shares[:people], 1):
        monthly = whole(salary * rate / 100 * share / 100)
        last = place == len(shares)
        times = max(people - place + 1, 1) if last else 1
        open_end = last and size is None
        name = "from_place" if open_end else "place" if times == 1 else "places"
        label = say("calculators", name, place=place, last=place + times - 1)
        working = f"{number_text(rate)}% × {format_money(int(salary))} × {number_text(share)}%"
        lines.append(Line(label, working, monthly, times, say("calculators", "each_month"), by_months(monthly, months)))
    total = sum(line.amount * line.times for line in lines)
    return Calculation(
        lines=tuple(lines),
        totals=by_months(total, months) if size else (),
        needs=() if size else (inputs.key(SIZE),),
        notes=(say("calculators", "household_premium_note"), *sheet.coming()),
        sources=sheet.sources,
        total_of=say("calculators", "household_total", people=people),
        verified=sheet.verified,
    )
