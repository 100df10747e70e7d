"""The policy domain: plain immutable values, no I/O.

Every figure belongs to a row with a legal basis and dates. Money is ``int`` đồng or ``Decimal``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.knowledge.values import FactValue


class Evidence(StrEnum):
    """How well a row is known; what rests on memory decides no verdict until an officer confirms it."""

    TEXT = "text"
    PRESS = "press"
    MEMORY = "memory"


class Verdict(StrEnum):
    """The three values of a judgement."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


_Judged = TypeVar("_Judged")


def by_verdict(
    judged: Iterable[_Judged], verdict_of: Callable[[_Judged], str | None]
) -> Mapping[Verdict, tuple[_Judged, ...]]:
    """Return what was judged by its verdict, each in its order; what has none is left out."""
    everything = tuple(judged)
    return {verdict: tuple(one for one in everything if verdict_of(one) == verdict) for verdict in Verdict}


class Scope(StrEnum):
    """Whom a fact or a program is about: the household as a whole or one member of it."""

    HOUSEHOLD = "household"
    PERSON = "person"


class FactType(StrEnum):
    """What kind of value a fact takes; ``several`` has none of its own, it asks for other facts together."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    AGE = "age"
    DURATION = "duration"
    COMMUNE = "commune"
    SEVERAL = "several"


class State(StrEnum):
    """Whether a provision can be used: open, ended, or announced with amounts still unpublished."""

    OPEN = "open"
    CLOSED = "closed"
    PENDING = "pending"


class Operator(StrEnum):
    """How a criterion compares; ``unsettled`` marks what the sources leave open, so nothing settles it."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LESS = "lt"
    AT_MOST = "le"
    MORE = "gt"
    AT_LEAST = "ge"
    UNSETTLED = "unsettled"


