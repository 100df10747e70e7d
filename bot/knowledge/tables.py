"""The policy tables.

A *unit* is what a reload of ``data/`` replaces as a whole: a provision with its criteria, an FAQ entry with
its phrasings, one value of a parameter … Units say where they come from, so that a reload leaves alone what
officers changed. A row with a figure or a rule has its evidence, and who confirmed it when.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.knowledge.db import Base

_ID = String(128)
_WORD = String(32)
_DOCUMENT_NUMBER = String(128)

SERIAL = BigInteger().with_variant(Integer, "sqlite")
"""The type of keys that count up: SQLite counts up only INTEGER keys."""


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal that stays exact: SQLite, which would make it a float, keeps it as text."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, NUMERIC elsewhere."""
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write plain digits, never an exponent."""
        return format(value, "f") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read a ``Decimal``."""
        return None if value is None else Decimal(value)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time, stored in UTC and aware again when read, also from SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """To UTC; ``ValueError`` for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time needs a zone, {value} has none")
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """From UTC."""
        return value if value is None or value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


class Confirmable:
    """How well a row is known (``text``, ``press``, ``memory``), and which officer confirmed it when."""

    evidence: Mapped[str] = mapped_column(_WORD)
    confirmed_by: Mapped[str | None] = mapped_column(String(128))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class Unit:
    """Where a row comes from: ``origin`` is ``seed`` or ``officer``.

    ``seed_hash`` is the hash of what the loader wrote: content that no longer matches it was changed since.
    Rows that are not ``published`` are not read by the assistant.
    """

    origin: Mapped[str] = mapped_column(_WORD, default="seed")
    seed_hash: Mapped[str | None] = mapped_column(String(64))
    published: Mapped[bool] = mapped_column(default=True)


class LegalDocumentRecord(Unit, Base):
    """A law, decree, decision …"""

    __tablename__ = "legal_document"

    number: Mapped[str] = mapped_column(_DOCUMENT_NUMBER, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    issued: Mapped[dt.date | None]
    effective_from: Mapped[dt.date | None]
    effective_to: Mapped[dt.date | None]
    replaced_by: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)


class ParameterRecord(Unit, Base):
    """A dated figure that several provisions share; its values are units of their own."""

    __tablename__ = "parameter"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)


class ParameterValueRecord(Unit, Confirmable, Base):
    """A parameter's amount from a day to a day, both inclusive."""

    __tablename__ = "parameter_value"
    __table_args__ = (UniqueConstraint("parameter_id", "applies_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parameter_id: Mapped[str] = mapped_column(ForeignKey("parameter.id"))
    applies_from: Mapped[dt.date]
    applies_to: Mapped[dt.date | None]
    amount: Mapped[Decimal] = mapped_column(ExactDecimal)
    document: Mapped[str] = mapped_column(ForeignKey("legal_document.number"))
    article: Mapped[str | None] = mapped_column(Text)


class OfficeRecord(Unit, Confirmable, Base):
    """Whom to ask."""

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)


class TopicRecord(Unit, Base):
    """One of the fixed topics, with the office that answers what no row covers."""

    __tablename__ = "topic"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id"))
    keywords: Mapped[list[str]] = mapped_column(JSON)
    phrasings: Mapped[list[str]] = mapped_column(JSON, server_default="[]")


class CitizenFactRecord(Unit, Base):
    """Something that a criterion reads, how to ask for it and how people say it.

    ``choices`` is a list of ``{"id", "label", "phrases", "when", "unless"}``.
    """

    __tablename__ = "citizen_fact"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    type: Mapped[str] = mapped_column(_WORD)
    scope: Mapped[str] = mapped_column(_WORD)
    label: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    help: Mapped[str | None] = mapped_column(Text)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    phrases: Mapped[list[str]] = mapped_column(JSON)
    negative_phrases: Mapped[list[str]] = mapped_column(JSON)
    implies: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    askable: Mapped[bool]
    sensitive: Mapped[bool]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    otherwise: Mapped[bool | int | str | None] = mapped_column(JSON)


class ProgramRecord(Unit, Base):
    """A policy that a citizen can be entitled to; its provisions are units of their own."""

    __tablename__ = "program"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(_WORD)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    office_id: Mapped[str | None] = mapped_column(ForeignKey("office.id"))
    screened: Mapped[bool]
    calculator: Mapped[str | None] = mapped_column(_ID)


class _Part(Confirmable):
    """A row of a provision, in its place."""

    id: Mapped[int] = mapped_column(primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]


class CriterionRecord(_Part, Base):
    """A fact compared with a value or a parameter.

    ``group_no`` 0 holds what is common; 1, 2 … are alternatives, each with key and label. ``value`` is JSON,
    a decimal written as ``{"decimal": "4.5"}``. Without ``document`` the provision's first citation holds.
    """

    __tablename__ = "criterion"

    group_no: Mapped[int]
    group_key: Mapped[str | None] = mapped_column(_ID)
    group_label: Mapped[str | None] = mapped_column(Text)
    fact_id: Mapped[str] = mapped_column(ForeignKey("citizen_fact.id"), index=True)
    operator: Mapped[str] = mapped_column(_WORD)
    label: Mapped[str] = mapped_column(Text)
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    parameter_id: Mapped[str | None] = mapped_column(ForeignKey("parameter.id"))
    factor: Mapped[Decimal] = mapped_column(ExactDecimal)
    document: Mapped[str | None] = mapped_column(ForeignKey("legal_document.number"))
    article: Mapped[str | None] = mapped_column(Text)


class BenefitRecord(_Part, Base):
    """What a provision brings; ``groups`` are the keys of the alternatives it goes with, none for all."""

    __tablename__ = "benefit"

    label: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    parameter_id: Mapped[str | None] = mapped_column(ForeignKey("parameter.id"))
    factor: Mapped[Decimal] = mapped_column(ExactDecimal)
    percent: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    of: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(_WORD)
    at_least: Mapped[bool]
    at_most: Mapped[bool]
    groups: Mapped[list[str]] = mapped_column(JSON)
    document: Mapped[str | None] = mapped_column(ForeignKey("legal_document.number"))
    article: Mapped[str | None] = mapped_column(Text)


class RequiredDocumentRecord(_Part, Base):
    """A paper to bring."""

    __tablename__ = "required_document"

    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    form: Mapped[str | None] = mapped_column(Text)


class StepRecord(_Part, Base):
    """A step of the procedure."""

    __tablename__ = "step"

    text: Mapped[str] = mapped_column(Text)
    where: Mapped[str | None] = mapped_column("place", Text)  # WHERE is a word of SQL.
    how: Mapped[str | None] = mapped_column(Text)
    time_limit: Mapped[str | None] = mapped_column(Text)
    fee: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)


