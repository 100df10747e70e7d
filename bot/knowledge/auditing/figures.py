"""Amounts in đồng and percentages, as rows hold them and as texts write them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.knowledge.domain import Parameter
from bot.knowledge.wording import number_text
from bot.text.money import find_money, format_money

_PERCENT = re.compile(r"(?<![\d.,])(\d+(?:,\d+)?)(?: ?%| phần trăm)")
_REFERENCE = re.compile(r"\{[^{}]*\}")


class Figure(NamedTuple):
    """An amount in đồng, or a number of percent."""

    amount: Decimal
    percent: bool = False

    def __str__(self) -> str:
        return f"{number_text(self.amount)}%" if self.percent else format_money(int(self.amount))


@dataclass(frozen=True, slots=True)
class Known:
    """A figure that the tables give from a day to a day (``None``: always); ``origin`` names what it belongs to."""

    figure: Figure
    first: date | None
    last: date | None
    origin: str

    def holds_on(self, day: date) -> bool:
        """Say whether the figure is the one to quote on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def figures_in(text: str) -> Iterator[Figure]:
    """Yield the figures that a text writes out; references such as ``{luong_co_so}`` are right by construction."""
    text = _REFERENCE.sub(" … ", text)
    for span in find_money(text):
        yield Figure(Decimal(span.amount))
        if span.low is not None:
            yield Figure(Decimal(span.low))
    for written in _PERCENT.findall(text):
        yield Figure(Decimal(written.replace(",", ".")), percent=True)


def values_of(parameter: Parameter, factor: Decimal = Decimal(1)) -> Iterator[Known]:
    """Yield ``factor`` times each value of a parameter; other units than đồng and percent are no figures."""
    if parameter.unit.startswith(("đồng", "%")):
        percent = parameter.unit.startswith("%")
        for value in parameter.values:
            figure = Figure(value.amount * factor, percent)
            yield Known(figure, value.applies_from, value.applies_to, parameter.id)


def computed(figure: Figure, base: Sequence[Figure]) -> bool:
    """Say whether ``figure`` follows from those of ``base`` in one step that an answer may take.

    Such are: a multiple or part by a number up to twelve (children, months); a share of an amount, or what remains of
    it; a sum of two, by month or by year; a percentage rounded to two or more decimals.
    """
    alike = [other.amount for other in base if other.percent == figure.percent and other.amount]
    alike += [12 * number for number in alike]
    shares = [other.amount / 100 for other in base if other.percent]
    amount = figure.amount
    decimals = -int(amount.as_tuple().exponent)
    return (
        any(amount in (number * times, number / times) for number in alike for times in range(2, 13))
        or any(amount in (number * share, number * (1 - share)) for number in alike for share in shares)
        or any(amount - number in alike for number in alike)
        or (figure.percent and 100 - amount in alike)
        or (figure.percent and decimals >= 2 and any(round(number, decimals) == amount for number in alike))
    )


def amounts(figures: Iterable[Figure]) -> str:
    """Return figures in words, each once."""
    return ", ".join(dict.fromkeys(map(str, figures)))
