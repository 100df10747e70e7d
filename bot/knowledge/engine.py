"""Eligibility: a pure, three-valued function of provisions, facts and a day.

A criterion is unknown while its fact is. A group fails as soon as one criterion fails; a provision holds when its
common criteria and any one of its groups hold. What rests on memory, or what the sources leave open, stays unknown
whatever the citizen says.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bot.knowledge.case import SELF
from bot.knowledge.domain import (
    Benefit,
    Criterion,
    Evidence,
    FactDefinition,
    Group,
    Operator,
    Parameter,
    Program,
    Provision,
    Scope,
    State,
    Verdict,
)
from bot.knowledge.values import Age, FactKey, Facts, FactValue

_FAILS, _UNKNOWN, _HOLDS = range(3)
"""Ranks of verdicts: all of several criteria is the least of them, any of several alternatives the greatest."""
_VERDICTS = (Verdict.NOT_ELIGIBLE, Verdict.UNKNOWN, Verdict.ELIGIBLE)


class CriterionResult(NamedTuple):
    """A criterion's verdict, with the value read and the bound it was compared with (if a number)."""

    criterion: Criterion
    key: FactKey
    verdict: Verdict
    value: FactValue | None
    bound: Decimal | None = None

    @property
    def can_be_asked(self) -> bool:
        """Say whether an answer to the fact, or a closer one about an age, could still settle the criterion."""
        return (
            self.verdict is Verdict.UNKNOWN
            and self.criterion.operator is not Operator.UNSETTLED
            and self.criterion.evidence is not Evidence.MEMORY
            and (self.criterion.parameter is None or self.bound is not None)
            and (self.value is None or isinstance(self.value, Age))
        )


class GroupResult(NamedTuple):
    """The verdict of one alternative."""

    group: Group
    verdict: Verdict
    results: tuple[CriterionResult, ...]


class Judgement(NamedTuple):
    """The verdict on a program for a member (``None``: the household) on a day."""

    program: Program
    member: str | None
    day: date
    provision: Provision | None
    verdict: Verdict
    common: tuple[CriterionResult, ...] = ()
    groups: tuple[GroupResult, ...] = ()

    @property
    def open_facts(self) -> tuple[FactKey, ...]:
        """Return the facts that can still change the verdict, in the order of the criteria."""
        if self.verdict is not Verdict.UNKNOWN:
            return ()
        live = [*self.common]
        for group in self.groups:
            if group.verdict is Verdict.UNKNOWN:
                live.extend(group.results)
        if any(group.verdict is Verdict.ELIGIBLE for group in self.groups):
            live = [*self.common]
        return tuple(dict.fromkeys(result.key for result in live if result.can_be_asked))

    @property
    def deciding(self) -> tuple[CriterionResult, ...]:
        """Return the criteria on which the verdict rests: all that hold, those that failed, or those still open."""
        everything = [*self.common, *(r for group in self._telling_groups() for r in group.results)]
        if self.verdict is Verdict.ELIGIBLE:
            return tuple(everything)
        failed = [r for r in everything if r.verdict is Verdict.NOT_ELIGIBLE]
        if self.verdict is Verdict.NOT_ELIGIBLE:
            return tuple(_nearest_bounds(_first_per_label(failed)))
        return tuple(_first_per_label([r for r in everything if r.verdict is Verdict.UNKNOWN]))

    @property
    def held_groups(self) -> tuple[str, ...]:
        """Return the keys of the alternatives that hold, or of those still possible when none does."""
        for wanted in (Verdict.ELIGIBLE, Verdict.UNKNOWN):
            keys = tuple(g.group.key for g in self.groups if g.verdict is wanted)
            if keys:
                return keys
        return ()

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        """Return what the provision brings with the alternatives that hold, or that are still possible."""
        told = self.provision.benefits if self.provision else ()
        return tuple(b for b in told if not b.groups or not set(b.groups).isdisjoint(self.held_groups))

    def _telling_groups(self) -> Sequence[GroupResult]:
        if self.verdict is Verdict.NOT_ELIGIBLE:
            if any(r.verdict is Verdict.NOT_ELIGIBLE for r in self.common):
                return ()
            missing = [_missing(group) for group in self.groups]
            return [group for group, count in zip(self.groups, missing, strict=True) if count == min(missing)]
        best = [g for g in self.groups if g.verdict is Verdict.ELIGIBLE]
        return best[:1] or [g for g in self.groups if g.verdict is Verdict.UNKNOWN]