class Aspect(StrEnum):
    """What is asked about a program (design §3)."""

    ELIGIBILITY = "eligibility"
    BENEFIT = "benefit"
    DOCUMENTS = "documents"
    PROCEDURE = "procedure"
    TIME_LIMIT = "time_limit"
    DEFINITION = "definition"
    LEGAL_BASIS = "legal_basis"
    COMPLAINT = "complaint"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """A law, decree, decision …; ``number`` as officially written ("188/2025/NĐ-CP")."""

    number: str
    title: str
    issuer: str | None = None
    issued: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    replaced_by: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a legal document."""

    document: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A parameter's amount from a day to a day, both inclusive; an open end is ``None``."""

    applies_from: date
    applies_to: date | None
    amount: Decimal
    legal_basis: Citation
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated figure that several provisions share."""

    id: str
    name: str
    unit: str
    values: tuple[ParameterValue, ...]

    def on(self, day: date) -> ParameterValue | None:
        """Return the value in force on ``day``, or ``None`` where the research gives none."""
        for value in self.values:
            if value.applies_from <= day and (value.applies_to is None or day <= value.applies_to):
                return value
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a choice fact, with the words by which people say it.

    In a question of type ``several``, ``when`` holds the facts that follow from choosing it, ``unless`` those that
    follow from not choosing it.
    """

    id: str
    label: str
    phrases: tuple[str, ...] = ()
    when: Mapping[str, FactValue] = field(default_factory=dict)
    unless: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """Something that a criterion reads and how the citizen is asked for it.

    ``phrases`` (boolean facts) state the fact as true, ``negative_phrases`` as false. ``implies`` maps a value
    (as text) to other facts it settles. Somebody younger than ``min_age`` or older than ``max_age`` is not asked:
    the fact is ``otherwise`` for them.
    """

    id: str
    type: FactType
    scope: Scope
    label: str
    question: str
    help: str | None = None
    choices: tuple[Choice, ...] = ()
    phrases: tuple[str, ...] = ()
    negative_phrases: tuple[str, ...] = ()
    implies: Mapping[str, Mapping[str, bool | str]] = field(default_factory=dict)
    askable: bool = True
    sensitive: bool = False
    min_age: int | None = None
    max_age: int | None = None
    otherwise: FactValue | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A fact compared with a value or with ``factor`` times a parameter on the day."""

    fact: str
    operator: Operator
    label: str
    legal_basis: Citation
    evidence: Evidence
    value: bool | int | Decimal | str | tuple[str, ...] | None = None
    parameter: str | None = None
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that must all hold; the groups of a provision are alternatives."""

    key: str
    label: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a provision brings: an amount in đồng, ``factor`` × parameter, a percentage, or words.

    ``groups`` names the alternatives it goes with; empty means all of them.
    """

    label: str
    legal_basis: Citation
    evidence: Evidence
    amount: Decimal | None = None
    parameter: str | None = None
    factor: Decimal = Decimal(1)
    percent: Decimal | None = None
    of: str | None = None
    text: str | None = None
    unit: str | None = None
    period: str | None = None
    at_least: bool = False
    at_most: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A paper to bring."""

    name: str
    note: str | None = None
    form: str | None = None
    evidence: Evidence = Evidence.TEXT


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure: what to do, where, how, how long it takes, where online."""

    text: str
    where: str | None = None
    how: str | None = None
    time_limit: str | None = None
    fee: str | None = None
    url: str | None = None
    evidence: Evidence = Evidence.TEXT


@dataclass(frozen=True, slots=True)
class Provision:
    """A program's rules over one period, both days inclusive."""

    key: str
    state: State
    applies_from: date
    applies_to: date | None
    legal_basis: tuple[Citation, ...]
    evidence: Evidence
    note: str | None = None
    common: tuple[Criterion, ...] = ()
    groups: tuple[Group, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    documents: tuple[RequiredDocument, ...] = ()
    steps: tuple[Step, ...] = ()

    def applies_on(self, day: date) -> bool:
        """Say whether the provision is the one to read for ``day``."""
        return self.applies_from <= day and (self.applies_to is None or day <= self.applies_to)


@dataclass(frozen=True, slots=True)
class Program:
    """One policy that a citizen can be entitled to; ``calculator`` names how its amount is worked out for a case."""

    id: str
    topic: str
    name: str
    short_name: str
    summary: str
    scope: Scope
    provisions: tuple[Provision, ...]
    keywords: tuple[str, ...] = ()
    office: str | None = None
    screened: bool = True
    calculator: str | None = None

    def on(self, day: date) -> Provision | None:
        """Return the provision that applies on ``day``."""
        return next((p for p in self.provisions if p.applies_on(day)), None)


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the fixed topics; ``office`` answers what no row covers, ``phrasings`` are how people ask about it."""

    id: str
    name: str
    office: str
    keywords: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question people ask, its phrasings and its answer."""

    id: str
    topic: str
    aspect: Aspect
    question: str
    phrasings: tuple[str, ...]
    answer: str
    legal_basis: tuple[Citation, ...]
    evidence: Evidence
    program: str | None = None
    applies_from: date | None = None
    applies_to: date | None = None

    @property
    def answers(self) -> bool:
        """Whether it rests on a document; one that does not only says whom to ask."""
        return bool(self.legal_basis)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone of today, with the names it had before July 2025.

    ``area`` and the flags are ``None`` where the research is not sure.
    """

    code: str
    name: str
    kind: str
    area: str | None = None
    mountainous: bool | None = None
    island: bool | None = None
    region_class: str | None = None
    old_names: tuple[str, ...] = ()
    old_district: str | None = None
    old_province: str | None = None


class SwitchKind(StrEnum):
    """What can be switched off."""

    ASSISTANT = "assistant"
    TOPIC = "topic"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that officers have switched off, with what citizens are told; ``target`` is empty for all."""

    kind: SwitchKind
    target: str
    message: str


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to ask."""

    id: str
    name: str
    description: str
    phone: str | None = None
    evidence: Evidence = Evidence.TEXT


class Learned(StrEnum):
    """What a learnt phrasing leads to."""

    FAQ = "faq"
    PROGRAM = "program"
    TOPIC = "topic"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class LearnedPhrase:
    """A phrasing that a reviewer taught; ``target`` is the id of an entry, program or topic, empty for out of scope.

    ``aspect`` is what is asked about a program.
    """

    text: str
    kind: Learned
    target: str = ""
    aspect: Aspect | None = None
