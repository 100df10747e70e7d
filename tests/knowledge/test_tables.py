from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.knowledge.db import Base, make_engine
from bot.knowledge.tables import (
    Confirmable,
    KnowledgeVersionRecord,
    LegalDocumentRecord,
    ParameterRecord,
    ParameterValueRecord,
)


@pytest.fixture
def session() -> Session:
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine)


def _value(amount: Decimal) -> ParameterValueRecord:
    return ParameterValueRecord(
        parameter_id="p", applies_from=date(2024, 7, 1), amount=amount, document="1", evidence="text"
    )


@pytest.mark.parametrize("amount", ["0.1", "2340000", "123456789012345678.123456789", "1E+6"])
def test_decimals_stay_exact(session: Session, amount: str) -> None:
    session.add_all([LegalDocumentRecord(number="1", title="x"), ParameterRecord(id="p", name="x", unit="đồng")])
    session.flush()
    session.add(_value(Decimal(amount)))
    session.flush()
    session.expire_all()
    assert session.query(ParameterValueRecord).one().amount == Decimal(amount)
    assert session.scalar(text("SELECT typeof(amount) FROM parameter_value")) == "text"


def test_times_come_back_aware_and_in_utc(session: Session) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    session.add(KnowledgeVersionRecord(id=1, number=1, changed_at=noon))
    session.flush()
    session.expire_all()
    stored = session.get_one(KnowledgeVersionRecord, 1).changed_at
    assert (stored, stored.tzinfo) == (noon, UTC)


def test_a_time_without_zone_is_refused(session: Session) -> None:
    session.add(KnowledgeVersionRecord(id=1, number=1, changed_at=datetime(2026, 11, 25)))  # noqa: DTZ001 - meant
    with pytest.raises(StatementError, match="needs a zone"):
        session.flush()


def test_there_is_one_version(session: Session) -> None:
    session.add(KnowledgeVersionRecord(id=2, number=1, changed_at=datetime.now(UTC)))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_figure_without_its_document_is_refused(session: Session) -> None:
    session.add(ParameterRecord(id="p", name="x", unit="đồng"))
    session.flush()
    session.add(_value(Decimal(1)))
    with pytest.raises(IntegrityError):
        session.flush()


def test_every_rule_and_figure_can_be_confirmed() -> None:
    confirmable = {mapper.class_.__name__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Confirmable)}
    assert confirmable == {
        "ParameterValueRecord", "OfficeRecord", "ProvisionRecord", "CriterionRecord", "BenefitRecord",
        "RequiredDocumentRecord", "StepRecord", "FaqEntryRecord",
    }  # fmt: skip
