"""The form of the YAML files under ``data/`` that a database starts with.

One class per kind of row; the top-level keys of a file are the fields of :class:`PolicyFile`. None of them may
be a key that Rasa reads.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator, model_validator

from bot.knowledge.domain import Aspect, Evidence, FactType, Operator, Scope, State

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
# fmt: off
TopicId = Literal[
    "poverty_status", "poverty_benefits", "health_insurance", "voluntary_social_insurance",
    "social_insurance_other", "housing_support", "social_housing", "clean_water", "credit", "education_support",
    "electricity", "social_protection", "social_pension", "disability", "merit", "disaster_relief", "employment",
    "legal_aid", "other",
]
CalculatorId = Literal[
    "household_premium", "supported_premium", "voluntary_contribution", "social_allowance", "social_allowance_alone",
    "social_allowance_added", "loan_instalment", "poverty_line",
]
# fmt: on


MOST_OF_SEVERAL = 7


class Row(BaseModel):
    """Unknown keys are errors: a misspelt one would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LegalDocumentRow(Row):
    """A legal document; dates the research does not give stay empty."""

    number: Text
    title: Text
    issuer: str | None = None
    issued: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    replaced_by: str | None = None
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None


class CitationRow(Row):
    """Where a figure or rule stands."""

    document: Text
    article: str | None = None


class Dated(Row):
    """A row with a first and a last day, both inclusive."""

    applies_from: date
    applies_to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.applies_to is not None and self.applies_to < self.applies_from:
            raise ValueError(f"applies_to {self.applies_to} lies before applies_from {self.applies_from}")
        return self


class ParameterValueRow(Dated):
    """A parameter's amount over a period."""

    amount: Decimal
    legal_basis: CitationRow
    evidence: Evidence


class ParameterHead(Row):
    """A dated figure without its values; ``unit`` such as "đồng/tháng" or "%/năm"."""

    id: Identifier
    name: Text
    unit: Text


class ParameterRow(ParameterHead):
    """A dated figure with all its values."""

    values: Annotated[list[ParameterValueRow], Field(min_length=1)]


class ChoiceRow(Row):
    """An answer to a choice fact; see :class:`bot.knowledge.domain.Choice`."""

    id: Identifier
    label: Text
    phrases: list[Text] = []
    when: dict[Identifier, bool | int | str] = {}
    unless: dict[Identifier, bool | int | str] = {}


class FactRow(Row):
    """A citizen fact; see :class:`bot.knowledge.domain.FactDefinition`."""

    id: Identifier
    type: FactType
    scope: Scope
    label: Text
    question: Text
    help: str | None = None
    choices: list[ChoiceRow] = []
    phrases: list[Text] = []
    negative_phrases: list[Text] = []
    implies: dict[str, dict[Identifier, bool | str]] = {}
    askable: bool = True
    sensitive: bool = False
    min_age: Annotated[int, Field(ge=0, le=130)] | None = None
    max_age: Annotated[int, Field(ge=0, le=130)] | None = None
    otherwise: bool | int | str | None = None

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        bounded = self.min_age is not None or self.max_age is not None
        if bounded != (self.otherwise is not None):
            raise ValueError(f"fact {self.id}: min_age or max_age go with otherwise, what holds outside them")
        if bounded and self.scope is not Scope.PERSON:
            raise ValueError(f"fact {self.id}: only a person fact has min_age or max_age")
        return self

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.type in (FactType.CHOICE, FactType.SEVERAL)) != bool(self.choices):
            raise ValueError(f"fact {self.id}: a fact of type choice or several, and only such a fact, lists choices")
        if any(bool(c.when or c.unless) != (self.type is FactType.SEVERAL) for c in self.choices):
            raise ValueError(f"fact {self.id}: each choice of type several, and only such, has when or unless")
        if len(self.choices) > MOST_OF_SEVERAL and self.type is FactType.SEVERAL:
            raise ValueError(f"fact {self.id}: at most {MOST_OF_SEVERAL} choices can be read out in one question")
        return self


def encode(value: bool | int | Decimal | str | list[str] | None) -> Any:
    """A criterion's value as JSON, a decimal as ``{"decimal": "4.5"}``."""
    return {"decimal": format(value, "f")} if isinstance(value, Decimal) else value


class CriterionRow(Row):
    """A criterion; legal basis and evidence default to the provision's."""

    fact: Identifier
    op: Operator
    label: Text
    value: bool | int | Decimal | str | list[str] | None = None
    parameter: Identifier | None = None
    factor: Decimal = Decimal(1)
    legal_basis: CitationRow | None = None
    evidence: Evidence | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _decode(cls, value: Any) -> Any:
        return Decimal(value["decimal"]) if isinstance(value, dict) and "decimal" in value else value

    @field_serializer("value", when_used="json")
    def _encode(self, value: bool | int | Decimal | str | list[str] | None) -> Any:
        """JSON has no decimals: as plain text one would be read back as a word."""
        return encode(value)

    @model_validator(mode="after")
    def _one_operand(self) -> Self:
        wanted = 0 if self.op is Operator.UNSETTLED else 1
        if (self.value is not None) + (self.parameter is not None) != wanted:
            raise ValueError(
                f"criterion on {self.fact}: give value or parameter, one of them (none with op: unsettled)"
            )
        if isinstance(self.value, list) != (self.op in (Operator.IN, Operator.NOT_IN)):
            raise ValueError(f"criterion on {self.fact}: a list of values goes with op in and not_in only")
        return self


