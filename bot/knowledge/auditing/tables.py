"""The figures that the tables give for an FAQ entry: those of its program, its topic and its documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.knowledge.auditing.figures import Figure, Known, figures_in, values_of
from bot.knowledge.auditing.findings import criteria_of, parts_of
from bot.knowledge.domain import FactType, FaqEntry, Program, Provision
from bot.knowledge.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Source:
    """The figures of one provision, with what they can be found by."""

    program: Program
    documents: frozenset[str]
    known: tuple[Known, ...]


class Tables:
    """All figures of a snapshot, read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._parameters = snapshot.parameters
        self._money = {fact.id for fact in snapshot.facts.values() if fact.type is FactType.MONEY}
        self._sources = [
            _Source(program, frozenset(_documents(provision)), tuple(self._provision(program, provision)))
            for program in snapshot.programs.values()
            for provision in program.provisions
        ]

    def known(self, faq: FaqEntry) -> list[Known]:
        """Return what an answer to ``faq`` may quote, each with the days on which it may."""
        cited = {citation.document for citation in faq.legal_basis}
        found = [
            known
            for source in self._sources
            if faq.program == source.program.id or faq.topic == source.program.topic or cited & source.documents
            for known in source.known
        ]
        for parameter in self._parameters.values():
            if any(value.legal_basis.document in cited for value in parameter.values):
                found += values_of(parameter)
        return list(dict.fromkeys(found))

    def _provision(self, program: Program, provision: Provision) -> Iterator[Known]:
        first, last, origin = provision.applies_from, provision.applies_to, program.id
        for figure in figures_in(program.summary):
            yield Known(figure, None, None, origin)
        written = [figure for text in _texts(provision) for figure in figures_in(text)]
        given = [Figure(b.amount) for b in provision.benefits if b.amount is not None and _in_dong(b.unit)]
        given += [Figure(b.percent, percent=True) for b in provision.benefits if b.percent is not None]
        given += [
            Figure(Decimal(c.value))
            for c in criteria_of(provision)
            if c.fact in self._money and isinstance(c.value, int | Decimal)
        ]
        for figure in (*written, *given):
            yield Known(figure, first, last, origin)
        for part in parts_of(provision):
            parameter = self._parameters.get(part.parameter or "")
            if parameter is None:
                continue
            yield from values_of(parameter)
            # "4,5% mức lương cơ sở" is how a factor is told.
            yield Known(Figure(part.factor * 100, percent=True), first, last, origin)
            for value in values_of(parameter, part.factor):
                starts = max(first, value.first or first)
                ends = min((day for day in (last, value.last) if day is not None), default=None)
                if ends is None or starts <= ends:
                    yield Known(value.figure, starts, ends, origin)


def _in_dong(unit: str | None) -> bool:
    """Whether an amount is money, which it is where no other unit is given."""
    return unit is None or unit.startswith("đồng")


def _documents(provision: Provision) -> Iterator[str]:
    yield from (citation.document for citation in provision.legal_basis)
    yield from (part.legal_basis.document for part in parts_of(provision))


def _texts(provision: Provision) -> Iterable[str]:
    texts = [provision.note, *(group.label for group in provision.groups)]
    texts += [criterion.label for criterion in criteria_of(provision)]
    texts += [text for b in provision.benefits for text in (b.label, b.text, b.of)]
    texts += [text for paper in provision.documents for text in (paper.name, paper.note)]
    texts += [text for step in provision.steps for text in (step.text, step.how, step.fee)]
    return [text for text in texts if text]