def _missing(group: GroupResult) -> int:
    """How many criteria of an alternative fail: what fails least is nearest, and worth telling."""
    return sum(result.verdict is Verdict.NOT_ELIGIBLE for result in group.results)


def judge(
    program: Program,
    facts: Facts,
    member: str | None,
    day: date,
    definitions: Mapping[str, FactDefinition],
    parameters: Mapping[str, Parameter],
) -> Judgement:
    """Judge ``program`` for ``member`` with the provision of ``day``; ``facts`` include derived ones.

    ``definitions`` tell which facts are the household's: those are read and asked once, for all its members.
    """
    return Rules([program], day, definitions, parameters).judge(facts, [member or SELF])[0]


class Rules:
    """The programs as they stand on one day, laid out so that they can be judged for one case after another."""

    def __init__(
        self,
        programs: Iterable[Program],
        day: date,
        definitions: Mapping[str, FactDefinition],
        parameters: Mapping[str, Parameter],
    ) -> None:
        self.day = day
        self._definitions = definitions
        # Programs share criteria: each is read once. By identity, since hashing one would cost more than reading it.
        self._criteria: dict[int, tuple[int, Criterion, Decimal | None]] = {}
        self._parameters = parameters
        self._programs = [self._lay_out(program) for program in programs]
        self._sheets: dict[str, _Sheet] = {}

    def judge(
        self, facts: Facts, members: Sequence[str], wanted: Callable[[Program], bool] = lambda _: True
    ) -> list[Judgement]:
        """Judge household programs once and person programs for each of ``members`` (self where empty).

        ``facts`` include derived ones; programs that are not ``wanted`` are left out.
        """
        readings = {member: self._sheet(member).read(facts) for member in {SELF, *members}}
        persons = [*members] or [SELF]
        judgements: list[Judgement] = []
        for laid_out in self._programs:
            if not wanted(laid_out.program):
                continue
            if laid_out.program.scope is Scope.HOUSEHOLD:
                judgements.append(laid_out.judge(None, self.day, *readings[SELF]))
            else:
                judgements.extend(laid_out.judge(member, self.day, *readings[member]) for member in persons)
        return judgements

    def _lay_out(self, program: Program) -> "_LaidOut":
        provision = program.on(self.day)
        if provision is None or provision.state is State.CLOSED:
            return _LaidOut(program, provision, Verdict.NOT_ELIGIBLE)
        if provision.state is State.PENDING or not (provision.common or provision.groups):
            return _LaidOut(program, provision, Verdict.UNKNOWN)
        groups = tuple((group, self._places(group.criteria)) for group in provision.groups)
        return _LaidOut(program, provision, None, self._places(provision.common), groups)

    def _places(self, criteria: Iterable[Criterion]) -> tuple[int, ...]:
        for criterion in criteria:
            if id(criterion) not in self._criteria:
                self._criteria[id(criterion)] = (len(self._criteria), criterion, self._bound(criterion))
        return tuple(self._criteria[id(criterion)][0] for criterion in criteria)

    def _bound(self, criterion: Criterion) -> Decimal | None:
        if criterion.parameter is not None:
            parameter = self._parameters.get(criterion.parameter)
            found = parameter.on(self.day) if parameter else None
            return found.amount * criterion.factor if found else None
        value = criterion.value
        if type(value) is Decimal:
            return value
        return Decimal(value) if type(value) is int else None

    def _sheet(self, member: str) -> "_Sheet":
        if member not in self._sheets:
            blank = []
            for _, criterion, bound in self._criteria.values():
                definition = self._definitions.get(criterion.fact)
                of_household = definition is not None and definition.scope is Scope.HOUSEHOLD
                key = (None if of_household else member, criterion.fact)
                blank.append(CriterionResult(criterion, key, Verdict.UNKNOWN, None, bound))
            self._sheets[member] = _Sheet(self.day, blank)
        return self._sheets[member]


