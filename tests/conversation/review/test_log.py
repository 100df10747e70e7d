from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.conversation.models import MessageRow
from bot.conversation.review.collect import collect
from bot.conversation.review.log import Filters, _query, conversation, listed
from bot.conversation.review.positions import Cursor, first_position, position_of
from bot.knowledge.retrieval import Index
from tests.conversation.review.conftest import LONG_AGO, NOW, citizen, logged, thumb

MANY = 3000


def numbers(page: Any) -> list[int]:
    return [int(entry.turn_id, 16) for entry in page.turns]


def fill(db: Session, index: Index) -> None:
    db.add(citizen())
    db.flush()
    turns = [
        logged(1, "Thẻ bảo hiểm y tế hộ cận nghèo", topic="health_insurance", program="bhyt"),
        logged(2, "vay vốn nước sạch", topic="clean_water", status="not_covered", confidence=0.3),
        logged(3, "xin chào", channel="zalo_oa", status="answered", source="smalltalk", topic=None),
        logged(4, "bảo hiểm cho trẻ em", topic="health_insurance", reviewed_at=NOW),
        logged(5, None, topic="health_insurance", session_id=None),
    ]
    db.add_all(turns)
    db.flush()
    db.add(thumb(turns[1], -1))
    db.flush()
    collect(db, index, NOW)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [5, 4, 3, 2, 1]),
        (Filters(topic="health_insurance"), [5, 4, 1]),
        (Filters(program="bhyt"), [1]),
        (Filters(status="not_covered"), [2]),
        (Filters(channel="zalo_oa"), [3]),
        (Filters(rating=-1), [2]),
        (Filters(reviewed=True), [4]),
        (Filters(reviewed=False), [5, 3, 2, 1]),
        (Filters(confidence_below=0.5), [2]),
        (Filters(confidence_from=0.5, topic="health_insurance"), [5, 4, 1]),
        (Filters(text="bao hiem"), [4, 1]),
        (Filters(text="BẢO HIỂM tre"), [4]),
        (Filters(text="bhyt can ngheo"), [1]),
        (Filters(text="100%_"), []),
        (Filters(text="bao hiem", program="bhyt"), [1]),
        (Filters(since=LONG_AGO + dt.timedelta(seconds=3)), [5, 4, 3]),
        (Filters(until=LONG_AGO + dt.timedelta(seconds=3)), [2, 1]),
        (Filters(text="bao hiem", since=LONG_AGO + dt.timedelta(seconds=3)), [4]),
        (Filters(text="bao hiem", until=LONG_AGO + dt.timedelta(seconds=3)), [1]),
    ],
)
def test_filters_narrow_down(db: Session, index: Index, filters: Filters, expected: list[int]) -> None:
    fill(db, index)
    page = listed(db, filters)
    assert numbers(page) == expected
    assert page.after is None


