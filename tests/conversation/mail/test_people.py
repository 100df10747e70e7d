"""Who is due, who is forgotten, and what a flood leaves: on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.conversation.mail import inbox, outbox, people
from bot.conversation.mail.models import Correspondent, InboxRow, OutboxRow
from bot.conversation.models import CaseRow, HandoverRow, MessageRow, SessionRow
from bot.knowledge.db import Base, make_engine
from tests.channels.conftest import TABLES
from tests.postgres import BOTH, address_of, server

NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with server() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    engine = make_engine(address_of(request, tmp_path))
    Base.metadata.create_all(engine, tables=TABLES)
    with Session(engine) as session:
        yield session
    engine.dispose()


def known(db: Session, sender: str = "anna", seen: dt.datetime = NOW, **values: Any) -> None:
    people.seen(db, "zalo", sender, "sealed", seen)
    if values:
        people.change(db, "zalo", sender, **values)


def conversation(db: Session, *, expires: dt.datetime, sender: str = "anna") -> None:
    db.add(SessionRow(id="s1", channel="zalo", sender=sender, created_at=NOW - 48 * HOUR, expires_at=expires))
    db.flush()
    db.add(CaseRow(session_id="s1", data={"facts": 1}, version=1))
    db.add(MessageRow(session_id="s1", id="m1", role="citizen", text="lời kể", sent_at=NOW, buttons=[]))
    db.flush()


def due(db: Session) -> list[str]:
    return people.due(db, "zalo", NOW, NOW, NOW + MINUTE, limit=8)


class TestDue:
    def test_a_message_behind_one_that_waits_is_not(self, db: Session) -> None:
        known(db)
        outbox.put(db, "zalo", "anna", "m", [{"text": "một"}, {"text": "hai"}], NOW)
        assert due(db) == ["anna"]
        head = outbox.head(db, "zalo", "anna")
        assert head is not None
        outbox.later(db, head.id, NOW + HOUR)
        assert due(db) == []
        outbox.sent(db, head.id, None)
        assert due(db) == ["anna"]

    def test_what_waits_for_one_person_holds_up_no_other(self, db: Session) -> None:
        known(db)
        known(db, "ba")
        outbox.put(db, "zalo", "anna", "m", [{"text": "một"}, {"text": "hai"}], NOW)
        head = outbox.head(db, "zalo", "anna")
        assert head is not None
        outbox.later(db, head.id, NOW + HOUR)
        outbox.put(db, "zalo", "ba", "n", [{"text": "ba"}], NOW)
        assert due(db) == ["ba"]


def test_a_lease_that_was_not_given_back_runs_out(db: Session) -> None:
    known(db)
    known(db, "ba")
    for sender in ("anna", "ba"):
        inbox.put(db, "zalo", inbox.Event(sender, sender, "text", "sealed", NOW), NOW)
        assert people.claim(db, "zalo", sender, "us", NOW - MINUTE, NOW + MINUTE)
    people.renew(db, "zalo", "us", {"ba"}, NOW, NOW + HOUR)
    later = NOW + 2 * MINUTE
    assert people.due(db, "zalo", later, later, later + HOUR, limit=8) == ["anna"]


class TestClockSetBack:
    """Rows are of an hour that is yet to come: nobody waits until then."""

    def test_an_event_is_due_and_taken(self, db: Session) -> None:
        known(db)
        inbox.put(db, "zalo", inbox.Event("k", "anna", "text", "sealed", NOW), NOW + HOUR)
        assert due(db) == ["anna"]
        assert inbox.take(db, "zalo", "anna", NOW) is not None

    def test_an_event_of_just_now_still_waits_for_one_before_it(self, db: Session) -> None:
        known(db)
        inbox.put(db, "zalo", inbox.Event("k", "anna", "text", "sealed", NOW), NOW + dt.timedelta(seconds=1))
        assert due(db) == []
        assert inbox.take(db, "zalo", "anna", NOW) is None

    def test_a_lease_of_a_process_that_died_is_free(self, db: Session) -> None:
        known(db)
        inbox.put(db, "zalo", inbox.Event("k", "anna", "text", "sealed", NOW), NOW)
        assert people.claim(db, "zalo", "anna", "dead", NOW + HOUR, NOW + HOUR + MINUTE)
        assert due(db) == ["anna"]
        assert people.claim(db, "zalo", "anna", "alive", NOW, NOW + MINUTE)
        assert due(db) == []
        assert not people.claim(db, "zalo", "anna", "other", NOW, NOW + MINUTE)

    def test_a_message_to_be_sent_later_is_due_and_holds_up_none(self, db: Session) -> None:
        known(db)
        outbox.put(db, "zalo", "anna", "m", [{"text": "một"}, {"text": "hai"}], NOW + HOUR)
        head = outbox.head(db, "zalo", "anna")
        assert head is not None
        outbox.later(db, head.id, NOW + 2 * HOUR)
        assert due(db) == ["anna"]
        outbox.keep_to_clock(db, head, NOW, MINUTE)
        assert head.due_at == NOW

    def test_a_message_in_doubt_waits_for_its_echo_anew(self, db: Session) -> None:
        known(db)
        outbox.put(db, "zalo", "anna", "m", [{"text": "một"}], NOW + HOUR)
        head = outbox.head(db, "zalo", "anna")
        assert head is not None
        outbox.later(db, head.id, NOW + HOUR + MINUTE, state="unclear")
        head = outbox.head(db, "zalo", "anna")
        assert head is not None
        outbox.keep_to_clock(db, head, NOW, MINUTE)
        assert head.due_at == NOW + MINUTE
        assert due(db) == []


class TestForgetting:
    def test_a_conversation_that_ended_by_itself_is_forgotten_too(self, db: Session) -> None:
        known(db, seen=NOW - 30 * HOUR, consent="asked")
        conversation(db, expires=NOW - HOUR)
        assert people.forget_quiet(db, "zalo", NOW - HOUR, NOW) == 1
        assert db.query(MessageRow).all() == []
        assert db.query(CaseRow).one().data == {}
        assert people.forget_quiet(db, "zalo", NOW - HOUR, NOW + HOUR) == 0  # Once.

    def test_who_waits_for_an_officer_is_known_until_they_are_answered(self, db: Session) -> None:
        known(db, seen=NOW - 24 * 8 * HOUR, consent="asked")
        conversation(db, expires=NOW - HOUR)
        request = HandoverRow(session_id="s1", code="C1", state="waiting", question="?", requested_at=NOW)
        db.add(request)
        db.flush()
        assert people.forget_quiet(db, "zalo", NOW - HOUR, NOW) == 0
        people.sweep(db, "zalo", NOW)
        assert people.find(db, "zalo", "anna") is not None
        request.closed_at = NOW
        db.flush()
        assert people.forget_quiet(db, "zalo", NOW - HOUR, NOW) == 1
        people.sweep(db, "zalo", NOW)
        assert people.find(db, "zalo", "anna") is None

    def test_who_agreed_is_not_forgotten(self, db: Session) -> None:
        known(db, seen=NOW - 24 * 8 * HOUR, consent="given")
        conversation(db, expires=NOW - HOUR)
        assert people.forget_quiet(db, "zalo", NOW - HOUR, NOW) == 0
        people.sweep(db, "zalo", NOW)
        assert db.query(Correspondent).one().consent == "given"


@pytest.mark.parametrize("kind", ["withdraw", "leave"])
def test_who_goes_is_heeded_in_a_flood(db: Session, kind: str) -> None:
    for number in range(inbox.MOST_WAITING + 2):
        inbox.put(db, "zalo", inbox.Event(f"k{number}", "anna", "text", "sealed", NOW), NOW)
    inbox.put(db, "zalo", inbox.Event("last", "anna", kind, "sealed", NOW), NOW)
    row = db.query(InboxRow).filter(InboxRow.key == "last").one()
    assert (row.kind, row.state) == (kind, "waiting")


def test_a_parting_opens_no_window(db: Session) -> None:
    known(db, seen=NOW - 60 * HOUR)
    outbox.put(db, "zalo", "anna", "m", [{"text": "một"}], NOW)
    head = outbox.head(db, "zalo", "anna")
    assert head is not None
    outbox.later(db, head.id, NOW + HOUR)
    people.known(db, "zalo", "anna", "sealed", NOW)
    person = people.find(db, "zalo", "anna")
    assert person is not None
    assert person.last_seen_at == NOW - 60 * HOUR
    assert db.query(OutboxRow).one().due_at == NOW + HOUR
