from __future__ import annotations

import copy
import datetime as dt
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.conversation.erase import erase_sender
from bot.conversation.models import SessionRow, TurnLog
from bot.conversation.retention.limits import Periods
from bot.conversation.retention.steps import prune_log
from bot.conversation.review import queue
from bot.conversation.review.collect import collect
from bot.conversation.review.models import ReviewItem, ReviewTurn, TurnText
from bot.conversation.review.news import ABANDONED, SETTLED
from bot.knowledge.retrieval import Index
from bot.settings import Settings
from tests.conversation.review.conftest import LONG_AGO, NOW, citizen, logged, thumb, wish

UNCLEAR = {"status": "clarify"}


def asking(fact: str) -> dict[str, object]:
    return {"asks": {"fact": fact, "member": None, "type": "age", "choices": [], "multiple": False}}


def reasons(db: Session) -> dict[int, str]:
    rows = db.execute(select(ReviewTurn.turn_id, ReviewTurn.reason))
    return {int(turn_id, 16): reason for turn_id, reason in rows}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"status": "clarify"}, "not_understood"),
        ({"status": "not_covered"}, "not_covered"),
        ({"confidence": 0.2}, "not_understood"),
        ({"understanding": {"ranking": [["ask_benefit", 0.45], ["ask_documents", 0.41]]}}, "low_margin"),
        ({"answer": {"readings": [{"topic": "credit"}]}}, "low_margin"),
        ({}, None),
        ({"status": "out_of_scope"}, None),
        ({"status": "clarify", "question": None}, None),
        ({"source": "smalltalk", "confidence": 0.1}, None),
        ({"understanding": None}, None),
    ],
)
def test_a_turn_is_queued_for_what_went_wrong(
    db: Session, index: Index, columns: dict[str, Any], reason: str | None
) -> None:
    db.add(logged(1, **{"question": "tiền nước sạch", **copy.deepcopy(columns)}))
    db.flush()
    collect(db, index, NOW)
    assert reasons(db) == ({} if reason is None else {1: reason})


def test_the_same_fact_asked_twice_running_is_one_item_for_all_citizens(db: Session, index: Index) -> None:
    for base in (0, 10, 20):
        session = f"s{base}"
        db.add(logged(base + 1, "mẹ tôi", session_id=session, status="asked_back", answer=asking("age")))
        db.add(logged(base + 2, f"già rồi {base}", session_id=session, status="asked_back", answer=asking("age")))
        db.add(logged(base + 3, "không nghèo", session_id=session, status="asked_back", answer=asking("class")))
        db.add(logged(base + 4, "thôi", session_id=session))
    db.flush()
    collect(db, index, NOW)
    assert reasons(db) == {2: "asked_twice", 12: "asked_twice", 22: "asked_twice"}
    (item,) = queue.listed(db, NOW)
    assert (item.turns, item.fact, item.reasons) == (3, "age", {"asked_twice": 3})


def test_a_check_is_abandoned_when_nobody_answers_for_long(db: Session, index: Index) -> None:
    db.add(logged(1, "tôi có được vay không", status="asked_back", answer=asking("age"), at=NOW - ABANDONED))
    db.add(logged(2, "hỏi", session_id="s2", status="asked_back", answer=asking("age"), at=NOW - dt.timedelta(hours=1)))
    db.add(logged(3, "hỏi", session_id="s3", status="asked_back", answer=asking("age"), at=NOW - ABANDONED * 2))
    db.add(logged(4, "76 tuổi", session_id="s3", at=NOW - ABANDONED * 2 + dt.timedelta(minutes=5)))
    db.flush()
    collect(db, index, NOW)
    assert reasons(db) == {1: "abandoned"}
    collect(db, index, NOW + ABANDONED)
    assert reasons(db) == {1: "abandoned", 2: "abandoned"}


