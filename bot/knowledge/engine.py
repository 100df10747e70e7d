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
            return tuple(_first_per_label(failed))
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
            return self.groups if not any(r.verdict is Verdict.NOT_ELIGIBLE for r in self.common) else ()
        best = [g for g in self.groups if g.verdict is Verdict.ELIGIBLE]
        return best[:1] or [g for g in self.groups if g.verdict is Verdict.UNKNOWN]


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
    return _judge(program, _Reader(facts, member, day, definitions, parameters))


def _judge(program: Program, reader: "_Reader") -> Judgement:
    member = None if program.scope is Scope.HOUSEHOLD else reader.member
    day = reader.day
    provision = program.on(day)
    if provision is None or provision.state is State.CLOSED:
        return Judgement(program, member, day, provision, Verdict.NOT_ELIGIBLE)
    if provision.state is State.PENDING or not (provision.common or provision.groups):
        return Judgement(program, member, day, provision, Verdict.UNKNOWN)
    common = tuple(map(reader.read, provision.common))
    verdict = _all([r.verdict for r in common])
    groups = []
    # Where what is common to all has failed, no alternative can help.
    for group in provision.groups if verdict is not Verdict.NOT_ELIGIBLE else ():
        results = tuple(map(reader.read, group.criteria))
        groups.append(GroupResult(group, _all([r.verdict for r in results]), results))
    if groups:
        verdict = _all((verdict, _any(g.verdict for g in groups)))
    return Judgement(program, member, day, provision, verdict, common, tuple(groups))


def judge_all(
    programs: Iterable[Program],
    facts: Facts,
    members: Sequence[str],
    day: date,
    definitions: Mapping[str, FactDefinition],
    parameters: Mapping[str, Parameter],
) -> list[Judgement]:
    """Judge household programs once and person programs for each of ``members`` (self where empty)."""
    readers = {member: _Reader(facts, member, day, definitions, parameters) for member in (SELF, *members)}
    persons = [readers[member] for member in members] or [readers[SELF]]
    judgements: list[Judgement] = []
    for program in programs:
        asked = [readers[SELF]] if program.scope is Scope.HOUSEHOLD else persons
        judgements.extend(_judge(program, reader) for reader in asked)
    return judgements


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
    parameters: Mapping[str, Parameter],
    declined: frozenset[FactKey] = frozenset(),
) -> FactKey | None:
    """Return the unknown fact that can be expected to settle the most verdicts.

    ``None`` means that nothing the citizen could tell changes a verdict: asking more only costs them time.
    """
    candidates = wanted_facts(judgements, definitions, declined)
    if not candidates:
        return None

    def worth(key: FactKey) -> tuple[float, int]:
        settled = 0
        values = _sample_values(key, definitions[key[1]], candidates[key])
        for value in values:
            for judgement in candidates[key]:
                settled += verdict_if(judgement, key, value, definitions, parameters) is not Verdict.UNKNOWN
        return settled / len(values), len(candidates[key])

    return max(candidates, key=worth)


def verdict_if(
    judgement: Judgement,
    key: FactKey,
    value: FactValue,
    definitions: Mapping[str, FactDefinition],
    parameters: Mapping[str, Parameter],
) -> Verdict:
    """Return what the verdict on an open provision would be were ``key`` known: only its criteria are read again."""
    reader = _Reader({key: value}, judgement.member, judgement.day, definitions, parameters)

    def verdict(result: CriterionResult) -> Verdict:
        return reader.read(result.criterion).verdict if result.key == key else result.verdict

    common = _all(map(verdict, judgement.common))
    if not judgement.groups:
        return common
    return _all((common, _any(_all(map(verdict, group.results)) for group in judgement.groups)))


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


class _Reader:
    """Reads criteria against the facts of one member on one day, each criterion once."""

    def __init__(
        self,
        facts: Facts,
        member: str | None,
        day: date,
        definitions: Mapping[str, FactDefinition],
        parameters: Mapping[str, Parameter],
    ) -> None:
        self._facts = facts
        self.member = member or SELF
        self.day = day
        self._definitions = definitions
        self._parameters = parameters
        self._keys: dict[str, FactKey] = {}
        # By identity: programs share criteria, and hashing one would cost more than reading it.
        self._read: dict[int, CriterionResult] = {}

    def read(self, criterion: Criterion) -> CriterionResult:
        result = self._read.get(id(criterion))
        if result is None:
            result = self._read[id(criterion)] = self._read_anew(criterion)
        return result

    def _read_anew(self, criterion: Criterion) -> CriterionResult:
        key = self._keys.get(criterion.fact) or self._key(criterion.fact)
        value = self._facts.get(key)
        bound = self._bound(criterion)
        if (
            value is None
            or criterion.operator is Operator.UNSETTLED
            or criterion.evidence is Evidence.MEMORY
            or (criterion.parameter is not None and bound is None)
        ):
            return CriterionResult(criterion, key, Verdict.UNKNOWN, value, bound)
        return CriterionResult(criterion, key, self._compare(criterion, value, bound), value, bound)

    def _key(self, fact: str) -> FactKey:
        definition = self._definitions.get(fact)
        of_household = definition is not None and definition.scope is Scope.HOUSEHOLD
        key = self._keys[fact] = (None if of_household else self.member, fact)
        return key

    def _bound(self, criterion: Criterion) -> Decimal | None:
        if criterion.parameter is not None:
            parameter = self._parameters.get(criterion.parameter)
            found = parameter.on(self.day) if parameter else None
            return found.amount * criterion.factor if found else None
        value = criterion.value
        if type(value) is Decimal:
            return value
        return Decimal(value) if type(value) is int else None

    def _compare(self, criterion: Criterion, value: FactValue, bound: Decimal | None) -> Verdict:
        if bound is None:
            return _truth(_compare_word(criterion.operator, value, criterion.value))
        compare = _NUMBERS[criterion.operator]
        if isinstance(value, Age):
            least, most = value.years_on(self.day)
            low, high = compare(least, bound), compare(most, bound)
        elif isinstance(value, Decimal):
            low = high = compare(value, bound)
        else:
            return Verdict.UNKNOWN
        return _truth(low) if low == high else Verdict.UNKNOWN


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


def _truth(held: bool) -> Verdict:
    return Verdict.ELIGIBLE if held else Verdict.NOT_ELIGIBLE


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    result = Verdict.ELIGIBLE
    for verdict in verdicts:
        if verdict is Verdict.NOT_ELIGIBLE:
            return verdict
        if verdict is Verdict.UNKNOWN:
            result = verdict
    return result


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    result = Verdict.NOT_ELIGIBLE
    for verdict in verdicts:
        if verdict is Verdict.ELIGIBLE:
            return verdict
        if verdict is Verdict.UNKNOWN:
            result = verdict
    return result


def _first_per_label(results: Iterable[CriterionResult]) -> list[CriterionResult]:
    return list({result.criterion.label: result for result in reversed([*results])}.values())[::-1]
