"""`python -m bench.review_log`: how quickly reviewers' pages come from a log of five million made-up turns.

Fills an empty, migrated database with turns and their texts, then reads each kind of page ten times and names the
indexes of its plan. Needs about 5 GB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, event, insert, text, update
from sqlalchemy.orm import Session

from bench.questions import choose
from bot.conversation.models import TurnLog
from bot.conversation.review.log import Filters, listed
from bot.conversation.review.models import TurnText
from bot.conversation.review.positions import Cursor, position_of
from bot.knowledge.db import Base, make_engine
from bot.knowledge.prepared import prepare
from bot.knowledge.repository import snapshot_from_files
from tools.bootstrap import ROOT
from tools.say import line, speak_utf8

TURNS, QUESTIONS, BATCH, SEED = 5_000_000, 600, 20_000, 20261125
BEGIN = dt.datetime(2025, 11, 25, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
RARE = "xe lăn chạy pin"
"""What only the oldest turn asks."""
_READ = 10
_LOG, _TEXT = Base.metadata.tables[TurnLog.__tablename__], Base.metadata.tables[TurnText.__tablename__]
_PLAN = re.compile(
    r"\b(?:ix|pk)_\w+|sqlite_autoindex_\w+|INTEGER PRIMARY KEY"
    r"|SCAN \w+|Seq Scan on \w+|(?:Incremental )?Sort(?=  )|TEMP B-TREE FOR [A-Z ]+"
)
"""What tells of a plan: indexes read, tables read whole, rows sorted."""

PAGES = {
    "newest": Filters(),
    "status": Filters(status="not_covered"),
    "topic": Filters(topic="disability"),
    "channel": Filters(channel="zalo_bot"),
    "thumbs_down": Filters(rating=-1),
    "reviewed": Filters(reviewed=True),
    "topic_unsure": Filters(topic="credit", confidence_below=0.4),
    "common_words": Filters(text="bao nhieu"),
    "rare_words": Filters(text=RARE),
    "a_month_ago": Filters(until=BEGIN + YEAR - dt.timedelta(days=30)),
}


def fill(engine: Engine, turns: int, questions: Sequence[str], topics: Sequence[str]) -> None:
    """Store so many turns, evenly over a year; the same ones each time.

    The first ``BATCH`` are made up; those after them are the same again, later and under other ids. A few more are
    stored where ``turns`` is no multiple of that.
    """
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    prepared = [prepare(question) for question in questions]
    rows = list(_turns(range(min(turns, BATCH)), turns, questions, topics, chance))
    texts = [
        {
            "position": position_of(row["asked_at"], row["turn_id"]),
            "turn_id": row["turn_id"],
            "folded": prepared[row.pop("asked")],
        }
        for row in rows
    ]
    # Indexes are quicker made of all rows than row by row.
    indexes = [index for table in (_LOG, _TEXT) for index in table.indexes]
    with engine.begin() as db:
        if db.dialect.name == "sqlite":
            # Ids are in no order: with less than this, each page is written many times over.
            db.exec_driver_sql("PRAGMA cache_size = -2000000")
        for index in indexes:
            index.drop(db)
        db.execute(insert(_LOG), rows)
        db.execute(insert(_TEXT), texts)
        for table in (_LOG, _TEXT):
            db.execute(text(f"CREATE TEMPORARY TABLE first_{table.name} AS SELECT * FROM {table.name}"))  # noqa: S608
        for number in range(1, -(-turns // BATCH)):
            _repeat(db, number, YEAR * BATCH / turns * number)
        db.execute(update(_TEXT).where(_TEXT.c.turn_id == texts[0]["turn_id"]).values(folded=prepare(RARE)))
    with engine.begin() as db:
        for index in indexes:
            index.create(db)
        db.execute(text("ANALYZE"))


def _repeat(db: Connection, number: int, later: dt.timedelta) -> None:
    """The first turns again, so much ``later``."""
    given = {"mark": f"{number:08x}", "seconds": later.total_seconds(), "positions": position_of(_EPOCH + later, "")}
    marked = "substr({}, 9) || :mark".format
    moved = (
        "asked_at + make_interval(secs => :seconds)"
        if db.dialect.name == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f', asked_at, :seconds || ' seconds') || '000'"
    )
    changes = {"turn_id": marked("turn_id"), "session_id": marked("session_id"), "asked_at": moved}
    for table, changed in ((_LOG, changes), (_TEXT, {**changes, "position": "position + :positions"})):
        names = table.columns.keys()
        read = ", ".join(changed.get(name, name) for name in names)
        into = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {read} FROM first_{table.name}"  # noqa: S608
        db.execute(text(into), given)


def _turns(
    numbers: range, turns: int, questions: Sequence[str], topics: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for number in numbers:
        asked = chance.randrange(len(questions))
        doubt = chance.random()
        yield {
            "asked": asked,
            "turn_id": f"{chance.getrandbits(128):032x}",
            "asked_at": BEGIN + YEAR * (number / turns),
            "session_id": f"{number // 4:032x}",
            "channel": "zalo_bot" if doubt < 0.001 else "zalo_oa" if doubt < 0.4 else "web",
            "question": questions[asked],
            "normalised": questions[asked],
            "masked_kinds": [],
            "status": chance.choices(("answered", "asked_back", "clarify", "not_covered"), (70, 15, 10, 5))[0],
            "topic": topics[asked % len(topics)],
            "source": "policy",
            "intent": "ask_benefit",
            "confidence": round(chance.random(), 3),
            "rating": chance.choices((None, 1, -1), (96, 3, 1))[0],
            "reviewed_at": BEGIN + YEAR if doubt > 0.99 else None,
        }


def measure(engine: Engine) -> dict[str, tuple[float, float, int]]:
    """By page: median and longest milliseconds, of the newest page and one half a year back, and how many turns."""
    figures = {}
    middle = Cursor.below(BEGIN + YEAR / 2)
    with Session(engine) as db:
        for name, filters in PAGES.items():
            times, found = [], 0
            for number in range(_READ):
                begin = time.perf_counter()
                page = listed(db, filters, middle if number % 2 else None)
                times.append((time.perf_counter() - begin) * 1000)
                found = max(found, len(page.turns))
            figures[name] = (median(times), max(times), found)
    return figures


def plans(engine: Engine) -> dict[str, list[str]]:
    """By page, in the database's own plan of its queries: the indexes read, and whether rows are sorted or all read."""
    shown: dict[str, list[str]] = {}
    explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with Session(engine) as db:
        for name, filters in PAGES.items():
            asked: list[tuple[str, Any]] = []

            def note(_db: Any, _cursor: Any, statement: str, parameters: Any, *_: Any, into: Any = asked) -> None:
                into.append((statement, parameters))

            event.listen(engine, "before_cursor_execute", note)
            listed(db, filters, Cursor.below(BEGIN + YEAR / 2))
            event.remove(engine, "before_cursor_execute", note)
            rows = [row for each in asked for row in db.connection().exec_driver_sql(f"{explain} {each[0]}", each[1])]
            shown[name] = list(dict.fromkeys(_PLAN.findall("\n".join(str(row[-1]) for row in rows))))
    return shown


def main() -> int:
    """Fill, measure, show."""
    speak_utf8()
    parser = argparse.ArgumentParser(prog="python -m bench.review_log", description="Measure the pages of the log.")
    parser.add_argument("database_url", help="an empty database after `alembic upgrade head`")
    parser.add_argument("--turns", type=int, default=TURNS)
    options = parser.parse_args()
    snapshot = snapshot_from_files(ROOT / "data")
    engine = make_engine(options.database_url)
    begin = time.perf_counter()
    fill(engine, options.turns, choose(snapshot, QUESTIONS, SEED), sorted(snapshot.topics))
    line(f"{options.turns} turns stored in {time.perf_counter() - begin:.0f} s")
    for name, (usual, longest, found) in measure(engine).items():
        line(f"{name:14} median {usual:8.1f} ms  longest {longest:8.1f} ms  {found} turns")
    for name, indexes in plans(engine).items():
        line(f"{name:14} {', '.join(indexes)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
