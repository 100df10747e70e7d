"""What the nightly job leaves of turns of different age."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.conversation.figures.models import DailyCount
from bot.conversation.mail.models import InboxRow
from bot.conversation.models import (
    CaseRow,
    ConsentRow,
    FeedbackRow,
    HandoverRow,
    MessageRow,
    SessionRow,
    TurnLog,
)
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.steps import STEPS
from bot.knowledge.editing.tables import RunRecord
from bot.settings import Settings
from tests.conversation.conftest import NOW, add_turn

PERIODS = Periods.of(Settings())


def days_ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def prune(db: Session, limit: int = 2) -> None:
    for step in STEPS.values():
        while step(db, PERIODS, NOW, limit) == limit:
            pass
    db.expire_all()


def log(db: Session, number: int) -> TurnLog | None:
    return db.get(TurnLog, f"t{number}")


def message(db: Session, name: str) -> MessageRow | None:
    return db.scalar(select(MessageRow).where(MessageRow.id == name))


def test_words_go_in_three_stages(database: Engine) -> None:
    with Session(database) as db:
        for number, age in enumerate((1.0, 13, 15, 15, 89, 91, 119, 121, 121)):
            add_turn(db, number, days_ago(age))
        prune(db)
        kept = [log(db, number) for number in range(9)]
        assert [row is not None and row.answers is not None for row in kept] == [True] * 2 + [False] * 7
        assert [row is not None and row.question is not None for row in kept] == [True] * 5 + [False] * 4
        assert [row is not None for row in kept] == [True] * 7 + [False] * 2
        old = kept[5]
        assert old is not None
        assert (old.session_id, old.sender, old.message_id, old.normalised, old.durations) == (None,) * 5
        assert (old.status, old.program, old.took_ms) == ("answered", "bhyt_can_ngheo", 30)
        assert [message(db, f"a{number}") is not None for number in range(9)] == [True] * 5 + [False] * 4
        pruned = message(db, "a2")
        assert pruned is not None
        assert (pruned.text, pruned.answer, pruned.buttons) == ("đáp 2", None, [])
        assert db.scalars(select(DailyCount.turns)).all() == [2]


def test_what_was_said_of_a_household_goes_the_night_after(database: Engine) -> None:
    with Session(database) as db:
        add_turn(db, 1, days_ago(2))
        add_turn(db, 2, days_ago(0.1))
        prune(db)
        assert [bool(row.data) for row in db.scalars(select(CaseRow).order_by(CaseRow.session_id))] == [False, True]


def test_a_checklist_opens_as_long_as_was_promised(database: Engine) -> None:
    with Session(database) as db:
        for number, age in enumerate((20.0, 31)):
            add_turn(db, number, days_ago(age))
            row = message(db, f"a{number}")
            assert row is not None
            row.answer = {"checklist_url": "/checklist/x"}
        db.flush()
        prune(db)
        rows = [message(db, "a0"), message(db, "a1")]
        assert [row is not None and row.answer is not None for row in rows] == [True, False]


def handover(session: str, at: dt.datetime, closed: dt.datetime | None) -> HandoverRow:
    state = "closed" if closed else "waiting"
    return HandoverRow(session_id=session, code=session, state=state, question="?", requested_at=at, closed_at=closed)


def test_a_request_keeps_its_conversation(database: Engine) -> None:
    with Session(database) as db:
        for number, closed in enumerate((None, days_ago(80), days_ago(91))):
            add_turn(db, number, days_ago(200))
            db.add(handover(f"s{number}", days_ago(60 if closed is None else 200), closed))
        db.flush()
        prune(db)
        assert sorted(db.scalars(select(HandoverRow.code))) == ["s0", "s1"]
        assert sorted(db.scalars(select(SessionRow.id))) == ["s0", "s1"]
        assert message(db, "q1") is not None


def test_feedback_goes_with_its_conversation_and_its_thumb_stays(database: Engine) -> None:
    with Session(database) as db:
        for number, age in enumerate((10, 100)):
            add_turn(db, number, days_ago(age), rating=-1)
            given: dict[str, Any] = {"message_id": f"a{number}", "turn_id": f"t{number}", "given_at": days_ago(age)}
            db.add(FeedbackRow(session_id=f"s{number}", value=-1, reason="sai", **given))
        db.flush()
        prune(db)
        assert db.scalars(select(FeedbackRow.session_id)).all() == ["s0"]
        kept = log(db, 1)
        assert kept is not None
        assert kept.rating == -1


def test_mail_of_a_channel_that_is_gone_is_swept(database: Engine) -> None:
    with Session(database) as db:
        for number, (age, state) in enumerate(((15, "waiting"), (1, "waiting"), (8, "done"))):
            at = days_ago(age)
            given: dict[str, Any] = {"sent_at": at, "received_at": at, "state": state, "attempts": 0}
            db.add(InboxRow(channel="zalo_oa", key=str(number), sender="x", kind="text", body="sealed", **given))
        db.flush()
        prune(db)
        assert [(row.key, row.state, row.body) for row in db.scalars(select(InboxRow).order_by(InboxRow.key))] == [
            ("0", "done", None),
            ("1", "waiting", "sealed"),
        ]


def test_a_consent_is_proved_as_long_as_anything_is_kept(database: Engine) -> None:
    with Session(database) as db:
        add_turn(db, 1, days_ago(1))
        for sender in ("sender1", "gone"):
            db.add(ConsentRow(channel="web", sender=sender, version="1", decision="noticed", at=days_ago(121)))
        db.flush()
        prune(db)
        assert db.scalars(select(ConsentRow.sender)).all() == ["sender1"]


def test_a_dry_run_goes_when_it_can_no_longer_be_looked_at(database: Engine) -> None:
    said = {"kind": "excel", "officer": "lan", "name": "x", "doing": "x", "done": 0, "total": 1}
    with Session(database) as db:
        for name, left in (("old", 0.0), ("kept", 0.1)):
            times = {"began_at": NOW, "beat_at": NOW, "kept_until": NOW + dt.timedelta(days=left)}
            db.add(RunRecord(id=name, **said, **times))
        db.flush()
        prune(db)
        assert db.scalars(select(RunRecord.id)).all() == ["kept"]


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_step_done_changes_nothing_more(database: Engine, step: str) -> None:
    with Session(database) as db:
        for number, age in enumerate((1.0, 20, 100, 200)):
            add_turn(db, number, days_ago(age))
        prune(db)
        assert STEPS[step](db, PERIODS, NOW, 10) == 0
