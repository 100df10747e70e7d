from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.conversation.figures.counts import roll
from bot.conversation.models import TurnLog
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.steps import prune_log
from bot.conversation.review import sample
from bot.conversation.review.models import ReviewSample
from bot.settings import Settings
from tests.conversation.review.conftest import LONG_AGO, NOW, logged


def fill(db: Session) -> None:
    db.add_all(logged(n, f"câu {n}") for n in range(1, 101))
    db.add(logged(200, "không rõ", status="clarify"))
    db.add(logged(201, "xin chào", source="smalltalk"))
    db.add(logged(202, "Giấy tờ cần nộp", normalised="", button={"kind": "ask"}))
    db.add(logged(204, None))
    db.add(logged(203, "hôm sau", at=NOW))
    db.flush()


def test_a_sample_holds_only_answered_questions_of_the_period_each_once(db: Session) -> None:
    fill(db)
    sample_id = sample.draw(db, LONG_AGO, NOW, 30, "lan", NOW, seed=1)
    turns = sample.unjudged(db, sample_id)
    assert len(set(turns)) == 30
    assert all(1 <= int(turn, 16) <= 100 for turn in turns)
    assert db.get_one(ReviewSample, sample_id).answered == 100


def test_a_month_that_was_pruned_is_drawn_from_as_a_fresh_one(db: Session) -> None:
    fill(db)
    drawn = [sample.unjudged(db, sample.draw(db, LONG_AGO, NOW, 30, "lan", NOW, seed=1))]
    later = NOW + dt.timedelta(days=47)
    assert prune_log(db, Periods.of(Settings()), later, 1000) > 100
    db.expire_all()
    assert db.get_one(TurnLog, f"{1:032x}").normalised is None
    drawn.append(sample.unjudged(db, sample.draw(db, LONG_AGO, NOW, 30, "lan", later, seed=1)))
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 30


def test_a_judgement_outlives_its_turn(db: Session) -> None:
    fill(db)
    sample_id = sample.draw(db, LONG_AGO, NOW, 50, "lan", NOW, seed=1)
    for number, turn in enumerate(sample.unjudged(db, sample_id)):
        sample.judge(db, sample_id, turn, "lan", NOW, right=number >= 5)
    roll(db, NOW + dt.timedelta(days=1), limit=1000)
    told = sample.correctness(db, LONG_AGO, NOW)
    assert (told.right, told.judged) == (45, 50)
    (drawn,) = sample.listed(db)
    assert (drawn.turns, drawn.judged, drawn.right) == (50, 50, 45)


def test_the_same_seed_draws_the_same_turns_and_another_others(db: Session) -> None:
    fill(db)
    one, two, other = (
        sample.unjudged(db, sample.draw(db, LONG_AGO, NOW, 20, "lan", NOW, seed=seed)) for seed in (7, 7, 8)
    )
    assert one == two != other


def test_every_turn_has_the_same_chance(db: Session) -> None:
    drawn = [0] * 20
    for seed in range(600):
        _, chosen = sample._reservoir((str(n) for n in range(20)), 5, seed)
        for each in chosen:
            drawn[int(each)] += 1
    assert all(110 < times < 190 for times in drawn)  # 150 expected


def test_judgements_give_the_share_of_right_answers(db: Session) -> None:
    fill(db)
    sample_id = sample.draw(db, LONG_AGO, NOW, 10, "lan", NOW, seed=1)
    turns = sample.unjudged(db, sample_id)
    for number, turn in enumerate(turns):
        sample.judge(db, sample_id, turn, "lan", NOW, right=number != 0)
    sample.judge(db, sample_id, turns[1], "lan", NOW, right=False, note="thiếu căn cứ")
    told = sample.correctness(db, LONG_AGO, NOW)
    assert (told.right, told.judged, told.share) == (8, 10, 0.8)
    assert sample.unjudged(db, sample_id) == []
    db.expire_all()
    assert db.get_one(TurnLog, turns[0]).reviewed_at == NOW
    assert sample.correctness(db, NOW, NOW + dt.timedelta(days=1)).judged == 0


def test_a_turn_in_two_samples_counts_once_by_its_last_judgement(db: Session) -> None:
    fill(db)
    one, two = (sample.draw(db, LONG_AGO, NOW, 100, "lan", NOW, seed=seed) for seed in (1, 2))
    turn = f"{5:032x}"
    sample.judge(db, one, turn, "lan", NOW, right=False)
    sample.judge(db, two, turn, "minh", NOW + dt.timedelta(hours=1), right=True)
    told = sample.correctness(db, LONG_AGO, NOW)
    assert (told.right, told.judged) == (1, 1)


def test_a_turn_that_was_not_drawn_is_not_judged(db: Session) -> None:
    fill(db)
    sample_id = sample.draw(db, LONG_AGO, NOW, 1, "lan", NOW, seed=1)
    with pytest.raises(sample.NotSampledError):
        sample.judge(db, sample_id, f"{200:032x}", "lan", NOW, right=True)


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    # Newcombe 1998, table I: method 3 (Wilson without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    told = sample.wilson(right, judged)
    assert told.low == pytest.approx(low, abs=5e-5)
    assert told.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    told = sample.wilson(*counts)
    assert told.low is not None
    assert told.share is not None
    assert told.high is not None
    assert 0 <= told.low <= told.share + 1e-12
    assert told.share - 1e-12 <= told.high <= 1


def test_without_judgements_there_is_no_share() -> None:
    assert sample.wilson(0, 0) == sample.Correctness(0, 0, None, None, None)