class _Sheet:
    """All criteria as they are read for one member; while nothing is known, all are unknown."""

    def __init__(self, day: date, blank: Sequence[CriterionResult]) -> None:
        self._day = day
        self._blank = blank
        self._readers: dict[FactKey, list[int]] = {}
        for place, result in enumerate(blank):
            self._readers.setdefault(result.key, []).append(place)

    def read(self, facts: Facts) -> tuple[list[CriterionResult], list[int]]:
        """Return the results of all criteria and their ranks."""
        results = [*self._blank]
        ranks = [_UNKNOWN] * len(results)
        for key in facts.keys() & self._readers.keys():
            value = facts[key]
            for place in self._readers[key]:
                criterion, _, _, _, bound = self._blank[place]
                rank = ranks[place] = _rank(criterion, value, bound, self._day)
                results[place] = CriterionResult(criterion, key, _VERDICTS[rank], value, bound)
        return results, ranks


class _LaidOut(NamedTuple):
    """A program with the provision of the day; ``verdict`` where that is settled without facts.

    ``common`` and the alternatives hold the places of their criteria on a sheet.
    """

    program: Program
    provision: Provision | None
    verdict: Verdict | None
    common: tuple[int, ...] = ()
    groups: tuple[tuple[Group, tuple[int, ...]], ...] = ()

    def judge(
        self, member: str | None, day: date, results: Sequence[CriterionResult], ranks: Sequence[int]
    ) -> Judgement:
        program, provision, verdict, common, alternatives = self
        if verdict is not None:
            return Judgement(program, member, day, provision, verdict)
        read, rank_of = results.__getitem__, ranks.__getitem__
        rank = min(map(rank_of, common), default=_HOLDS)
        groups = []
        # Where what is common to all has failed, no alternative can help.
        if alternatives and rank != _FAILS:
            best = _FAILS
            for group, places in alternatives:
                own = min(map(rank_of, places), default=_HOLDS)
                best = max(best, own)
                groups.append(GroupResult(group, _VERDICTS[own], tuple(map(read, places))))
            rank = min(rank, best)
        return Judgement(program, member, day, provision, _VERDICTS[rank], tuple(map(read, common)), tuple(groups))


def wanted_facts(
    judgements: Sequence[Judgement],
    definitions: Mapping[str, FactDefinition],
    declined: frozenset[FactKey] = frozenset(),
) -> dict[FactKey, list[Judgement]]:
    """Return the facts worth asking for, each with the judgements that it can still change."""
    wanted: dict[FactKey, list[Judgement]] = {}
    for judgement in judgements:
        for key in judgement.open_facts:
            definition = definitions.get(key[1])
            if definition is not None and definition.askable and key not in declined:
                wanted.setdefault(key, []).append(judgement)
    return wanted


def next_fact(
    judgements: Sequence[Judgement],
    definitions: Mapping[str, FactDefinition],
    declined: frozenset[FactKey] = frozenset(),
) -> FactKey | None:
    """Return the unknown fact that can be expected to settle the most verdicts.

    ``None`` means that nothing the citizen could tell changes a verdict: asking more only costs them time.
    """
    candidates = wanted_facts(judgements, definitions, declined)
    if not candidates:
        return None

    def worth(key: FactKey) -> tuple[float, int]:
        values = _sample_values(key, definitions[key[1]], candidates[key])
        outlooks = [_Outlook(judgement, key) for judgement in candidates[key]]
        settled = 0
        for value in values:
            read: dict[int, int] = {}
            settled += sum(outlook.rank(value, read) != _UNKNOWN for outlook in outlooks)
        return settled / len(values), len(outlooks)

    return max(candidates, key=worth)


def verdict_if(judgement: Judgement, key: FactKey, value: FactValue) -> Verdict:
    """Return what the verdict on an open provision would be were ``key`` known: only its criteria are read again."""
    return _VERDICTS[_Outlook(judgement, key).rank(value, {})]


