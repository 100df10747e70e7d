from pathlib import Path

from bench.questions import choose
from bench.review_log import PAGES, QUESTIONS, SEED, fill, measure
from bot.conversation.review.models import TurnText
from bot.knowledge.db import Base, make_engine
from bot.knowledge.repository import snapshot_from_files

ROOT = Path(__file__).parents[2]


def test_a_short_log_is_filled_and_every_page_is_read(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/log.db")
    assert TurnText.__tablename__ in Base.metadata.tables
    Base.metadata.create_all(engine)
    snapshot = snapshot_from_files(ROOT / "data")
    fill(engine, 3000, choose(snapshot, QUESTIONS, SEED), sorted(snapshot.topics))
    figures = measure(engine)
    assert set(figures) == set(PAGES)
    found = {name: turns for name, (_, _, turns) in figures.items()}
    assert found["newest"] == found["status"] == found["common_words"] == 50
    assert found["rare_words"] == 1
    assert max(longest for _, longest, _ in figures.values()) < 2000
