"""What must hold between rows, across files: no unknown names, no rows twice, no overlaps, no gaps."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeVar

from bot.knowledge.domain import FactType, State
from bot.knowledge.loading.problems import DataError, Location, Problem, Source
from bot.knowledge.periods import DAY, gaps, overlap
from bot.knowledge.schema import (
    CitationRow,
    CriterionRow,
    Dated,
    FactRow,
    FaqRow,
    ParameterRow,
    ProgramRow,
    ProvisionRow,
)

_KEYS = {
    "legal_documents": "number",
    "parameters": "id",
    "citizen_facts": "id",
    "topics": "id",
    "programs": "id",
    "faq_entries": "id",
    "communes": "code",
    "offices": "id",
}
_CALLED = {
    "legal_documents": "văn bản",
    "parameters": "tham số",
    "citizen_facts": "thông tin người dân",
    "topics": "chủ đề",
    "programs": "chương trình",
    "communes": "xã, phường",
    "offices": "cơ quan",
}
_PARAMETER_IN_TEXT = re.compile(r"\{([^{}]*)\}")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class _At:
    """A place in a file."""

    file: Source
    where: Location = ()

    def __truediv__(self, step: str | int) -> "_At":
        return _At(self.file, (*self.where, step))

    def problem(self, value: Any, wrong: str, mend: str) -> Problem:
        return self.file.problem(self.where, value, wrong, mend)


@dataclass(slots=True)
class _Index:
    """Every row of every file by kind and key; of rows given twice the first."""

    rows: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def unknown(self, at: _At, kind: str, key: str) -> Iterator[Problem]:
        if key not in self.rows[kind]:
            yield _unknown(at, _CALLED[kind], key, self.rows[kind])

    def citation(self, at: _At, citation: CitationRow | None) -> Iterator[Problem]:
        if citation is not None:
            yield from self.unknown(at / "document", "legal_documents", citation.document)


def check(files: Sequence[Source]) -> None:
    """Raise :class:`DataError` with every error between the rows of ``files``."""
    index = _Index()
    problems = list(_doubles(files, index))
    for at, document in _rows(files, "legal_documents"):
        if document.replaced_by is not None:
            problems += index.unknown(at / "replaced_by", "legal_documents", document.replaced_by)
    for at, parameter in _rows(files, "parameters"):
        problems += _parameter(at, parameter, index)
    for at, fact in _rows(files, "citizen_facts"):
        problems += _fact(at, fact, index)
    for at, topic in _rows(files, "topics"):
        problems += index.unknown(at / "office", "offices", topic.office)
    for at, program in _rows(files, "programs"):
        problems += _program(at, program, index)
    for at, faq in _rows(files, "faq_entries"):
        problems += _faq(at, faq, index)
    if problems:
        raise DataError(problems)


def _rows(files: Iterable[Source], kind: str) -> Iterator[tuple[_At, Any]]:
    for file in files:
        yield from _each(_At(file) / kind, getattr(file.content, kind))


def _each(at: _At, rows: Iterable[_Row]) -> Iterator[tuple[_At, _Row]]:
    for number, row in enumerate(rows):
        yield at / number, row


def _doubles(files: Sequence[Source], index: _Index) -> Iterator[Problem]:
    for kind, key in _KEYS.items():
        first: dict[str, _At] = {}
        for at, row in _rows(files, kind):
            value = getattr(row, key)
            if value in first:
                before = first[value].problem(None, "", "")
                yield _double(at / key, value, f"ở {before.file}, dòng {before.line}")
            else:
                first[value] = at
                index.rows[kind][value] = row


def _double(at: _At, value: str, before: str) -> Problem:
    return at.problem(value, f"{value} đã có {before}.", "Đổi tên một trong hai, hoặc gộp làm một.")


def _unknown(at: _At, called: str, key: Any, known: Iterable[str]) -> Problem:
    near = get_close_matches(str(key), list(known), n=3, cutoff=0.6)
    hint = f" Gần giống: {', '.join(near)}." if near else ""
    return at.problem(key, f"Không có {called} nào là {key}.", f"Sửa lại tên, hoặc thêm {called} này.{hint}")


def _parameter(at: _At, row: ParameterRow, index: _Index) -> Iterator[Problem]:
    for place, value in _each(at / "values", row.values):
        yield from index.citation(place / "legal_basis", value.legal_basis)
    yield from _overlaps(at / "values", row.values)


def _fact(at: _At, row: FactRow, index: _Index) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, choice in _each(at / "choices", row.choices):
        if choice.id in seen:
            yield _double(place / "id", choice.id, "trong chính mục này")
        seen.add(choice.id)
        yield from _settled(place / "when", choice.when, row, index)
        yield from _settled(place / "unless", choice.unless, row, index)
    for value, settled in row.implies.items():
        if row.type is FactType.CHOICE and value not in seen:
            yield _unknown(at / "implies" / value, "lựa chọn", value, seen)
        yield from _settled(at / "implies" / value, settled, None, index)


def _settled(at: _At, facts: Mapping[str, Any], asked_by: FactRow | None, index: _Index) -> Iterator[Problem]:
    """Facts that a row settles; a joint question settles only facts of its own scope."""
    for name, value in facts.items():
        fact = index.rows["citizen_facts"].get(name)
        if fact is None:
            yield _unknown(at / name, _CALLED["citizen_facts"], name, index.rows["citizen_facts"])
            continue
        yield from _value_fits(at / name, value, fact, index)
        if asked_by is not None and fact.scope is not asked_by.scope:
            wrong = (
                f"{name} là thông tin của {fact.scope.value}, còn câu hỏi {asked_by.id} là của {asked_by.scope.value}."
            )
            yield (at / name).problem(name, wrong, "Chỉ gộp những thông tin cùng phạm vi (scope).")


def _program(at: _At, row: ProgramRow, index: _Index) -> Iterator[Problem]:
    yield from index.unknown(at / "topic", "topics", row.topic)
    if row.office is not None:
        yield from index.unknown(at / "office", "offices", row.office)
    seen: set[str] = set()
    for place, provision in _each(at / "provisions", row.provisions):
        if provision.key in seen:
            yield _double(place / "key", provision.key, "trong chính chương trình này")
        seen.add(provision.key)
        yield from _provision(place, provision, index)
    yield from _overlaps(at / "provisions", row.provisions)
    yield from _gaps(at / "provisions", row.provisions)


def _provision(at: _At, row: ProvisionRow, index: _Index) -> Iterator[Problem]:
    for place, citation in _each(at / "legal_basis", row.legal_basis):
        yield from index.citation(place, citation)
    criteria = list(_each(at / "common", row.common))
    seen: set[str] = set()
    for place, group in _each(at / "groups", row.groups):
        if group.key in seen:
            yield _double(place / "key", group.key, "trong chính quy định này")
        seen.add(group.key)
        criteria += _each(place / "criteria", group.criteria)
    for place, criterion in criteria:
        yield from _criterion(place, criterion, index)
        if criterion.parameter is not None:
            yield from _parameter_covers(place / "parameter", criterion.parameter, row, index)
    for place, benefit in _each(at / "benefits", row.benefits):
        yield from index.citation(place / "legal_basis", benefit.legal_basis)
        if benefit.parameter is not None:
            yield from _parameter_covers(place / "parameter", benefit.parameter, row, index)


def _criterion(at: _At, row: CriterionRow, index: _Index) -> Iterator[Problem]:
    yield from index.citation(at / "legal_basis", row.legal_basis)
    fact = index.rows["citizen_facts"].get(row.fact)
    if fact is None:
        yield _unknown(at / "fact", _CALLED["citizen_facts"], row.fact, index.rows["citizen_facts"])
    elif row.value is not None:
        for value in row.value if isinstance(row.value, list) else [row.value]:
            yield from _value_fits(at / "value", value, fact, index)


def _value_fits(at: _At, value: Any, fact: FactRow, index: _Index) -> Iterator[Problem]:
    if fact.type is FactType.CHOICE:
        choices = [choice.id for choice in fact.choices]
        if value not in choices:
            wrong = f"{value} không phải là lựa chọn của {fact.id}."
            yield at.problem(value, wrong, f"Chọn trong: {', '.join(choices)}.")
    elif fact.type is FactType.SEVERAL:
        wrong = f"{fact.id} là câu hỏi gộp, không có giá trị riêng."
        yield at.problem(value, wrong, "Dùng một trong các thông tin mà câu hỏi này hỏi gộp.")
    elif fact.type is FactType.COMMUNE:
        yield from index.unknown(at, "communes", str(value))
    elif fact.type is FactType.BOOLEAN:
        if not isinstance(value, bool):
            yield at.problem(value, f"{fact.id} là câu hỏi có hay không.", "Ghi true (có) hoặc false (không).")
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        mend = "Ghi một con số, không dấu chấm phân nghìn, không đơn vị, ví dụ 1500000."
        yield at.problem(value, f"{fact.id} cần được so với một con số.", mend)


def _parameter_covers(at: _At, name: str, provision: ProvisionRow, index: _Index) -> Iterator[Problem]:
    """An open provision can be read on each of its days, so its parameters need a value on each."""
    parameter = index.rows["parameters"].get(name)
    if parameter is None:
        yield _unknown(at, _CALLED["parameters"], name, index.rows["parameters"])
    elif provision.state is State.OPEN:
        missing = gaps(parameter.values, provision.applies_from, provision.applies_to or date.max)
        day = next((start for start, _ in missing), None)
        if day is not None:
            wrong = f"Tham số {name} không có giá trị vào ngày {day:%d/%m/%Y}, khi quy định này đang áp dụng."
            mend = "Thêm giá trị của tham số cho ngày đó, hoặc kết thúc quy định trước ngày đó."
            yield at.problem(name, wrong, mend)


def _in_time(at: _At, rows: Sequence[Dated]) -> Iterator[tuple[tuple[_At, Dated], tuple[_At, Dated]]]:
    return pairwise(sorted(_each(at, rows), key=lambda pair: pair[1].applies_from))


def _overlaps(at: _At, rows: Sequence[Dated]) -> Iterator[Problem]:
    for (_, before), (place, after) in _in_time(at, rows):
        if overlap(before, after):
            end = "không có ngày cuối" if before.applies_to is None else f"đến {before.applies_to:%d/%m/%Y}"
            wrong = f"Chồng lên dòng áp dụng từ {before.applies_from:%d/%m/%Y} ({end})."
            last = f"{after.applies_from - DAY:%d/%m/%Y}"
            mend = f"Đặt ngày cuối (applies_to) của dòng trước là {last}, hoặc sửa ngày của dòng này."
            yield (place / "applies_from").problem(after.applies_from, wrong, mend)


def _gaps(at: _At, rows: Sequence[Dated]) -> Iterator[Problem]:
    for (_, before), (place, after) in _in_time(at, rows):
        for start, end in gaps((before, after), before.applies_from, after.applies_from):
            wrong = f"Từ {start:%d/%m/%Y} đến {end:%d/%m/%Y} trống."
            mend = (
                "Nối hai quy định cho liền ngày, hoặc thêm một quy định state: closed (hay pending) cho khoảng trống."
            )
            yield (place / "applies_from").problem(after.applies_from, wrong, mend)


def _faq(at: _At, row: FaqRow, index: _Index) -> Iterator[Problem]:
    yield from index.unknown(at / "topic", "topics", row.topic)
    if row.program is not None:
        yield from index.unknown(at / "program", "programs", row.program)
    for place, citation in _each(at / "legal_basis", row.legal_basis):
        yield from index.citation(place, citation)
    if row.applies_from and row.applies_to and row.applies_to < row.applies_from:
        mend = "Đổi lại cho ngày đầu đứng trước ngày cuối."
        yield (at / "applies_to").problem(row.applies_to, "applies_to đứng trước applies_from.", mend)
    parameters: Mapping[str, ParameterRow] = index.rows["parameters"]
    for name in _PARAMETER_IN_TEXT.findall(row.answer):
        if name not in parameters:
            yield _unknown(at / "answer", _CALLED["parameters"], name, parameters)
