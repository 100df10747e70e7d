"""Everything that is published, as of one knowledge version, held in memory and read by every turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge.domain import (
    Commune,
    FactDefinition,
    FaqEntry,
    LegalDocument,
    Office,
    Parameter,
    Program,
    Topic,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The published rows by id (legal documents by number, communes by code)."""

    version: int
    documents: Mapping[str, LegalDocument]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, FactDefinition]
    topics: Mapping[str, Topic]
    programs: Mapping[str, Program]
    faqs: Mapping[str, FaqEntry]
    communes: Mapping[str, Commune]
    offices: Mapping[str, Office]