class _Outlook:
    """What becomes of a judgement by one fact: ranks that stand whatever its value, and the criteria that read it."""

    def __init__(self, judgement: Judgement, key: FactKey) -> None:
        self._day = judgement.day
        self._common = _part(judgement.common, key)
        groups = [_part(group.results, key) for group in judgement.groups]
        self._has_groups = bool(groups)
        self._best = max((rank for rank, reading in groups if not reading), default=_FAILS)
        self._groups = [(rank, reading) for rank, reading in groups if reading and rank > self._best]

    def rank(self, value: FactValue, read: dict[int, int]) -> int:
        """Return the rank of the verdict; ``read`` keeps the ranks of criteria for this value, by identity."""
        rank = self._least(self._common, value, read)
        if rank == _FAILS or not self._has_groups:
            return rank
        best = self._best
        for group in self._groups:
            best = max(best, self._least(group, value, read))
        return min(rank, best)

    def _least(self, part: tuple[int, list[CriterionResult]], value: FactValue, read: dict[int, int]) -> int:
        rank, reading = part
        for result in reading:
            own = read.get(id(result.criterion))
            if own is None:
                own = read[id(result.criterion)] = _rank(result.criterion, value, result.bound, self._day)
            rank = min(rank, own)
        return rank


def _part(results: Iterable[CriterionResult], key: FactKey) -> tuple[int, list[CriterionResult]]:
    """Return the rank of the results that don't read ``key``, and those that do."""
    rank, reading = _HOLDS, []
    for result in results:
        if result.key == key:
            reading.append(result)
        else:
            rank = min(rank, _VERDICTS.index(result.verdict))
    return rank, reading


def _sample_values(
    key: FactKey,
    definition: FactDefinition,
    judgements: Sequence[Judgement],
) -> list[FactValue]:
    """Return one value for each way the criteria can read the fact."""
    if definition.choices:
        return [choice.id for choice in definition.choices]
    results = [
        result
        for judgement in judgements
        for result in (*judgement.common, *(r for g in judgement.groups for r in g.results))
        if result.key == key
    ]
    bounds = sorted({result.bound for result in results if result.bound is not None})
    if bounds:
        around = sorted({bound + step for bound in bounds for step in (-1, 0, 1) if bound + step >= 0})
        day = judgements[0].day
        if definition.type == "age":
            return [Age.of_years(int(years), day) for years in around]
        return [*around]
    if definition.type == "commune":
        return [""]
    return [True, False]


_NUMBERS: Mapping[Operator, Callable[[int | Decimal, Decimal], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def _rank(criterion: Criterion, value: FactValue, bound: Decimal | None, day: date) -> int:
    """Return the rank of a criterion once its fact has a value."""
    how = criterion.operator
    if (
        how is Operator.UNSETTLED
        or criterion.evidence is Evidence.MEMORY
        or (bound is None and criterion.parameter is not None)
    ):
        return _UNKNOWN
    if bound is None:
        return _HOLDS if _compare_word(how, value, criterion.value) else _FAILS
    compare = _NUMBERS[how]
    if isinstance(value, Age):
        least, most = value.years_on(day)
        low, high = compare(least, bound), compare(most, bound)
    elif isinstance(value, Decimal):
        low = high = compare(value, bound)
    else:
        return _UNKNOWN
    if low != high:
        return _UNKNOWN
    return _HOLDS if low else _FAILS


def _compare_word(how: Operator, value: FactValue, wanted: object) -> bool:
    match how:
        case Operator.EQUAL:
            return value == wanted
        case Operator.NOT_EQUAL:
            return value != wanted
        case Operator.IN:
            return isinstance(wanted, tuple) and value in wanted
        case Operator.NOT_IN:
            return isinstance(wanted, tuple) and value not in wanted
        case _:
            raise ValueError(f"operator {how} needs a number, not {wanted!r}")


def _first_per_label(results: Iterable[CriterionResult]) -> list[CriterionResult]:
    return list({result.criterion.label: result for result in reversed([*results])}.values())[::-1]


def _nearest_bounds(failed: Sequence[CriterionResult]) -> list[CriterionResult]:
    """Of several limits that the same fact misses, keep the nearest: who is not 70 need not read of 75."""
    nearest: dict[tuple[FactKey, Operator], Decimal] = {}
    for result in failed:
        how, bound = result.criterion.operator, result.bound
        if bound is not None and how in _LIMITS:
            kept = nearest.get((result.key, how), bound)
            nearest[result.key, how] = _LIMITS[how](kept, bound)
    return [
        result
        for result in failed
        if result.bound is None or nearest.get((result.key, result.criterion.operator), result.bound) == result.bound
    ]


_LIMITS: Mapping[Operator, Callable[[Decimal, Decimal], Decimal]] = {
    Operator.AT_LEAST: min,
    Operator.MORE: min,
    Operator.AT_MOST: max,
    Operator.LESS: max,
}
