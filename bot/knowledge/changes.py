"""When the figures of an answer changed last and when they are known to change next, a sentence for each.

The figures are what benefits come to, and the parameters that criteria read. All is read off the rows: a parameter's
values and a program's provisions over time. A benefit is followed from one provision to the next by its label and
groups. What rests on memory is not followed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.knowledge.domain import Benefit, Criterion, Evidence, Parameter, Program, Provision, State
from bot.knowledge.voice import say
from bot.knowledge.wording import amount_text, benefit_amount, day_text, figure_text, lower_first

RECENT_YEARS = 3
"""A change longer ago is of no use to the citizen any more."""
UNPUBLISHED_WITHIN = timedelta(days=366)
"""How long ahead a gap in the rules is worth a word; further ahead there is still time to publish."""
MOST_NAMED = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that becomes another on ``day``; ``after`` is ``None`` while nothing is published for then.

    ``parameter`` is the one that the figure is worked out from, where there is one.
    """

    day: date
    name: str
    before: str
    after: str | None
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    unit: str
    text: str
    parameter: str | None


class _Course:
    """What one row of an answer comes to over time."""

    def __init__(self, row: Benefit | Criterion, program: Program, parameters: Mapping[str, Parameter]) -> None:
        self._row, self._program, self._parameters = row, program, parameters
        parameter = self._parameter(row)
        self.name = parameter.name if isinstance(row, Criterion) and parameter else row.label

    def on(self, day: date) -> _Figure | None:
        """Return the figure of ``day``; ``None`` for words, a row that is not there then, or what rests on memory."""
        provision = self._program.on(day)
        row = self._in(provision) if provision and provision.state is State.OPEN else None
        if row is None or row.evidence is Evidence.MEMORY:
            return None
        parameter = self._parameter(row)
        given = parameter.on(day) if parameter else None
        if parameter is not None and (given is None or given.evidence is Evidence.MEMORY):
            return None
        if isinstance(row, Benefit):
            amount = row.percent if row.percent is not None else benefit_amount(row, self._parameters, day)
            text = figure_text(row, self._parameters, day)
            if amount is None or text is None or row.text is not None:
                return None
            return _Figure(amount, "%" if row.percent is not None else row.unit or "", text, row.parameter)
        if parameter is None or given is None:
            return None
        return _Figure(given.amount, parameter.unit, amount_text(given.amount, parameter.unit), parameter.id)

    def unpublished(self, day: date) -> bool:
        """Say whether there is no rule for ``day`` yet, or a rule whose parameter has no value."""
        provision = self._program.on(day)
        if provision is None or provision.state is State.PENDING:
            return True
        row = self._in(provision) if provision.state is State.OPEN else None
        parameter = self._parameter(row) if row else None
        return parameter is not None and parameter.on(day) is None

    def turns(self) -> list[date]:
        """Return the days on which the figure may become another, in order."""
        rows = [row for provision in self._program.provisions if (row := self._in(provision))]
        parameters = [parameter for row in rows if (parameter := self._parameter(row))]
        spans = [(p.applies_from, p.applies_to) for p in self._program.provisions]
        spans += [(v.applies_from, v.applies_to) for parameter in parameters for v in parameter.values]
        return sorted({day for start, end in spans for day in (start, end + _DAY if end else start)})

    def _parameter(self, row: Benefit | Criterion) -> Parameter | None:
        return None if row.parameter is None else self._parameters.get(row.parameter)

    def _in(self, provision: Provision) -> Benefit | Criterion | None:
        found: list[Benefit | Criterion]
        if isinstance(self._row, Benefit):
            found = [b for b in provision.benefits if (b.label, b.groups) == (self._row.label, self._row.groups)]
            return found[0] if len(found) == 1 else None
        criteria = (*provision.common, *(c for group in provision.groups for c in group.criteria))
        found = [c for c in criteria if (c.parameter, c.factor) == (self._row.parameter, self._row.factor)]
        return found[0] if found else None


def last_change(
    row: Benefit | Criterion, program: Program, day: date, parameters: Mapping[str, Parameter]
) -> Change | None:
    """Return the change that made the row's figure what it is on ``day``, if it was within the last years."""
    course = _Course(row, program, parameters)
    now = course.on(day)
    if now is None:
        return None
    oldest = _years_before(day, RECENT_YEARS)
    for turn in reversed([turn for turn in course.turns() if oldest <= turn <= day]):
        before = course.on(turn - _DAY)
        if before is None or before.unit != now.unit:
            return None
        if before.value != now.value:
            return Change(turn, course.name, before.text, now.text, _shared(before, now))
    return None