def test_thumbs_down_and_a_wish_for_a_person_outweigh_what_the_log_says(db: Session, index: Index) -> None:
    turns = [logged(1, "vay vốn nước sạch", **UNCLEAR), logged(2, "thẻ bảo hiểm"), logged(3, "xóa nhà tạm")]
    turns.append(logged(4, "gặp cán bộ", status="handed_over", source="system"))
    db.add(citizen())
    db.flush()
    db.add_all(turns)
    db.flush()
    collect(db, index, NOW)
    assert reasons(db) == {1: "not_understood"}
    later = NOW + dt.timedelta(minutes=5)
    db.add_all([thumb(turns[0], -1, NOW), thumb(turns[1], 1, NOW), wish(turns[3])])
    db.flush()
    collect(db, index, later)
    assert reasons(db) == {1: "thumbs_down", 3: "officer"}


def test_the_same_question_joins_an_item_that_has_waited_for_weeks(db: Session, index: Index) -> None:
    db.add(logged(1, "vay vốn làm nước sạch", **UNCLEAR))
    db.flush()
    collect(db, index, NOW)
    later = NOW + dt.timedelta(days=20)
    assert prune_log(db, Periods.of(Settings()), later, 100) == 1
    db.expire_all()
    db.add(logged(2, "vay vốn làm nước sạch", at=later - dt.timedelta(hours=1), **UNCLEAR))
    db.flush()
    collect(db, index, later)
    assert [item.turns for item in queue.listed(db, later)] == [2]


def test_running_again_changes_nothing(db: Session, index: Index) -> None:
    db.add_all(logged(n, f"vay vốn nước sạch {n}", **UNCLEAR) for n in range(1, 30))
    db.flush()
    first = collect(db, index, NOW, limit=10)
    assert (first.read, first.found, first.more) == (10, 10, True)
    while collect(db, index, NOW, limit=10).more:
        pass
    before = reasons(db), [item.turns for item in queue.listed(db, NOW)]
    assert len(before[0]) == 29
    again = collect(db, index, NOW)
    assert (again.read, again.found) == (0, 0)
    assert (reasons(db), [item.turns for item in queue.listed(db, NOW)]) == before
    assert db.scalar(select(func.count()).select_from(TurnText)) == 29


def test_a_turn_under_way_is_read_when_it_has_settled(db: Session, index: Index) -> None:
    db.add(logged(1, "vay vốn", at=NOW - SETTLED / 2, **UNCLEAR))
    db.flush()
    assert collect(db, index, NOW).read == 0
    assert collect(db, index, NOW + SETTLED).found == 1


