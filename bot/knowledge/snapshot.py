"""All published knowledge at one version, immutable; what the engine, retrieval and answers read."""

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
    """Published rows by id (documents by number, communes by code), each mapping sorted by its key.

    A row that an officer confirmed has evidence ``text``.
    """

    version: int
    documents: Mapping[str, LegalDocument]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, FactDefinition]
    topics: Mapping[str, Topic]
    programs: Mapping[str, Program]
    faqs: Mapping[str, FaqEntry]
    communes: Mapping[str, Commune]
    offices: Mapping[str, Office]
