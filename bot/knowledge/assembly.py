"""From records of the policy tables to the immutable values of the domain."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from bot.knowledge.domain import (
    Aspect,
    Benefit,
    Choice,
    Citation,
    Commune,
    Criterion,
    Evidence,
    FactDefinition,
    FactType,
    FaqEntry,
    Group,
    LegalDocument,
    Office,
    Operator,
    Parameter,
    ParameterValue,
    Program,
    Provision,
    RequiredDocument,
    Scope,
    State,
    Step,
    Topic,
)
from bot.knowledge.loading.records import Records
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import (
    BenefitRecord,
    CitizenFactRecord,
    CommuneRecord,
    Confirmable,
    CriterionRecord,
    FaqEntryRecord,
    OfficeRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionRecord,
    RequiredDocumentRecord,
    StepRecord,
)
from bot.knowledge.values import FactValue


def assemble(version: int, records: Records) -> Snapshot:
    """Build the snapshot of ``records``, all of which are taken as published."""
    values: dict[str, list[ParameterValueRecord]] = defaultdict(list)
    for value in sorted(records.values, key=lambda record: record.applies_from):
        values[value.parameter_id].append(value)
    provisions: dict[str, list[ProvisionRecord]] = defaultdict(list)
    for provision in sorted(records.provisions, key=lambda record: (record.applies_from, record.key)):
        provisions[provision.program_id].append(provision)
    criteria: dict[Criterion, Criterion] = {}
    return Snapshot(
        version=version,
        documents={
            r.number: LegalDocument(
                r.number, r.title, r.issuer, r.issued, r.effective_from, r.effective_to, r.replaced_by, r.url
            )
            for r in sorted(records.documents, key=lambda r: r.number)
        },
        parameters={
            r.id: Parameter(r.id, r.name, r.unit, tuple(map(_value, values[r.id])))
            for r in sorted(records.parameters, key=lambda r: r.id)
        },
        facts={r.id: _fact(r) for r in sorted(records.facts, key=lambda r: r.id)},
        topics={
            r.id: Topic(r.id, r.name, r.office_id, tuple(r.keywords), tuple(r.phrasings))
            for r in sorted(records.topics, key=lambda r: r.id)
        },
        programs={r.id: _program(r, provisions[r.id], criteria) for r in sorted(records.programs, key=lambda r: r.id)},
        faqs={r.id: _faq(r) for r in sorted(records.faqs, key=lambda r: r.id)},
        communes={r.code: _commune(r) for r in sorted(records.communes, key=lambda r: r.code)},
        offices={r.id: _office(r) for r in sorted(records.offices, key=lambda r: r.id)},
    )


class _Cited(Protocol):
    @property
    def document(self) -> Any: ...
    @property
    def article(self) -> Any: ...


def _evidence(record: Confirmable) -> Evidence:
    """A confirmed row counts as read in the text itself."""
    return Evidence.TEXT if record.confirmed_by else Evidence(record.evidence)


def _citations(records: Iterable[_Cited]) -> tuple[Citation, ...]:
    return tuple(Citation(record.document, record.article) for record in records)


def _own_or(record: _Cited, default: Citation) -> Citation:
    return Citation(record.document, record.article) if record.document else default


def _value(record: ParameterValueRecord) -> ParameterValue:
    return ParameterValue(
        record.applies_from,
        record.applies_to,
        record.amount,
        Citation(record.document, record.article),
        _evidence(record),
    )


def _fact(record: CitizenFactRecord) -> FactDefinition:
    return FactDefinition(
        id=record.id,
        type=FactType(record.type),
        scope=Scope(record.scope),
        label=record.label,
        question=record.question,
        help=record.help,
        choices=tuple(map(_choice, record.choices)),
        phrases=tuple(record.phrases),
        negative_phrases=tuple(record.negative_phrases),
        implies=record.implies,
        askable=record.askable,
        sensitive=record.sensitive,
        min_age=record.min_age,
        max_age=record.max_age,
        otherwise=None if record.otherwise is None else _settled(record.otherwise),
    )


def _settled(value: bool | int | str) -> FactValue:
    return value if isinstance(value, bool | str) else Decimal(value)


def _choice(stored: dict[str, Any]) -> Choice:
    when, unless = ({fact: _settled(value) for fact, value in stored[name].items()} for name in ("when", "unless"))
    return Choice(stored["id"], stored["label"], tuple(stored["phrases"]), when, unless)


def _program(
    record: ProgramRecord, provisions: Iterable[ProvisionRecord], known: dict[Criterion, Criterion]
) -> Program:
    return Program(
        id=record.id,
        topic=record.topic_id,
        name=record.name,
        short_name=record.short_name,
        summary=record.summary,
        scope=Scope(record.scope),
        provisions=tuple(_provision(provision, known) for provision in provisions),
        keywords=tuple(record.keywords),
        office=record.office_id,
        screened=record.screened,
        calculator=record.calculator,
    )


def _provision(record: ProvisionRecord, known: dict[Criterion, Criterion]) -> Provision:
    """``known`` holds the criteria so far: equal ones become one, which the engine reads once."""
    legal_basis = _citations(record.legal_basis)
    common: list[Criterion] = []
    groups: dict[int, Group] = {}
    for row in record.criteria:
        criterion = _criterion(row, legal_basis[0])
        criterion = known.setdefault(criterion, criterion)
        if row.group_no == 0:
            common.append(criterion)
        else:
            before = groups.get(row.group_no)
            key, label = row.group_key or "", row.group_label or ""
            groups[row.group_no] = Group(key, label, (*(before.criteria if before else ()), criterion))
    return Provision(
        key=record.key,
        state=State(record.state),
        applies_from=record.applies_from,
        applies_to=record.applies_to,
        legal_basis=legal_basis,
        evidence=_evidence(record),
        note=record.note,
        common=tuple(common),
        groups=tuple(groups.values()),
        benefits=tuple(_benefit(row, legal_basis[0]) for row in record.benefits),
        documents=tuple(map(_paper, record.documents)),
        steps=tuple(map(_step, record.steps)),
    )


def _criterion(record: CriterionRecord, default: Citation) -> Criterion:
    return Criterion(
        fact=record.fact_id,
        operator=Operator(record.operator),
        label=record.label,
        legal_basis=_own_or(record, default),
        evidence=_evidence(record),
        value=_decode(record.value),
        parameter=record.parameter_id,
        factor=record.factor,
    )


def _decode(value: Any) -> Any:
    if isinstance(value, dict):
        return Decimal(value["decimal"])
    return tuple(value) if isinstance(value, list) else value


def _benefit(record: BenefitRecord, default: Citation) -> Benefit:
    return Benefit(
        label=record.label,
        legal_basis=_own_or(record, default),
        evidence=_evidence(record),
        amount=record.amount,
        parameter=record.parameter_id,
        factor=record.factor,
        percent=record.percent,
        of=record.of,
        text=record.text,
        unit=record.unit,
        period=record.period,
        at_least=record.at_least,
        at_most=record.at_most,
        groups=tuple(record.groups),
    )


def _paper(record: RequiredDocumentRecord) -> RequiredDocument:
    return RequiredDocument(record.name, record.note, record.form, _evidence(record))


def _step(record: StepRecord) -> Step:
    return Step(
        text=record.text,
        where=record.where,
        how=record.how,
        time_limit=record.time_limit,
        fee=record.fee,
        url=record.url,
        evidence=_evidence(record),
    )


def _faq(record: FaqEntryRecord) -> FaqEntry:
    return FaqEntry(
        id=record.id,
        topic=record.topic_id,
        aspect=Aspect(record.aspect),
        question=record.question,
        phrasings=tuple(record.phrasings),
        answer=record.answer,
        legal_basis=_citations(record.legal_basis),
        evidence=_evidence(record),
        program=record.program_id,
        applies_from=record.applies_from,
        applies_to=record.applies_to,
    )


def _commune(record: CommuneRecord) -> Commune:
    return Commune(
        code=record.code,
        name=record.name,
        kind=record.kind,
        area=record.area,
        mountainous=record.mountainous,
        island=record.island,
        region_class=record.region_class,
        old_names=tuple(name.name for name in record.old_names),
        old_district=record.old_district,
        old_province=record.old_province,
    )


def _office(record: OfficeRecord) -> Office:
    return Office(record.id, record.name, record.description, record.phone, _evidence(record))
