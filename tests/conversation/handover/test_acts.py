"""What is written down of looks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from bot.conversation.handover import acts
from bot.knowledge.db import Base, make_engine

NOW = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.timezone.utc)


def test_looks_within_minutes_are_one_and_each_officer_has_their_own(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    Base.metadata.create_all(engine)
    looks = [("lan", 0), ("lan", 4), ("minh", 4), ("lan", 5), ("lan", 6)]
    with Session(engine) as db, db.begin():
        for officer, minutes in looks:
            acts.write_down_look(db, "AS-AAAAAA", officer, NOW + dt.timedelta(minutes=minutes))
        acts.write_down_look(db, "AS-CCCCCC", "lan", NOW)
        found = [(row.officer, row.at - NOW) for row in acts.of_request(db, "AS-AAAAAA")]
    assert found == [("lan", dt.timedelta(minutes=5)), ("minh", dt.timedelta(minutes=4)), ("lan", dt.timedelta(0))]
    engine.dispose()