@pytest.mark.parametrize("filters", [Filters(), Filters(text="nước"), Filters(confidence_from=0.1)])
def test_pages_hold_each_turn_once_in_the_order_of_time(db: Session, index: Index, filters: Filters) -> None:
    db.add_all(logged(n, f"hỏi nước {n}", at=LONG_AGO + dt.timedelta(seconds=n // 3)) for n in range(1, 26))
    db.flush()
    collect(db, index, NOW)
    seen: list[str] = []
    after = None
    while True:
        page = listed(db, filters, after, limit=4)
        seen += [entry.turn_id for entry in page.turns]
        if page.after is None:
            break
        after = Cursor.parse(str(page.after))
    assert len(seen) == len(set(seen)) == 25
    if not filters.text:
        assert seen == [f"{n:032x}" for n in range(25, 0, -1)]


def test_what_is_rare_is_looked_for_so_far_and_then_further(db: Session, index: Index) -> None:
    db.add_all(logged(n, "nhà dột" if n == 2 else "vay vốn") for n in range(1, 31))
    db.flush()
    collect(db, index, NOW)
    page = listed(db, Filters(text="dột"), scanned=10)
    assert page.turns == []
    assert page.searched_to == LONG_AGO + dt.timedelta(seconds=20)
    looked = 1
    while page.after is not None and not page.turns:
        page = listed(db, Filters(text="dột"), page.after, scanned=10)
        looked += 1
    assert numbers(page) == [2]
    assert looked == 3


def plan(db: Session, filters: Filters, after: Cursor | None, floor: dt.datetime | None) -> str:
    """The database's plan of a page; PostgreSQL without sequential scans, which it prefers for few rows."""
    query = _query(filters, after, floor).limit(6)
    bind = db.get_bind()
    compiled = query.compile(bind, compile_kwargs={"literal_binds": True})
    if bind.dialect.name == "postgresql":
        db.execute(text("SET LOCAL enable_seqscan = off"))
        db.execute(text("SET LOCAL enable_bitmapscan = off"))
        db.execute(text("ANALYZE"))
        rows = db.connection().exec_driver_sql(f"EXPLAIN {str(compiled).replace('%', '%%')}")
        return "\n".join(row[0] for row in rows)
    rows = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("filters", "index_name"),
    [
        (Filters(), "ix_turn_log_asked_at"),
        (Filters(since=LONG_AGO), "ix_turn_log_asked_at"),
        (Filters(status="not_covered"), "ix_turn_log_status_asked_at"),
        (Filters(topic="t7"), "ix_turn_log_topic_asked_at"),
        (Filters(program="p7"), "ix_turn_log_program_asked_at"),
        (Filters(channel="zalo_oa"), "ix_turn_log_channel_asked_at"),
        (Filters(rating=-1), "ix_turn_log_rating_asked_at"),
        (Filters(reviewed=True), "ix_turn_log_reviewed"),
        (Filters(text="bao hiem"), "turn_text"),
    ],
)
def test_a_page_is_read_from_an_index_in_its_order(
    db: Session, index: Index, filters: Filters, index_name: str
) -> None:
    db.add_all(
        logged(
            n, f"câu hỏi {n}", topic=f"t{n % 150}", program=f"p{n % 150}",
            status=("answered", "not_covered")[n % 150 == 0],
            channel=("web", "zalo_oa")[n % 150 == 0], rating=-1 if n % 150 == 0 else None,
            reviewed_at=NOW if n % 20 == 0 else None, session_id=None,
        )
        for n in range(1, MANY)
    )  # fmt: skip
    db.flush()
    collect(db, index, NOW, limit=300)
    middle = Cursor(LONG_AGO + dt.timedelta(seconds=MANY // 2), "0")
    shown = plan(db, filters, middle, LONG_AGO if filters.text else None)
    assert index_name in shown
    # Sorting within one moment is allowed, sorting all that fits is not.
    full_sort = ("USE TEMP B-TREE FOR ORDER BY", "\n  ->  Sort", "Limit\n  Sort")
    assert not any(sign in shown for sign in full_sort), shown
    if filters.text:
        assert "SCAN turn_text" not in shown.replace("SCAN turn_text USING", "")


def test_a_conversation_shows_what_was_understood_and_told_then(db: Session, index: Index) -> None:
    fill(db, index)
    views = conversation(db, f"{2:032x}")
    assert [int(view.entry.turn_id, 16) for view in views] == [1, 2, 3, 4]
    second = views[1]
    assert second.answers[0]["text"] == "Dạ."
    assert second.knowledge_version == "7"
    assert second.durations == {"rasa_ms": 12.5}
    assert (second.reason, second.remark) == ("thumbs_down", "không đúng ý tôi")


def test_an_answer_is_read_from_its_messages_once_the_log_has_forgotten_it(db: Session) -> None:
    db.add(citizen())
    db.flush()
    turn = logged(1, "tiền nước sạch", answers=None, understanding=None, normalised=None)
    db.add(turn)
    for role, said in (("citizen", "tiền nước sạch"), ("bot", "Dạ có."), ("bot", "Mình hỏi thêm.")):
        given = {"session_id": "s1", "turn_id": turn.turn_id, "sent_at": turn.asked_at, "buttons": []}
        db.add(MessageRow(**given, id=said, role=role, text=said))
        db.flush()
    (view,) = conversation(db, turn.turn_id)
    assert [each["text"] for each in view.answers] == ["Dạ có.", "Mình hỏi thêm."]


def test_a_turn_that_was_erased_stands_alone_without_words(db: Session, index: Index) -> None:
    fill(db, index)
    (view,) = conversation(db, f"{5:032x}")
    assert view.entry.question is None
    assert conversation(db, "nothing") == []


TIMES = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - made aware by timezones
IDS = st.text("0123456789abcdef", min_size=1, max_size=32)


@given(TIMES, IDS, TIMES, IDS)
def test_positions_are_in_the_order_of_time(one: dt.datetime, key: str, two: dt.datetime, other: str) -> None:
    if one < two:
        assert position_of(one, key) < first_position(two) <= position_of(two, other)
    assert position_of(one, key) < 2**63


@given(TIMES, IDS)
def test_a_cursor_is_read_as_it_was_written(at: dt.datetime, key: str) -> None:
    assert Cursor.parse(str(Cursor(at, key))) == Cursor(at, key)


@pytest.mark.parametrize("given_text", ["", "1", "1.", "x.1"])
def test_no_cursor_is_refused(given_text: str) -> None:
    with pytest.raises(ValueError, match=r"cursor|invalid"):
        Cursor.parse(given_text)


def test_the_page_of_an_empty_log_is_empty(engine: Engine) -> None:
    with Session(engine) as db:
        assert listed(db, Filters(text="gì")).turns == []
