"""Units of the policy tables as rows of the schema, and back.

A unit is what one change replaces as a whole. Its content is the JSON of the very row that the data files hold; what a
file nests is cut apart: a value names its parameter, a provision its program. So files, console and workbooks share one
validation. A part's evidence is left out where it equals the provision's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from bot.knowledge import schema
from bot.knowledge.domain import Scope
from bot.knowledge.editing.faults import Fault, FaultyError
from bot.knowledge.loading.explain import explain
from bot.knowledge.loading.records import Records, make_records
from bot.knowledge.tables import (
    CitizenFactRecord,
    CommuneRecord,
    CriterionRecord,
    FaqEntryRecord,
    LegalDocumentRecord,
    OfficeRecord,
    ParameterRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionRecord,
    TopicRecord,
    Unit,
)

Content = dict[str, Any]


class Kind(StrEnum):
    """The kinds of units, in an order in which each refers only to those before it."""

    LEGAL_DOCUMENT = "legal_document"
    PARAMETER = "parameter"
    PARAMETER_VALUE = "parameter_value"
    OFFICE = "office"
    TOPIC = "topic"
    CITIZEN_FACT = "citizen_fact"
    PROGRAM = "program"
    PROVISION = "provision"
    FAQ = "faq"
    COMMUNE = "commune"


class ValueOfParameter(schema.ParameterValueRow):
    """One value, with the parameter it belongs to."""

    parameter: schema.Identifier


class ProvisionOfProgram(schema.ProvisionRow):
    """One provision, with the program it belongs to."""

    program: schema.Identifier


@dataclass(frozen=True, slots=True)
class UnitKind:
    """How units of a kind are stored and named.

    ``field`` is theirs in :class:`Records`; ``names`` are the columns that make up the key, and ``row_names`` the
    fields of the row with the same values.
    """

    record: type[Unit]
    row: type[schema.Row]
    field: str
    called: str
    names: tuple[str, ...] = ("id",)
    row_names: tuple[str, ...] = ("id",)


KINDS: Mapping[Kind, UnitKind] = {
    Kind.LEGAL_DOCUMENT: UnitKind(
        LegalDocumentRecord, schema.LegalDocumentRow, "documents", "văn bản", ("number",), ("number",)
    ),
    Kind.PARAMETER: UnitKind(ParameterRecord, schema.ParameterHead, "parameters", "tham số"),
    Kind.PARAMETER_VALUE: UnitKind(
        ParameterValueRecord,
        ValueOfParameter,
        "values",
        "giá trị tham số",
        ("parameter_id", "applies_from"),
        ("parameter", "applies_from"),
    ),
    Kind.OFFICE: UnitKind(OfficeRecord, schema.OfficeRow, "offices", "cơ quan"),
    Kind.TOPIC: UnitKind(TopicRecord, schema.TopicRow, "topics", "chủ đề"),
    Kind.CITIZEN_FACT: UnitKind(CitizenFactRecord, schema.FactRow, "facts", "thông tin người dân"),
    Kind.PROGRAM: UnitKind(ProgramRecord, schema.ProgramHead, "programs", "chương trình"),
    Kind.PROVISION: UnitKind(
        ProvisionRecord, ProvisionOfProgram, "provisions", "quy định", ("program_id", "key"), ("program", "key")
    ),
    Kind.FAQ: UnitKind(FaqEntryRecord, schema.FaqRow, "faqs", "câu hỏi thường gặp"),
    Kind.COMMUNE: UnitKind(CommuneRecord, schema.CommuneRow, "communes", "xã, phường", ("code",), ("code",)),
}


def parse(kind: Kind, content: Content, key: str = "") -> schema.Row:
    """The row that ``content`` says; raises :class:`FaultyError` with each field that is out of form."""
    try:
        return KINDS[kind].row.model_validate(content)
    except ValidationError as error:
        faults = []
        for detail in error.errors(include_url=False):
            value, wrong, mend = explain(detail)
            faults.append(Fault(kind, key, detail["loc"], value, wrong, mend))
        raise FaultyError(faults) from error


def content_of(row: schema.Row) -> Content:
    """The row as JSON, without what is as by default."""
    return row.model_dump(mode="json", exclude_defaults=True)


def key_of_row(kind: Kind, row: schema.Row) -> str:
    """The unit's key in one string, such as ``luong_co_so/2026-07-01``."""
    return "/".join(str(getattr(row, name)) for name in KINDS[kind].row_names)


def key_of(kind: Kind, record: Unit) -> str:
    """The key of a stored unit; the same as that of its row."""
    return "/".join(str(getattr(record, name)) for name in KINDS[kind].names)


def called(kind: Kind, key: str) -> str:
    """What an officer calls the unit: "tham số luong_co_so"."""
    return f"{KINDS[kind].called} {key}"


def record_of(kind: Kind, row: schema.Row) -> Unit:
    """A new record that says what the row says, in no session."""
    records = make_records([_file_of(kind, row)])
    made: Unit = getattr(records, KINDS[kind].field)[0]
    return made


def row_of(kind: Kind, record: Unit) -> schema.Row:
    """The row of a stored unit, in its normal form."""
    return KINDS[kind].row.model_validate(_fields(record))


