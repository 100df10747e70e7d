"""From the rows of the data files to records of the tables, not yet in any session."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.knowledge import schema
from bot.knowledge.domain import Evidence
from bot.knowledge.tables import (
    BenefitRecord,
    CitizenFactRecord,
    CommuneOldNameRecord,
    CommuneRecord,
    CriterionRecord,
    FaqCitationRecord,
    FaqEntryRecord,
    LegalDocumentRecord,
    OfficeRecord,
    ParameterRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionCitationRecord,
    ProvisionRecord,
    RequiredDocumentRecord,
    StepRecord,
    TopicRecord,
)


@dataclass(slots=True)
class Records:
    """The units of all tables, in an order in which each refers only to those before it."""

    documents: list[LegalDocumentRecord] = field(default_factory=list)
    parameters: list[ParameterRecord] = field(default_factory=list)
    values: list[ParameterValueRecord] = field(default_factory=list)
    offices: list[OfficeRecord] = field(default_factory=list)
    topics: list[TopicRecord] = field(default_factory=list)
    facts: list[CitizenFactRecord] = field(default_factory=list)
    programs: list[ProgramRecord] = field(default_factory=list)
    provisions: list[ProvisionRecord] = field(default_factory=list)
    faqs: list[FaqEntryRecord] = field(default_factory=list)
    communes: list[CommuneRecord] = field(default_factory=list)


def make_records(contents: Sequence[schema.PolicyFile]) -> Records:
    """Turn files that passed the checks into records."""
    records = Records()
    for content in contents:
        records.documents += [LegalDocumentRecord(**row.model_dump()) for row in content.legal_documents]
        for parameter in content.parameters:
            records.parameters.append(ParameterRecord(id=parameter.id, name=parameter.name, unit=parameter.unit))
            records.values += [_value(parameter.id, row) for row in parameter.values]
        records.offices += [OfficeRecord(**_plain(row)) for row in content.offices]
        records.topics += [
            TopicRecord(
                id=row.id,
                name=row.name,
                office_id=row.office,
                keywords=list(row.keywords),
                phrasings=list(row.phrasings),
            )
            for row in content.topics
        ]
        records.facts += [CitizenFactRecord(**_plain(row)) for row in content.citizen_facts]
        for program in content.programs:
            records.programs.append(_program(program))
            records.provisions += [_provision(program.id, row) for row in program.provisions]
        records.faqs += [_faq(row) for row in content.faq_entries]
        records.communes += [_commune(row) for row in content.communes]
    return records


def _plain(row: schema.Row) -> dict[str, Any]:
    """The row's fields; enumerations as their words, since that is what the tables hold."""
    return row.model_dump(mode="json")


def _value(parameter: str, row: schema.ParameterValueRow) -> ParameterValueRecord:
    return ParameterValueRecord(
        parameter_id=parameter,
        applies_from=row.applies_from,
        applies_to=row.applies_to,
        amount=row.amount,
        evidence=row.evidence.value,
        **_citation(row.legal_basis),
    )


def _citation(row: schema.CitationRow | None) -> dict[str, str | None]:
    if row is None:
        return {"document": None, "article": None}
    return {"document": row.document, "article": row.article}


def _program(row: schema.ProgramRow) -> ProgramRecord:
    return ProgramRecord(
        id=row.id,
        topic_id=row.topic,
        name=row.name,
        short_name=row.short_name,
        summary=row.summary,
        scope=row.scope.value,
        keywords=list(row.keywords),
        office_id=row.office,
        screened=row.screened,
        calculator=row.calculator,
    )


def _provision(program: str, row: schema.ProvisionRow) -> ProvisionRecord:
    evidence = row.evidence.value
    criteria = [_criterion(0, None, at, criterion, evidence) for at, criterion in enumerate(row.common)]
    for number, group in enumerate(row.groups, start=1):
        criteria += [_criterion(number, group, at, criterion, evidence) for at, criterion in enumerate(group.criteria)]
    return ProvisionRecord(
        program_id=program,
        key=row.key,
        state=row.state.value,
        applies_from=row.applies_from,
        applies_to=row.applies_to,
        note=row.note,
        evidence=evidence,
        legal_basis=[
            ProvisionCitationRecord(position=at, **_citation(citation)) for at, citation in enumerate(row.legal_basis)
        ],
        criteria=criteria,
        benefits=[_benefit(at, benefit, evidence) for at, benefit in enumerate(row.benefits)],
        documents=[
            RequiredDocumentRecord(position=at, **(_plain(paper) | _evidence(paper.evidence, evidence)))
            for at, paper in enumerate(row.documents)
        ],
        steps=[
            StepRecord(position=at, **(_plain(step) | _evidence(step.evidence, evidence)))
            for at, step in enumerate(row.steps)
        ],
    )


def _evidence(own: Evidence | None, provision: str) -> dict[str, str]:
    return {"evidence": provision if own is None else own.value}


def _criterion(
    number: int, group: schema.GroupRow | None, position: int, row: schema.CriterionRow, evidence: str
) -> CriterionRecord:
    return CriterionRecord(
        group_no=number,
        group_key=None if group is None else group.key,
        group_label=None if group is None else group.label,
        position=position,
        fact_id=row.fact,
        operator=row.op.value,
        label=row.label,
        value=schema.encode(row.value),
        parameter_id=row.parameter,
        factor=row.factor,
        **_evidence(row.evidence, evidence),
        **_citation(row.legal_basis),
    )


def _benefit(position: int, row: schema.BenefitRow, evidence: str) -> BenefitRecord:
    return BenefitRecord(
        position=position,
        label=row.label,
        amount=row.amount,
        parameter_id=row.parameter,
        factor=row.factor,
        percent=row.percent,
        of=row.of,
        text=row.text,
        unit=row.unit,
        period=row.period,
        at_least=row.at_least,
        at_most=row.at_most,
        groups=list(row.groups),
        **_evidence(row.evidence, evidence),
        **_citation(row.legal_basis),
    )


def _faq(row: schema.FaqRow) -> FaqEntryRecord:
    return FaqEntryRecord(
        id=row.id,
        topic_id=row.topic,
        aspect=row.aspect.value,
        program_id=row.program,
        question=row.question,
        phrasings=list(row.phrasings),
        answer=row.answer,
        evidence=row.evidence.value,
        applies_from=row.applies_from,
        applies_to=row.applies_to,
        legal_basis=[
            FaqCitationRecord(position=at, **_citation(citation)) for at, citation in enumerate(row.legal_basis)
        ],
    )


def _commune(row: schema.CommuneRow) -> CommuneRecord:
    names = [CommuneOldNameRecord(position=at, name=name) for at, name in enumerate(row.old_names)]
    return CommuneRecord(**(_plain(row) | {"old_names": names}))
