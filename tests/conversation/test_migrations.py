"""The tables as Alembic makes them, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text

from bot.conversation.models import TABLE_NAMES
from bot.conversation.review.models import TABLE_NAMES as REVIEW
from bot.knowledge.db import make_engine
from tests.postgres import BOTH, address_of, server

CONFIG = Config("alembic.ini")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = address_of(request, tmp_path)
    monkeypatch.setenv("ANSINH_DATABASE_URL", url)
    engine = make_engine(url)
    yield engine
    engine.dispose()


def test_tables_come_and_go(engine: Engine) -> None:
    command.upgrade(CONFIG, "head")
    command.check(CONFIG)
    assert set(inspect(engine).get_table_names()) >= TABLE_NAMES | REVIEW
    assert {"ix_turn_log_asked_at", "ix_turn_log_status_asked_at"} <= {
        index["name"] for index in inspect(engine).get_indexes("turn_log")
    }
    command.downgrade(CONFIG, "0001")
    assert not set(inspect(engine).get_table_names()) & (TABLE_NAMES | REVIEW)


def test_wishes_from_before_there_were_receipts_are_kept(engine: Engine) -> None:
    command.upgrade(CONFIG, "0004")
    with engine.begin() as db:
        db.execute(
            text(
                "INSERT INTO session (id, channel, sender, created_at, expires_at)"
                " VALUES ('s', 'web', 'x', '2026-11-25', '2026-11-26')"
            )
        )
        for closed in ("NULL", "'2026-11-25 09:00:00'"):
            values = f"('s', '2026-11-25 08:00:00', {closed})"
            db.execute(text(f"INSERT INTO handover (session_id, requested_at, closed_at) VALUES {values}"))  # noqa: S608
    command.upgrade(CONFIG, "head")
    with engine.connect() as db:
        rows = db.execute(text("SELECT code, state, question, phone FROM handover ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("CU-1", "waiting", "", None), ("CU-2", "closed", "", None)]
    command.downgrade(CONFIG, "0004")
    with engine.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM handover")) == 2


def test_thumbs_given_before_the_review_are_in_the_log(engine: Engine) -> None:
    command.upgrade(CONFIG, "0006")
    day = "'2026-11-25 08:00:00'"
    with engine.begin() as db:
        for into, values in (
            ("session (id, channel, sender, created_at, expires_at)", f"('s', 'web', 'x', {day}, {day})"),
            ("turn_log (turn_id, asked_at, channel, masked_kinds)", f"('a', {day}, 'web', '[]')"),
            ("turn_log (turn_id, asked_at, channel, masked_kinds)", f"('b', {day}, 'web', '[]')"),
            ("feedback (session_id, message_id, turn_id, value, given_at)", f"('s', 'm', 'a', -1, {day})"),
        ):
            db.execute(text(f"INSERT INTO {into} VALUES {values}"))  # noqa: S608
    for _ in range(2):
        command.upgrade(CONFIG, "head")
        with engine.connect() as db:
            rows = db.execute(text("SELECT turn_id, rating FROM turn_log ORDER BY turn_id")).all()
        assert [tuple(row) for row in rows] == [("a", -1), ("b", None)]
        command.downgrade(CONFIG, "0006")


def test_judgements_from_before_know_when_their_turn_was_asked(engine: Engine) -> None:
    command.upgrade(CONFIG, "0012")
    day, later = "'2026-01-15 08:00:00'", "'2026-02-16 08:00:00'"
    with engine.begin() as db:
        for into, values in (
            ("turn_log (turn_id, asked_at, channel, masked_kinds)", f"('a', {day}, 'web', '[]')"),
            (
                "review_sample (id, since, until, answered, drawn_by, drawn_at)",
                f"(1, {day}, {later}, 1, 'lan', {later})",
            ),
            ('sampled_turn (sample_id, turn_id, "right", judged_by, judged_at)', f"(1, 'a', true, 'lan', {later})"),
        ):
            db.execute(text(f"INSERT INTO {into} VALUES {values}"))  # noqa: S608
    for _ in range(2):
        command.upgrade(CONFIG, "head")
        with engine.begin() as db:
            told = db.execute(text("SELECT asked_at = (SELECT asked_at FROM turn_log), judged_by FROM sampled_turn"))
            assert [tuple(row) for row in told] == [(True, "lan")]
        command.downgrade(CONFIG, "0012")
    command.upgrade(CONFIG, "head")
    with engine.begin() as db:
        db.execute(text("DELETE FROM turn_log"))
        assert db.scalar(text("SELECT count(*) FROM sampled_turn")) == 1
    command.downgrade(CONFIG, "0012")
    with engine.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM sampled_turn")) == 0, "of a turn that is gone, as it was then"


def test_requests_from_before_can_be_searched(engine: Engine) -> None:
    command.upgrade(CONFIG, "0007")
    with engine.begin() as db:
        db.execute(
            text(
                "INSERT INTO session (id, channel, sender, created_at, expires_at)"
                " VALUES ('s', 'web', 'x', '2026-11-25', '2026-11-26')"
            )
        )
        db.execute(
            text(
                "INSERT INTO handover (session_id, requested_at, code, state, question)"
                " VALUES ('s', '2026-11-25 08:00:00', 'AS-KT4M7X', 'waiting', 'Đơn vay tới đâu?')"
            )
        )
    command.upgrade(CONFIG, "head")
    with engine.connect() as db:
        assert db.scalar(text("SELECT folded FROM handover")) == "as-kt4m7x don vay toi dau?"
    command.downgrade(CONFIG, "0007")
    with engine.connect() as db:
        assert db.scalar(text("SELECT question FROM handover")) == "Đơn vay tới đâu?"
