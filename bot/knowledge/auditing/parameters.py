"""Parameters that an open provision reads on a day for which they have no value."""

from collections.abc import Iterator
from datetime import date

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, parts_of, path
from bot.knowledge.domain import Provision, State
from bot.knowledge.periods import gaps
from bot.knowledge.wording import day_text


def check_parameters(audited: Audited) -> Iterator[Finding]:
    """Find the first day of each open provision on which a criterion or benefit lacks its parameter's value."""
    for program in audited.snapshot.programs.values():
        for provision in program.provisions:
            if provision.state is State.OPEN:
                row = path("programs", program.id, provision.key)
                yield from _provision(row, provision, audited)


def _provision(row: str, provision: Provision, audited: Audited) -> Iterator[Finding]:
    used = [read.parameter for read in parts_of(provision)]
    for name in dict.fromkeys(name for name in used if name is not None):
        start = _first_day_without(name, provision, audited)
        if start is not None:
            wrong = f"Tham số {name} không có giá trị vào ngày {day_text(start)}, khi quy định này đang áp dụng."
            mend = "Thêm giá trị của tham số cho ngày đó, hoặc kết thúc quy định trước ngày đó."
            yield Finding(Rule.PARAMETER_WITHOUT_VALUE, Severity.ERROR, row, wrong, mend)


def _first_day_without(name: str, provision: Provision, audited: Audited) -> date | None:
    parameter = audited.snapshot.parameters.get(name)
    last = min(provision.applies_to or audited.until, audited.until)
    empty = gaps(parameter.values if parameter else (), provision.applies_from, last)
    return next((start for start, _ in empty), None)