def next_change(
    row: Benefit | Criterion, program: Program, day: date, parameters: Mapping[str, Parameter]
) -> Change | None:
    """Return the next change of the row's figure after ``day`` that the rows know of."""
    course = _Course(row, program, parameters)
    now = course.on(day)
    if now is None:
        return None
    for turn in (turn for turn in course.turns() if day < turn):
        after = course.on(turn)
        if after is None:
            soon = turn <= day + UNPUBLISHED_WITHIN
            return Change(turn, course.name, now.text, None) if soon and course.unpublished(turn) else None
        if after.unit != now.unit:
            return None
        if after.value != now.value:
            return Change(turn, course.name, now.text, after.text, _shared(now, after))
    return None


def change_lines(
    rows: Iterable[Benefit | Criterion],
    program: Program,
    day: date,
    parameters: Mapping[str, Parameter],
    said: str = "",
) -> list[str]:
    """Return at most two sentences under an answer that tells ``rows``: the last change of figures and the next.

    A change to come that ``said``, the answer so far, already tells with its day and figures is not told again.
    """
    stated = [row for row in rows if _Course(row, program, parameters).on(day) is not None]
    last = [change for row in stated if (change := last_change(row, program, day, parameters))]
    coming = [change for row in stated if (change := next_change(row, program, day, parameters))]
    newest = _on(max((change.day for change in last), default=day), last)
    soonest = _on(min((change.day for change in coming), default=day), coming)
    if all(_is_told(change, said) for change in soonest):
        soonest = []
    lines = [_sentence(newest, _LAST, stated, parameters), _sentence(soonest, _NEXT, stated, parameters)]
    return [line for line in lines if line is not None]


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of sentences: for the one figure told, one of several, all by their parameter, a few, each of these."""

    alone: str
    named: str
    basis: str
    several: str
    item: str


_LAST = _Words("changed", "changed_named", "changed_basis", "changed_several", "changed_item")
_NEXT = _Words("changes", "changes_named", "changes_basis", "changes_several", "changes_item")


def _sentence(
    changes: Sequence[Change],
    words: _Words,
    stated: Sequence[Benefit | Criterion],
    parameters: Mapping[str, Parameter],
) -> str | None:
    if not changes:
        return None
    day = changes[0].day
    if any(change.after is None for change in changes):
        return say("answers", "changes_unpublished", last=day_text(day - _DAY), day=day_text(day))
    benefits = [row for row in stated if isinstance(row, Benefit)]
    if len(stated) == len(benefits) == 1:
        return _say(words.alone, changes[0])
    # A benefit whose label is new that day has no course of its own, but may be worked out from the same parameter.
    one_basis = len(benefits) > 1 and len({row.parameter for row in benefits}) == 1
    basis = _basis(changes, parameters) if one_basis or len(changes) > 1 else None
    if basis is not None:
        return _say(words.basis, basis)
    if len(changes) == 1:
        return _say(words.named, changes[0])
    if len(changes) > MOST_NAMED or len({change.name for change in changes}) < len(changes):
        return None
    return say("answers", words.several, day=day_text(day), items="; ".join(_say(words.item, c) for c in changes))


def _basis(changes: Sequence[Change], parameters: Mapping[str, Parameter]) -> Change | None:
    """Return the change of the one parameter that all the figures are worked out from."""
    day, shared = changes[0].day, {change.parameter for change in changes}
    parameter = parameters.get(shared.pop() or "") if len(shared) == 1 else None
    before, after = (parameter.on(day - _DAY), parameter.on(day)) if parameter else (None, None)
    if parameter is None or before is None or after is None or before.amount == after.amount:
        return None
    texts = (amount_text(value.amount, parameter.unit) for value in (before, after))
    return Change(day, parameter.name, *texts)


def _say(words: str, change: Change) -> str:
    return say(
        "answers",
        words,
        day=day_text(change.day),
        label=change.name,
        figure=lower_first(change.name),
        before=change.before,
        after=change.after,
    )


def _on(day: date, changes: Iterable[Change]) -> list[Change]:
    return list(dict.fromkeys(change for change in changes if change.day == day))


def _is_told(change: Change, said: str) -> bool:
    return change.after is not None and day_text(change.day) in said and change.after.partition("/")[0] in said


def _shared(one: _Figure, other: _Figure) -> str | None:
    return one.parameter if one.parameter == other.parameter else None


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
