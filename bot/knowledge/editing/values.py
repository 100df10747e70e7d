"""A parameter's new value: what it does to the values beside it, and what changes with it, before anything is saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Finding, parts_of
from bot.knowledge.domain import Benefit, Citation, Criterion, Evidence, Parameter, ParameterValue, Provision
from bot.knowledge.editing.impact import readers_of
from bot.knowledge.editing.units import Content, Kind, ValueOfParameter, parse
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import amount_text, benefit_text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """A provision or FAQ entry that reads a parameter: what it comes to today's way, and with the new value."""

    kind: Kind
    key: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a new value changes: who reads it, and what the tables' own checks find wrong with it then."""

    readers: tuple[Reader, ...]
    findings: tuple[Finding, ...]


def with_value(values: Sequence[Content], new: Content) -> list[Content]:
    """The contents to write so that ``new`` holds from its first day: itself, and the value before it, closed.

    Without a last day of its own ``new`` ends where a later value begins.
    """
    first = date.fromisoformat(new["applies_from"])
    changed = []
    for value in values:
        begins = date.fromisoformat(value["applies_from"])
        ends = value.get("applies_to")
        if begins < first and (ends is None or date.fromisoformat(ends) >= first):
            changed.append({**value, "applies_to": (first - _DAY).isoformat()})
    later = [begins for value in values if (begins := date.fromisoformat(value["applies_from"])) > first]
    if later and not new.get("applies_to"):
        new = {**new, "applies_to": (min(later) - _DAY).isoformat()}
    return [*changed, new]


def consequences(snapshot: Snapshot, parameter: str, changes: Sequence[Content]) -> Consequences:
    """What ``changes`` of values of ``parameter`` change from the first day of the last of them on."""
    made = _laid_over(snapshot, parameter, changes)
    first = date.fromisoformat(changes[-1]["applies_from"])
    known = {(finding.row, finding.wrong) for finding in audit(snapshot, first)}
    found = [each for each in audit(made, first) if (each.row, each.wrong) not in known]
    return Consequences(tuple(_readers(snapshot, made, parameter, first)), tuple(found))


def _laid_over(snapshot: Snapshot, parameter: str, changes: Sequence[Content]) -> Snapshot:
    old = snapshot.parameters[parameter]
    rows = [parse(Kind.PARAMETER_VALUE, each) for each in changes]
    new = {row.applies_from: _value(row) for row in rows if isinstance(row, ValueOfParameter)}
    values = {value.applies_from: value for value in old.values} | new
    laid = replace(old, values=tuple(values[day] for day in sorted(values)))
    return replace(snapshot, parameters={**snapshot.parameters, parameter: laid})


def _value(row: ValueOfParameter) -> ParameterValue:
    basis = Citation(row.legal_basis.document, row.legal_basis.article)
    return ParameterValue(row.applies_from, row.applies_to, row.amount, basis, Evidence(row.evidence))


def _readers(old: Snapshot, new: Snapshot, parameter: str, first: date) -> Iterator[Reader]:
    for kind, key in readers_of(old, parameter):
        if kind is Kind.FAQ:
            faq = old.faqs[key]
            if faq.applies_to is None or faq.applies_to >= first:
                yield Reader(kind, key, _amounts(old.parameters[parameter], new.parameters[parameter], first))
            continue
        program, _, name = key.partition("/")
        provision = next(each for each in old.programs[program].provisions if each.key == name)
        if provision.applies_to is None or provision.applies_to >= first:
            lines = tuple(_lines(provision, parameter, old, new, max(first, provision.applies_from)))
            yield Reader(kind, key, lines)


def _lines(provision: Provision, parameter: str, old: Snapshot, new: Snapshot, day: date) -> Iterator[tuple[str, str]]:
    for part in parts_of(provision):
        if part.parameter != parameter:
            continue
        before, after = _told(part, old, day), _told(part, new, day)
        if before != after:
            yield before, after


def _told(part: Criterion | Benefit, snapshot: Snapshot, day: date) -> str:
    if isinstance(part, Benefit):
        return benefit_text(part, snapshot.parameters, day)
    assert part.parameter is not None
    parameter = snapshot.parameters[part.parameter]
    value = parameter.on(day)
    return f"{part.label}: {amount_text(value.amount * part.factor, parameter.unit)}" if value else part.label


def _amounts(old: Parameter, new: Parameter, day: date) -> tuple[tuple[str, str], ...]:
    before, after = old.on(day), new.on(day)
    told = [amount_text(value.amount, old.unit) if value else "chưa có" for value in (before, after)]
    return ((told[0], told[1]),) if told[0] != told[1] else ()