def units_of(records: Records) -> dict[tuple[Kind, str], Unit]:
    """All units by kind and key."""
    return {(kind, key_of(kind, unit)): unit for kind, spec in KINDS.items() for unit in getattr(records, spec.field)}


def _file_of(kind: Kind, row: schema.Row) -> schema.PolicyFile:
    """A file with this row alone; what it hangs on stands in with what the records do not read."""
    match row:
        case ProvisionOfProgram():
            program = schema.ProgramRow.model_construct(
                id=row.program,
                topic="other",
                name="",
                short_name="",
                summary="",
                scope=Scope.HOUSEHOLD,
                provisions=[row],
            )
            return schema.PolicyFile.model_construct(programs=[program])
        case ValueOfParameter():
            parameter = schema.ParameterRow.model_construct(id=row.parameter, name="", unit="", values=[row])
            return schema.PolicyFile.model_construct(parameters=[parameter])
        case schema.ProgramHead():
            program = schema.ProgramRow.model_construct(**dict(row), provisions=[])
            return schema.PolicyFile.model_construct(programs=[program])
        case schema.ParameterHead():
            parameter = schema.ParameterRow.model_construct(**dict(row), values=[])
            return schema.PolicyFile.model_construct(parameters=[parameter])
    return schema.PolicyFile.model_construct(None, **{FILE_FIELDS[kind]: [row]})


FILE_FIELDS: Mapping[Kind, str] = {
    Kind.LEGAL_DOCUMENT: "legal_documents",
    Kind.PARAMETER: "parameters",
    Kind.OFFICE: "offices",
    Kind.TOPIC: "topics",
    Kind.CITIZEN_FACT: "citizen_facts",
    Kind.PROGRAM: "programs",
    Kind.FAQ: "faq_entries",
    Kind.COMMUNE: "communes",
}


def _fields(record: Unit) -> Content:
    match record:
        case ParameterValueRecord():
            return {
                **_columns(record, "applies_from", "applies_to", "amount", "evidence"),
                "parameter": record.parameter_id,
                "legal_basis": _columns(record, "document", "article"),
            }
        case TopicRecord():
            return {**_columns(record, "id", "name", "keywords", "phrasings"), "office": record.office_id}
        case ProgramRecord():
            same = ("id", "name", "short_name", "summary", "scope", "keywords", "screened", "calculator")
            return {**_columns(record, *same), "topic": record.topic_id, "office": record.office_id}
        case ProvisionRecord():
            return _provision(record)
        case FaqEntryRecord():
            same = ("id", "aspect", "question", "phrasings", "answer", "evidence", "applies_from", "applies_to")
            return {
                **_columns(record, *same),
                "topic": record.topic_id,
                "program": record.program_id,
                "legal_basis": [_columns(citation, "document", "article") for citation in record.legal_basis],
            }
        case CommuneRecord():
            names = [name for name in schema.CommuneRow.model_fields if name != "old_names"]
            return {**_columns(record, *names), "old_names": [name.name for name in record.old_names]}
    kind = next(spec for spec in KINDS.values() if spec.record is type(record))
    return _columns(record, *kind.row.model_fields)


def _columns(record: Any, *names: str) -> Content:
    return {name: getattr(record, name) for name in names}


def _provision(record: ProvisionRecord) -> Content:
    common: list[Content] = []
    groups: dict[int, Content] = {}
    for criterion in record.criteria:
        made = _criterion(criterion, record.evidence)
        if criterion.group_no == 0:
            common.append(made)
        else:
            new: Content = {"key": criterion.group_key, "label": criterion.group_label, "criteria": []}
            groups.setdefault(criterion.group_no, new)["criteria"].append(made)
    benefits = (
        "label", "amount", "factor", "percent", "of", "text", "unit", "period", "at_least", "at_most", "groups",
    )  # fmt: skip
    return {
        **_columns(record, "key", "state", "applies_from", "applies_to", "note", "evidence"),
        "program": record.program_id,
        "legal_basis": [_columns(citation, "document", "article") for citation in record.legal_basis],
        "common": common,
        "groups": list(groups.values()),
        "benefits": [
            {**_part(row, record.evidence, *benefits), "parameter": row.parameter_id, "legal_basis": _own_basis(row)}
            for row in record.benefits
        ],
        "documents": [_part(row, record.evidence, "name", "note", "form") for row in record.documents],
        "steps": [
            _part(row, record.evidence, "text", "where", "how", "time_limit", "fee", "url") for row in record.steps
        ],
    }


def _criterion(record: CriterionRecord, evidence: str) -> Content:
    return {
        **_part(record, evidence, "label", "value", "factor"),
        "fact": record.fact_id,
        "op": record.operator,
        "parameter": record.parameter_id,
        "legal_basis": _own_basis(record),
    }


def _part(record: Any, evidence: str, *names: str) -> Content:
    return {**_columns(record, *names), "evidence": None if record.evidence == evidence else record.evidence}


def _own_basis(record: Any) -> Content | None:
    return _columns(record, "document", "article") if record.document else None
