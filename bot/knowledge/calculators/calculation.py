"""What a calculator is given and what it returns, and the sheet on which it notes each figure that it reads."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.knowledge.domain import Benefit, Citation, Evidence, Parameter, Program, Provision, Scope
from bot.knowledge.engine import Judgement, judge
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, Facts
from bot.knowledge.voice import say
from bot.knowledge.wording import amount_text, day_text, figure_text, lower_first, number_text


@dataclass(frozen=True, slots=True)
class Inputs:
    """A program and its provision on a day, and what is known; ``facts`` include those that follow from others."""

    program: Program
    provision: Provision
    facts: Facts
    member: str
    day: date
    snapshot: Snapshot

    def key(self, fact: str) -> FactKey:
        """Return the key under which ``fact`` is known: the household's or the member's."""
        of_household = self.snapshot.facts[fact].scope is Scope.HOUSEHOLD
        return (None if of_household else self.member, fact)

    def judge(self, program: Program) -> Judgement:
        """Judge a program by what is known; most often it is the one whose amount is asked."""
        return judge(program, self.facts, self.member, self.day, self.snapshot.facts, self.snapshot.parameters)

    def number(self, fact: str) -> Decimal | None:
        """Return a number above zero; anything less tells nothing and has to be asked."""
        value = self.facts.get(self.key(fact))
        return value if isinstance(value, Decimal) and value > 0 else None

    def number_or_zero(self, fact: str) -> Decimal | None:
        """Return a number where one is known; none of something is a number too."""
        value = self.facts.get(self.key(fact))
        return value if isinstance(value, Decimal) and value >= 0 else None


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in whole đồng and what it is: "12 tháng", "Tổng tiền lãi"."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of working. ``amount`` (đồng) counts ``times``; ``periods`` say what it comes to over some months."""

    label: str
    working: str
    amount: int
    times: int = 1
    unit: str = ""
    periods: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A figure that was read, as a citizen reads it, and where it stands."""

    name: str
    figure: str
    legal_basis: Citation
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result with its working. ``needs`` are inputs still to be asked; without them it goes as far as it can.

    ``outcome`` names a result that is no amount ("poor"), ``reasons`` are its working. ``bounded`` says that an input
    was replaced by the bound it lies beyond. ``verified`` is false where a figure rests on memory.
    """

    lines: tuple[Line, ...] = ()
    reasons: tuple[str, ...] = ()
    totals: tuple[Sum, ...] = ()
    needs: tuple[FactKey, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    outcome: str | None = None
    total_of: str = ""
    bounded: bool = False
    verified: bool = True

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return where the figures stand, each place once."""
        return tuple(dict.fromkeys(source.legal_basis for source in self.sources))


class NoFigureError(LookupError):
    """A figure is not known for the day; the message is its name."""


class Sheet:
    """Reads figures for one calculation and notes where each one stands."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._sources: dict[Source, Parameter | None] = {}

    def read(self, parameter: str) -> Decimal:
        """Return the parameter's amount on the day; ``NoFigureError`` where there is none."""
        row = self._inputs.snapshot.parameters.get(parameter)
        value = row.on(self._inputs.day) if row else None
        if row is None or value is None:
            raise NoFigureError(row.name if row else parameter)
        figure = amount_text(value.amount, row.unit)
        self._sources[Source(row.name, figure, value.legal_basis, value.evidence)] = row
        return value.amount

    def find(self, parameter: str) -> Decimal | None:
        """Return the parameter's amount on the day, where it has one."""
        try:
            return self.read(parameter)
        except NoFigureError:
            return None

    def series(self, prefix: str) -> list[Decimal]:
        """Return the amounts of ``prefix`` 1, 2, 3 … as far as they go; ``NoFigureError`` where there is none."""
        amounts = [self.read(f"{prefix}1")]
        while (amount := self.find(f"{prefix}{len(amounts) + 1}")) is not None:
            amounts.append(amount)
        return amounts

    def benefit(self, benefit: Benefit) -> Decimal:
        """Return the figure of a benefit, whose own parameter is noted with it; ``NoFigureError`` for words."""
        stated = benefit.percent if benefit.percent is not None else benefit.amount
        if stated is None:
            if benefit.parameter is None:
                raise NoFigureError(benefit.label)
            amount = self.read(benefit.parameter)
            if benefit.factor != 1 or self._inputs.snapshot.parameters[benefit.parameter].unit.startswith("đồng"):
                factor = say("calculators", "factor", factor=number_text(benefit.factor))
                self._sources[Source(benefit.label, factor, benefit.legal_basis, benefit.evidence)] = None
            return amount * benefit.factor
        figure = figure_text(benefit, self._inputs.snapshot.parameters, self._inputs.day) or ""
        self._sources[Source(benefit.label, figure, benefit.legal_basis, benefit.evidence)] = None
        return stated

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the figures read so far, in the order of reading."""
        return tuple(self._sources)

    @property
    def verified(self) -> bool:
        """Say whether no figure, and not the provision, rests on memory."""
        evidence = [self._inputs.provision.evidence, *(source.evidence for source in self._sources)]
        return Evidence.MEMORY not in evidence

    def coming(self) -> tuple[str, ...]:
        """Return in words which of the figures read will be others from a later day on."""
        day = self._inputs.day
        told = []
        for row in dict.fromkeys(row for row in self._sources.values() if row is not None):
            now = row.on(day)
            later = next((v for v in row.values if v.applies_from > day and now and v.amount != now.amount), None)
            if later is not None:
                figure = amount_text(later.amount, row.unit)
                start = day_text(later.applies_from)
                told.append(say("calculators", "coming", day=start, what=lower_first(row.name), figure=figure))
        return tuple(told)


def whole(amount: Decimal) -> int:
    """Return the amount in whole đồng, halves up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def by_months(monthly: int, months: list[Decimal]) -> tuple[Sum, ...]:
    """Return what a monthly amount comes to over each of those numbers of months."""
    return tuple(Sum(say("calculators", "months", months=f"{n:f}"), monthly * int(n)) for n in months)
