"""What is published with a draft laid over it: checked, and read by an assistant, with nothing written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from bot.knowledge import schema
from bot.knowledge.editing.faults import Fault
from bot.knowledge.editing.units import (
    FILE_FIELDS,
    KINDS,
    Content,
    Kind,
    ProvisionOfProgram,
    ValueOfParameter,
    key_of_row,
    parse,
    record_of,
    row_of,
    units_of,
)
from bot.knowledge.loading.checks import check
from bot.knowledge.loading.explain import explain
from bot.knowledge.loading.problems import DataError, Location, Problem
from bot.knowledge.loading.records import Records
from bot.knowledge.tables import Confirmable, Unit

Changes = Mapping[tuple[Kind, str], Content | None]
"""New content by unit; ``None`` takes the unit away."""
_DRAFT = Path("bản nháp")


def lay_over(records: Records, changes: Changes, confirmed_by: str) -> Records:
    """``records`` with the units of ``changes`` in their new form, confirmed as they will be once published.

    Raises :class:`bot.knowledge.editing.faults.FaultyError` for content that is out of form.
    """
    laid = Records()
    published = units_of(records)
    for kind, spec in KINDS.items():
        kept = {key: unit for (of, key), unit in published.items() if of is kind}
        for (of, key), content in changes.items():
            if of is not kind:
                continue
            kept.pop(key, None)
            if content is not None:
                kept[key] = record_of(kind, parse(kind, content, key))
                confirm(kept[key], confirmed_by)
        setattr(laid, spec.field, list(kept.values()))
    return laid


def confirm(unit: Unit, by: str, at: Any = None) -> None:
    """Mark a unit and its parts as confirmed by an officer."""
    mapper: Mapper[Any] = inspect(type(unit))
    rows = [unit, *(row for relation in mapper.relationships for row in getattr(unit, relation.key))]
    for row in rows:
        if isinstance(row, Confirmable):
            row.confirmed_by, row.confirmed_at = by, at


def faults_of(records: Records, changes: Changes, confirmed_by: str) -> list[Fault]:
    """The errors that ``changes`` would bring to the published ``records``."""
    return new_faults(records, lay_over(records, changes, confirmed_by))


def new_faults(records: Records, laid: Records) -> list[Fault]:
    """The errors of ``laid`` that are not in the published ``records`` already."""
    found = faults(laid)
    if found:
        before = {(fault.kind, fault.key, fault.wrong) for fault in faults(records)}
        found = [fault for fault in found if (fault.kind, fault.key, fault.wrong) not in before]
    return found


def faults(records: Records) -> list[Fault]:
    """Every error between the units, by the checks that data files pass before they are loaded."""
    draft = _Draft()
    draft.fill(records)
    try:
        check([draft])
    except DataError as error:
        return [*draft.faults, *(draft.fault(problem) for problem in error.problems)]
    return draft.faults


@dataclass(slots=True)
class _Draft:
    """The units as one file, with the way back from a place in it to a unit's field."""

    content: schema.PolicyFile = field(default_factory=schema.PolicyFile)
    faults: list[Fault] = field(default_factory=list)
    _units: dict[Location, tuple[Kind, str]] = field(default_factory=dict)

    def problem(self, where: Location, value: Any, wrong: str, mend: str) -> Problem:
        """The error with the place it is at; there are no lines."""
        return Problem(_DRAFT, 1, " › ".join(map(str, where)), value, wrong, mend, where)

    def fault(self, problem: Problem) -> Fault:
        """The same error by unit and field."""
        where = problem.where
        # A provision's place lies within its program's: the longer one is meant.
        for length in (4, 2):
            if where[:length] in self._units:
                kind, key = self._units[where[:length]]
                return Fault(kind, key, where[length:], problem.value, problem.wrong, problem.mend)
        return Fault("", "", where, problem.value, problem.wrong, problem.mend)

    def fill(self, records: Records) -> None:
        """Take the units over, each value under its parameter and each provision under its program."""
        rows = {(kind, key): row_of(kind, unit) for (kind, key), unit in units_of(records).items()}
        values: dict[str, list[ValueOfParameter]] = defaultdict(list)
        provisions: dict[str, list[ProvisionOfProgram]] = defaultdict(list)
        for row in rows.values():
            if isinstance(row, ValueOfParameter):
                values[row.parameter].append(row)
            elif isinstance(row, ProvisionOfProgram):
                provisions[row.program].append(row)
        self._orphans(rows, Kind.PARAMETER_VALUE, Kind.PARAMETER, "parameter", values)
        self._orphans(rows, Kind.PROVISION, Kind.PROGRAM, "program", provisions)
        found: dict[str, list[schema.Row]] = {name: [] for name in FILE_FIELDS.values()}
        for (kind, key), row in rows.items():
            if kind in FILE_FIELDS:
                made = self._whole(kind, key, row, values, provisions)
                if made is not None:
                    place: Location = (FILE_FIELDS[kind], len(found[FILE_FIELDS[kind]]))
                    found[FILE_FIELDS[kind]].append(made)
                    self._note(place, kind, key, values.get(key, ()), provisions.get(key, ()))
        self.content = schema.PolicyFile.model_construct(**found)  # type: ignore[arg-type]  # the lists of their kinds

    def _note(
        self,
        place: Location,
        kind: Kind,
        key: str,
        values: Iterable[ValueOfParameter],
        provisions: Iterable[ProvisionOfProgram],
    ) -> None:
        self._units[place] = (kind, key)
        if kind is Kind.PARAMETER:
            for number, value in enumerate(values):
                self._units[(*place, "values", number)] = (
                    Kind.PARAMETER_VALUE,
                    key_of_row(Kind.PARAMETER_VALUE, value),
                )
        if kind is Kind.PROGRAM:
            for number, provision in enumerate(provisions):
                self._units[(*place, "provisions", number)] = (Kind.PROVISION, key_of_row(Kind.PROVISION, provision))

    def _whole(
        self,
        kind: Kind,
        key: str,
        row: schema.Row,
        values: Mapping[str, list[ValueOfParameter]],
        provisions: Mapping[str, list[ProvisionOfProgram]],
    ) -> schema.Row | None:
        if kind not in (Kind.PARAMETER, Kind.PROGRAM):
            return row
        whole: type[schema.Row] = schema.ParameterRow if kind is Kind.PARAMETER else schema.ProgramRow
        parts = {"values": values.get(key, [])} if kind is Kind.PARAMETER else {"provisions": provisions.get(key, [])}
        try:
            # Rows that have passed stay as they are: only the number of parts is new.
            return whole.model_validate({**dict(row), **parts})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                value, wrong, mend = explain(detail)
                self.faults.append(Fault(kind, key, detail["loc"], value or None, wrong, mend))
        return None

    def _orphans(
        self,
        rows: Mapping[tuple[Kind, str], schema.Row],
        kind: Kind,
        of: Kind,
        name: str,
        parts: Mapping[str, list[Any]],
    ) -> None:
        for owner, orphans in parts.items():
            if (of, owner) not in rows:
                for row in orphans:
                    wrong = f"Không có {KINDS[of].called} nào là {owner}."
                    mend = f"Sửa lại tên, hoặc thêm {KINDS[of].called} này vào cùng lần thay đổi."
                    self.faults.append(Fault(kind, key_of_row(kind, row), (name,), owner, wrong, mend))