def test_two_jobs_at_once_put_each_turn_into_the_queue_once(engine: Engine, index: Index) -> None:
    with Session(engine) as db, db.begin():
        db.add_all(logged(n, f"câu hỏi {n}", **UNCLEAR) for n in range(1, 60))
    faults: list[BaseException] = []

    def job() -> None:
        try:
            for _ in range(4):
                with Session(engine) as own, own.begin():
                    collect(own, index, NOW, limit=20)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            faults.append(error)

    threads = [threading.Thread(target=job) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Session(engine) as db:
        assert len(reasons(db)) == 59
        assert db.scalar(select(func.sum(ReviewItem.turns))) == 59


def item_of(db: Session, index: Index) -> int:
    db.add(logged(1, "vay vốn nước sạch", **UNCLEAR))
    db.flush()
    collect(db, index, NOW)
    (item,) = queue.listed(db, NOW)
    return item.id


def test_an_item_has_one_reviewer_until_the_claim_lapses(db: Session, index: Index) -> None:
    item_id = item_of(db, index)
    queue.claim(db, item_id, "lan", NOW)
    with pytest.raises(queue.ItemClaimedError, match="lan"):
        queue.claim(db, item_id, "minh", NOW + queue.CLAIM / 2)
    queue.claim(db, item_id, "lan", NOW + queue.CLAIM / 2)
    assert queue.item(db, item_id, NOW + queue.CLAIM).claimed_by == "lan"
    late = NOW + queue.CLAIM * 2
    assert queue.item(db, item_id, late).claimed_by is None
    queue.claim(db, item_id, "minh", late)
    with pytest.raises(queue.ItemNotClaimedError):
        queue.release(db, item_id, "lan")
    queue.release(db, item_id, "minh")
    queue.claim(db, item_id, "lan", late)


def test_two_who_claim_at_once_never_both_get_it(engine: Engine, index: Index) -> None:
    with Session(engine) as db, db.begin():
        item_id = item_of(db, index)
    got: list[str] = []

    def claim(name: str) -> None:
        with Session(engine) as own, own.begin():
            try:
                queue.claim(own, item_id, name, NOW)
            except queue.ItemClaimedError:
                return
        got.append(name)

    threads = [threading.Thread(target=claim, args=(f"r{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_no_such_item(db: Session) -> None:
    with pytest.raises(queue.ItemUnknownError):
        queue.claim(db, 7, "lan", NOW)


def test_the_largest_items_come_first_page_by_page(db: Session, index: Index) -> None:
    texts = ["thẻ bảo hiểm y tế hộ cận nghèo"] * 3 + ["vay vốn làm giếng nước sạch"] * 2 + ["xóa nhà tạm dột nát"]
    db.add_all(logged(n, text, **UNCLEAR) for n, text in enumerate(texts, start=1))
    db.flush()
    collect(db, index, NOW)
    items = queue.listed(db, NOW)
    assert [item.turns for item in items] == [3, 2, 1]
    first = queue.listed(db, NOW, limit=1)
    rest = queue.listed(db, NOW, after=(first[0].turns, first[0].id), limit=5)
    assert [item.id for item in (*first, *rest)] == [item.id for item in items]


def test_items_that_ask_the_same_can_be_joined(db: Session, index: Index) -> None:
    db.add_all([logged(1, "xóa nhà tạm", **UNCLEAR), logged(2, "thẻ bảo hiểm y tế", **UNCLEAR)])
    db.flush()
    collect(db, index, NOW)
    one, two = (item.id for item in queue.listed(db, NOW))
    queue.claim(db, one, "lan", NOW)
    with pytest.raises(queue.ItemNotClaimedError):
        queue.merge(db, one, two, "lan")
    queue.claim(db, two, "lan", NOW)
    queue.merge(db, one, two, "lan")
    db.flush()
    (item,) = queue.listed(db, NOW)
    assert (item.id, item.turns, len(item.examples)) == (two, 2, 2)


def test_what_a_citizen_erases_leaves_queue_and_search(db: Session, index: Index) -> None:
    db.add_all([citizen(), citizen("s2", "y")])
    db.flush()
    mine = logged(1, "vay vốn nước sạch cho nhà ông Bảy", **UNCLEAR)
    db.add_all([mine, logged(2, "vay vốn nước sạch", session_id="s2", sender="y", **UNCLEAR)])
    db.flush()
    collect(db, index, NOW)
    assert [item.turns for item in queue.listed(db, NOW)] == [2]
    erase_sender(db, db.get_one(SessionRow, "s1"), NOW, keep_turn=None)
    db.expire_all()
    (item,) = queue.listed(db, NOW)
    assert (item.turns, [example.question for example in item.examples]) == (1, ["vay vốn nước sạch"])
    assert list(db.scalars(select(TurnText.turn_id))) == [f"{2:032x}"]
    assert db.get_one(TurnLog, mine.turn_id).question is None
    erase_sender(db, db.get_one(SessionRow, "s2"), NOW, keep_turn=None)
    db.expire_all()
    assert queue.listed(db, NOW) == []


def test_an_item_says_since_when_and_why(db: Session, index: Index) -> None:
    db.add_all([logged(1, "vay vốn nước sạch", **UNCLEAR), logged(2, "vay vốn nước sạch", status="not_covered")])
    db.flush()
    collect(db, index, NOW)
    (item,) = queue.listed(db, NOW)
    assert item.reasons == {"not_understood": 1, "not_covered": 1}
    assert (item.first_at, item.last_at) == (LONG_AGO + dt.timedelta(seconds=1), LONG_AGO + dt.timedelta(seconds=2))
    assert item.aspect == "benefit"
