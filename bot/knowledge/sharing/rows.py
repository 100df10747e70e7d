"""A snapshot in the form of the data files: what other offices take over, and what our own loader could read again.

A snapshot holds nothing but published rows, with no officer's name. A row that an officer has confirmed counts as read
in the text of the law. Criteria and benefits tell their legal basis and evidence also where the file left them out.
"""

from dataclasses import asdict
from typing import Any

from bot.knowledge.domain import (
    Benefit,
    Citation,
    Criterion,
    FactDefinition,
    FaqEntry,
    Parameter,
    Program,
    Provision,
)
from bot.knowledge.schema import PolicyFile
from bot.knowledge.snapshot import Snapshot

Content = dict[str, Any]


def shared(snapshot: Snapshot) -> PolicyFile:
    """Everything that is published, each kind in the order of its keys."""
    return PolicyFile.model_validate(
        {
            "legal_documents": [asdict(document) for document in snapshot.documents.values()],
            "parameters": [_parameter(parameter) for parameter in snapshot.parameters.values()],
            "citizen_facts": [_fact(fact) for fact in snapshot.facts.values()],
            "topics": [_lists(asdict(topic)) for topic in snapshot.topics.values()],
            "programs": [_program(program) for program in snapshot.programs.values()],
            "faq_entries": [_faq(faq) for faq in snapshot.faqs.values()],
            "communes": [_lists(asdict(commune)) for commune in snapshot.communes.values()],
            "offices": [asdict(office) for office in snapshot.offices.values()],
        }
    )


def _lists(content: Content) -> Content:
    """The schema's lists are lists, the domain's are tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in content.items()}


def _basis(citations: tuple[Citation, ...]) -> list[Content]:
    return [asdict(citation) for citation in citations]


def _parameter(parameter: Parameter) -> Content:
    return {**asdict(parameter), "values": [asdict(value) for value in parameter.values]}


def _fact(fact: FactDefinition) -> Content:
    content = _lists(asdict(fact))
    content["choices"] = [_lists(choice) for choice in content["choices"]]
    return content


def _program(program: Program) -> Content:
    return {**_lists(asdict(program)), "provisions": [_provision(provision) for provision in program.provisions]}


def _provision(provision: Provision) -> Content:
    return {
        **asdict(provision),
        "legal_basis": _basis(provision.legal_basis),
        "common": [_criterion(criterion) for criterion in provision.common],
        "groups": [
            {**asdict(group), "criteria": [_criterion(criterion) for criterion in group.criteria]}
            for group in provision.groups
        ],
        "benefits": [_benefit(benefit) for benefit in provision.benefits],
        "documents": [asdict(document) for document in provision.documents],
        "steps": [asdict(step) for step in provision.steps],
    }


def _criterion(criterion: Criterion) -> Content:
    content = _lists(asdict(criterion))
    content["op"] = content.pop("operator")
    return content


def _benefit(benefit: Benefit) -> Content:
    return _lists(asdict(benefit))


def _faq(faq: FaqEntry) -> Content:
    return {**_lists(asdict(faq)), "legal_basis": _basis(faq.legal_basis)}
