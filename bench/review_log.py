"""`python -m bench.review_log`: how quickly reviewers' pages come from a log of five million made-up turns.

Fills an empty, migrated database with turns and their texts, then reads each kind of page ten times. Needs about 4 GB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from bench.questions import choose
from bot.conversation.models import TurnLog
from bot.conversation.review.log import Filters, listed
from bot.conversation.review.models import TurnText
from bot.conversation.review.positions import Cursor, position_of
from bot.knowledge.db import make_engine
from bot.knowledge.prepared import prepare
from bot.knowledge.repository import snapshot_from_files
from tools.bootstrap import ROOT
from tools.say import line, speak_utf8

TURNS, QUESTIONS, BATCH, SEED = 5_000_000, 600, 20_000, 20261125
BEGIN = dt.datetime(2025, 11, 25, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
RARE = "xe lăn điện"
"""What only the oldest turn asks."""
_READ = 10

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
    """Store so many turns, evenly over a year; the same ones each time."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    prepared = [prepare(question) for question in questions]
    for start in range(0, turns, BATCH):
        rows = list(_turns(range(start, min(start + BATCH, turns)), turns, questions, topics, chance))
        texts = [
            {
                "position": position_of(row["asked_at"], row["turn_id"]),
                "turn_id": row["turn_id"],
                "folded": prepared[row.pop("asked")],
            }
            for row in rows
        ]
        if start == 0:
            texts[0]["folded"] = prepare(RARE)
        with engine.begin() as db:
            db.execute(insert(TurnLog), rows)
            db.execute(insert(TurnText), texts)
    with engine.begin() as db:
        db.execute(text("ANALYZE"))


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