class GroupRow(Row):
    """An alternative way to qualify."""

    key: Identifier
    label: Text
    criteria: Annotated[list[CriterionRow], Field(min_length=1)]


class BenefitRow(Row):
    """What one gets: exactly one of amount, parameter, percent or text."""

    label: Text
    amount: Decimal | None = None
    parameter: Identifier | None = None
    factor: Decimal = Decimal(1)
    percent: Decimal | None = None
    of: str | None = None
    text: str | None = None
    unit: str | None = None
    period: Literal["month", "year", "once", "school_year", "quarter", "day"] | None = None
    at_least: bool = False
    at_most: bool = False
    groups: list[Identifier] = []
    legal_basis: CitationRow | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [k for k in ("amount", "parameter", "percent", "text") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError(f"benefit {self.label!r}: give one of amount, parameter, percent, text; got {given}")
        return self


class RequiredDocumentRow(Row):
    """A paper to bring."""

    name: Text
    note: str | None = None
    form: str | None = None
    evidence: Evidence | None = None


class StepRow(Row):
    """A step of the procedure."""

    text: Text
    where: str | None = None
    how: str | None = None
    time_limit: str | None = None
    fee: str | None = None
    url: Annotated[str, Field(pattern=r"^https?://")] | None = None
    evidence: Evidence | None = None


class ProvisionRow(Dated):
    """A program's rules over one period; ``common`` holds besides any one of ``groups``."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    state: State
    legal_basis: Annotated[list[CitationRow], Field(min_length=1)]
    evidence: Evidence
    note: str | None = None
    common: list[CriterionRow] = []
    groups: list[GroupRow] = []
    benefits: list[BenefitRow] = []
    documents: list[RequiredDocumentRow] = []
    steps: list[StepRow] = []

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.state is not State.OPEN and not self.note:
            raise ValueError(f"provision {self.key}: a closed or pending provision needs a note for the citizen")
        keys = [group.key for group in self.groups]
        for benefit in self.benefits:
            for key in benefit.groups:
                if key not in keys:
                    raise ValueError(f"benefit {benefit.label!r}: no group {key!r} in provision {self.key}")
        return self


class ProgramHead(Row):
    """A program without its provisions."""

    id: Identifier
    topic: TopicId
    name: Text
    short_name: Text
    summary: Text
    scope: Scope
    keywords: list[Text] = []
    office: Identifier | None = None
    screened: bool = True
    calculator: CalculatorId | None = None


class ProgramRow(ProgramHead):
    """A program with all its provisions."""

    provisions: Annotated[list[ProvisionRow], Field(min_length=1)]


class TopicRow(Row):
    """A topic and the office that answers what no row covers."""

    id: TopicId
    name: Text
    office: Identifier
    keywords: list[Text] = []
    phrasings: list[Text] = []


class FaqRow(Row):
    """An FAQ entry; figures in ``answer`` may be written as {parameter_id}."""

    id: Identifier
    topic: TopicId
    aspect: Aspect
    program: Identifier | None = None
    question: Text
    phrasings: Annotated[list[Text], Field(min_length=3)]
    answer: Text
    legal_basis: list[CitationRow] = []
    evidence: Evidence
    applies_from: date | None = None
    applies_to: date | None = None


class CommuneRow(Row):
    """A unit of today; unsure properties stay empty."""

    code: Annotated[str, Field(pattern=r"^\d{5}$")]
    name: Text
    kind: Literal["commune", "ward", "special_zone"]
    area: Literal["rural", "urban"] | None = None
    mountainous: bool | None = None
    island: bool | None = None
    region_class: Literal["I", "II", "III"] | None = None
    old_names: list[Text] = []
    old_district: str | None = None
    old_province: Literal["Quảng Ngãi", "Kon Tum"] | None = None


class OfficeRow(Row):
    """Whom to ask."""

    id: Identifier
    name: Text
    description: Text
    phone: str | None = None
    evidence: Evidence


class PolicyFile(Row):
    """One YAML file; any of these keys."""

    legal_documents: list[LegalDocumentRow] = []
    parameters: list[ParameterRow] = []
    citizen_facts: list[FactRow] = []
    topics: list[TopicRow] = []
    programs: list[ProgramRow] = []
    faq_entries: list[FaqRow] = []
    communes: list[CommuneRow] = []
    offices: list[OfficeRow] = []
