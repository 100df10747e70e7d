from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation.retraining import runs
from bot.conversation.retraining.runs import SILENT, State, Step, TrainingError
from bot.conversation.retraining.tables import TrainingRun
from tests.conversation.retraining.conftest import OLD, trained
from tests.conversation.review.conftest import NOW

LATER = NOW + SILENT + dt.timedelta(seconds=1)


def ask(db: Session, at: dt.datetime = NOW) -> int:
    return runs.ask(db, [], OLD, "lan", at)


def run_of(db: Session, number: int) -> TrainingRun:
    return db.get_one(TrainingRun, number, populate_existing=True)


def test_only_one_run_is_open_and_only_one_process_gets_it(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        number = ask(db)
    with Session(engine) as db, db.begin():
        with pytest.raises(TrainingError, match="chưa xong"):
            ask(db)
        assert runs.waiting(db) == number
    with Session(engine) as db, db.begin():
        assert runs.take(db, number, NOW) is not None
    with Session(engine) as db, db.begin():
        assert runs.take(db, number, NOW) is None
        assert runs.waiting(db) is None
        with pytest.raises(TrainingError):
            ask(db)


def test_a_run_without_a_sign_of_life_is_broken_off_and_makes_room(db: Session) -> None:
    number = ask(db)
    runs.take(db, number, NOW)
    assert runs.beat(db, number, NOW + SILENT, Step.OLD, 3, 10)
    runs.settle(db, LATER)
    assert run_of(db, number).state == State.RUNNING
    runs.settle(db, LATER + SILENT)
    run = run_of(db, number)
    assert (run.state, run.step, run.done, run.ended_at) == (State.BROKEN_OFF, Step.OLD, 3, LATER + SILENT)
    # A process that was only slow sees that it is no longer wanted, and can end nothing.
    assert not runs.beat(db, number, LATER + SILENT, Step.NEW, 4, 10)
    runs.finish(db, number, LATER, passed=True, result={})
    assert run_of(db, number).state == State.BROKEN_OFF
    assert ask(db, LATER + SILENT) > number


def test_a_waiting_run_is_never_broken_off(db: Session) -> None:
    number = ask(db)
    runs.settle(db, LATER + dt.timedelta(days=1))
    assert runs.waiting(db) == number


@pytest.mark.parametrize("taken", [False, True])
def test_a_stopped_run_ends_for_good(db: Session, taken: bool) -> None:
    number = ask(db)
    if taken:
        runs.take(db, number, NOW)
    assert runs.stop(db, number, NOW)
    assert not runs.stop(db, number, NOW)
    assert runs.take(db, number, NOW) is None
    assert not runs.beat(db, number, NOW, Step.TRAIN, 0, 0)
    runs.fail(db, number, NOW, "bị dừng")
    run = run_of(db, number)
    assert (run.state, run.problem, run.slot) == (State.STOPPED, None, None)


def test_the_newest_runs_come_first(db: Session) -> None:
    first, second = trained(db, "a"), trained(db, "b")
    assert [run.id for run in runs.newest(db, 5)] == [second, first]
    assert [run.id for run in runs.newest(db, 1)] == [second]