class _CitationColumns:
    """A place in a legal document."""

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    document: Mapped[str] = mapped_column(ForeignKey("legal_document.number"), index=True)
    article: Mapped[str | None] = mapped_column(Text)


class ProvisionCitationRecord(_CitationColumns, Base):
    """Where a provision stands; its first citation also serves criteria and benefits without their own."""

    __tablename__ = "provision_citation"

    provision_id: Mapped[int] = mapped_column(ForeignKey("provision.id", ondelete="CASCADE"), index=True)


class ProvisionRecord(Unit, Confirmable, Base):
    """A program's rules over one period, both days inclusive."""

    __tablename__ = "provision"
    __table_args__ = (UniqueConstraint("program_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[str] = mapped_column(ForeignKey("program.id"))
    key: Mapped[str] = mapped_column(_ID)
    state: Mapped[str] = mapped_column(_WORD)
    applies_from: Mapped[dt.date]
    applies_to: Mapped[dt.date | None]
    note: Mapped[str | None] = mapped_column(Text)

    legal_basis: Mapped[list[ProvisionCitationRecord]] = relationship(
        order_by=ProvisionCitationRecord.position, cascade="all, delete-orphan"
    )
    criteria: Mapped[list[CriterionRecord]] = relationship(
        order_by=[CriterionRecord.group_no, CriterionRecord.position], cascade="all, delete-orphan"
    )
    benefits: Mapped[list[BenefitRecord]] = relationship(order_by=BenefitRecord.position, cascade="all, delete-orphan")
    documents: Mapped[list[RequiredDocumentRecord]] = relationship(
        order_by=RequiredDocumentRecord.position, cascade="all, delete-orphan"
    )
    steps: Mapped[list[StepRecord]] = relationship(order_by=StepRecord.position, cascade="all, delete-orphan")


class FaqCitationRecord(_CitationColumns, Base):
    """Where the answer of an FAQ entry stands."""

    __tablename__ = "faq_citation"

    faq_id: Mapped[str] = mapped_column(ForeignKey("faq_entry.id", ondelete="CASCADE"), index=True)


class FaqEntryRecord(Unit, Confirmable, Base):
    """A question people ask and its answer."""

    __tablename__ = "faq_entry"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), index=True)
    aspect: Mapped[str] = mapped_column(_WORD)
    program_id: Mapped[str | None] = mapped_column(ForeignKey("program.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    phrasings: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    answer: Mapped[str] = mapped_column(Text)
    applies_from: Mapped[dt.date | None]
    applies_to: Mapped[dt.date | None]

    legal_basis: Mapped[list[FaqCitationRecord]] = relationship(
        order_by=FaqCitationRecord.position, cascade="all, delete-orphan"
    )


class CommuneOldNameRecord(Base):
    """A name that a commune, or a part of it, had before July 2025."""

    __tablename__ = "commune_old_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_code: Mapped[str] = mapped_column(ForeignKey("commune.code", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)


class CommuneRecord(Unit, Base):
    """A commune, ward or special zone of today."""

    __tablename__ = "commune"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(_WORD)
    area: Mapped[str | None] = mapped_column(_WORD)
    mountainous: Mapped[bool | None]
    island: Mapped[bool | None]
    region_class: Mapped[str | None] = mapped_column(_WORD)
    old_district: Mapped[str | None] = mapped_column(Text)
    old_province: Mapped[str | None] = mapped_column(Text)

    old_names: Mapped[list[CommuneOldNameRecord]] = relationship(
        order_by=CommuneOldNameRecord.position, cascade="all, delete-orphan"
    )


class KnowledgeVersionRecord(Base):
    """The one row that goes up with every change to what is published; processes compare it each turn."""

    __tablename__ = "knowledge_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    changed_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class SwitchRecord(Base):
    """Something that officers have switched off: a program, a topic, or the whole assistant (``target`` empty)."""

    __tablename__ = "switch"

    kind: Mapped[str] = mapped_column(_WORD, primary_key=True)
    target: Mapped[str] = mapped_column(_ID, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    since: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(128))


class KnowledgeChangeRecord(Base):
    """One unit that a knowledge version ``added``, ``changed`` or ``removed``: see ``bot/knowledge/journal.py``."""

    __tablename__ = "knowledge_change"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    version: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(_WORD)
    key: Mapped[str] = mapped_column(String(256))
    action: Mapped[str] = mapped_column(String(8))
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
