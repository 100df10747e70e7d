from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, update
from sqlalchemy.orm import Session

from bot.knowledge.db import Base, make_engine
from bot.knowledge.domain import Citation, Evidence, Operator, State
from bot.knowledge.loader import load
from bot.knowledge.repository import current_version, load_snapshot, snapshot_from_files
from bot.knowledge.tables import (
    BenefitRecord,
    KnowledgeVersionRecord,
    ProgramRecord,
    ProvisionRecord,
    TopicRecord,
)
from tests.knowledge.seeds import seeds, write
from tests.postgres import BOTH, address_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "data", seeds())


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path, root: Path) -> Iterator[Engine]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine)
    load(engine, root)
    yield engine
    engine.dispose()


def test_the_database_gives_back_what_the_files_say(engine: Engine, root: Path) -> None:
    with engine.connect() as connection:
        assert load_snapshot(connection) == snapshot_from_files(root)
    with Session(engine) as session:
        assert load_snapshot(session) == snapshot_from_files(root)


def test_values_keep_their_types(engine: Engine) -> None:
    with engine.connect() as connection:
        snapshot = load_snapshot(connection)
    closed, opened = snapshot.programs["loan"].provisions
    assert (closed.state, closed.applies_to) == (State.CLOSED, date(2024, 6, 30))
    assert opened.common[0].value == ("20001",)
    poor, old = opened.groups
    assert (poor.key, poor.criteria[0].value, poor.criteria[1].factor) == ("poor", "poor", Decimal("0.5"))
    values = [criterion.value for criterion in old.criteria]
    assert values == [60, Decimal("80.5"), True, None]
    assert [type(value) for value in values] == [int, Decimal, bool, type(None)]
    assert old.criteria[3].operator is Operator.UNSETTLED
    assert snapshot.parameters["luong"].values[1].amount == Decimal("2340000.5")


def test_a_part_without_basis_or_evidence_has_those_of_its_provision(engine: Engine) -> None:
    with engine.connect() as connection:
        opened = load_snapshot(connection).programs["loan"].provisions[1]
    assert opened.groups[0].criteria[0].legal_basis == Citation("2/2024/NĐ-CP", "Điều 5")
    assert opened.groups[0].criteria[0].evidence is Evidence.PRESS
    assert opened.common[0].legal_basis == Citation("1/2020/NĐ-CP", "Điều 9")
    assert opened.common[0].evidence is Evidence.TEXT
    assert [b.legal_basis.article for b in opened.benefits] == ["Điều 5", "Điều 5", "Điều 7"]
    assert [b.evidence for b in opened.benefits] == [Evidence.PRESS, Evidence.PRESS, Evidence.TEXT]
    assert [d.evidence for d in opened.documents] == [Evidence.PRESS, Evidence.TEXT]
    assert [s.evidence for s in opened.steps] == [Evidence.PRESS, Evidence.MEMORY]


def test_confirming_a_part_confirms_just_that(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(
            update(BenefitRecord)
            .where(BenefitRecord.label == "Mức vay")
            .values(confirmed_by="an", confirmed_at=datetime(2026, 11, 25, tzinfo=UTC))
        )
    with engine.connect() as connection:
        opened = load_snapshot(connection).programs["loan"].provisions[1]
    assert [b.evidence for b in opened.benefits] == [Evidence.TEXT, Evidence.PRESS, Evidence.TEXT]
    assert opened.evidence is Evidence.PRESS


@pytest.mark.parametrize("kind", [ProgramRecord, ProvisionRecord, TopicRecord])
def test_unpublished_rows_are_not_read(kind: Any, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(kind).values(published=False))
        snapshot = load_snapshot(connection)
    left = {
        ProgramRecord: len(snapshot.programs),
        ProvisionRecord: sum(len(program.provisions) for program in snapshot.programs.values()),
        TopicRecord: len(snapshot.topics),
    }
    assert left[kind] == 0


def test_the_version_is_read_with_one_small_query(engine: Engine) -> None:
    with engine.connect() as connection:
        assert _count_queries(connection, lambda: current_version(connection)) == 1


def test_the_number_of_queries_does_not_depend_on_the_rows(engine: Engine) -> None:
    with engine.connect() as connection:
        assert _count_queries(connection, lambda: load_snapshot(connection)) <= 24


def test_a_change_while_reading_is_read_again(engine: Engine, root: Path) -> None:
    done: list[bool] = []

    def change(*_args: object) -> None:
        if not done:
            done.append(True)
            with engine.begin() as writer:
                writer.execute(update(TopicRecord).values(name="Tên mới"))
                writer.execute(update(KnowledgeVersionRecord).values(number=9))

    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", _after_topics(change))
        snapshot = load_snapshot(connection)
    assert (snapshot.version, snapshot.topics["credit"].name) == (9, "Tên mới")


def _after_topics(change: Any) -> Any:
    def listen(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM citizen_fact" in statement:
            change()

    return listen


def _count_queries(connection: Connection, run: Any) -> int:
    statements: list[str] = []

    def listen(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", listen)
    run()
    return len(statements)
