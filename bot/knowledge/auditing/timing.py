"""Overlaps and gaps: on each day exactly one provision of a program, and one value of a parameter, can be read."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.knowledge.auditing.findings import Audited, Finding, Rule, Severity, path
from bot.knowledge.domain import ParameterValue, Program, Provision
from bot.knowledge.periods import DAY, gaps, overlaps
from bot.knowledge.wording import day_text


def check_overlaps(audited: Audited) -> Iterator[Finding]:
    """Find provisions of a program, and values of a parameter, that apply on the same day."""
    for program in audited.snapshot.programs.values():
        yield from _overlaps(path("programs", program.id), program.provisions)
    for parameter in audited.snapshot.parameters.values():
        yield from _overlaps(path("parameters", parameter.id), parameter.values)


def check_gaps(audited: Audited) -> Iterator[Finding]:
    """Find the days after a program's first for which it has no provision, not even one that says it has ended."""
    for program in audited.snapshot.programs.values():
        first = min((p.applies_from for p in program.provisions), default=audited.day)
        for start, end in gaps(program.provisions, first, audited.until):
            yield _gap(program, start, end, audited)


def _overlaps(row: str, periods: Sequence[Provision | ParameterValue]) -> Iterator[Finding]:
    for before, after in overlaps(periods):
        wrong = f"{_called(after)} chồng ngày lên {_called(before)}, nên không rõ ngày ấy dùng dòng nào."
        if after.applies_from > before.applies_from:
            mend = f"Đặt ngày cuối của {_called(before)} là {day_text(after.applies_from - DAY)}."
        else:
            mend = "Bỏ một trong hai, hoặc sửa ngày của một dòng."
        yield Finding(Rule.OVERLAP, Severity.ERROR, row, wrong, mend)


def _called(period: Provision | ParameterValue) -> str:
    name = f"quy định {period.key}" if isinstance(period, Provision) else "mức"
    return f"{name} áp dụng từ {day_text(period.applies_from)}"


def _gap(program: Program, start: date, end: date, audited: Audited) -> Finding:
    # What ends in the months to come can still be followed up in time.
    coming = start > audited.day and end == audited.until
    wrong = f"Không có quy định nào cho các ngày từ {day_text(start)}"
    wrong += "." if end == audited.until else f" đến {day_text(end)}."
    mend = "Thêm quy định cho khoảng này; nếu đã hết hay chưa có mức thì ghi tình trạng và một câu ghi chú."
    return Finding(Rule.GAP, Severity.WARNING if coming else Severity.ERROR, path("programs", program.id), wrong, mend)
