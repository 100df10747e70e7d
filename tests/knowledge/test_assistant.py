import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.knowledge.assistant import Library
from bot.knowledge.db import Base, make_engine
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.retrieval import Index
from bot.knowledge.tables import FaqEntryRecord, KnowledgeVersionRecord, TopicRecord


@pytest.fixture(scope="module")
def database(published_in_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = shutil.copy(published_in_sqlite, tmp_path_factory.mktemp("library"))
    return make_engine(f"sqlite:///{path}")


def publish(engine: Engine, name: str) -> None:
    with Session(engine) as session, session.begin():
        topic = session.get_one(TopicRecord, "clean_water")
        topic.name = name
        version = session.get_one(KnowledgeVersionRecord, 1)
        version.number += 1
        version.changed_at = datetime.now(UTC)


def test_the_same_assistant_answers_until_something_is_published(database: Engine) -> None:
    library = Library(database)
    first = library.assistant()
    assert library.assistant() is first
    publish(database, "Nước sạch ở quê")
    second = library.assistant()
    assert second is not first
    assert second.snapshot.version == first.snapshot.version + 1
    assert second.snapshot.topics["clean_water"].name == "Nước sạch ở quê"
    assert library.assistant() is second


def change(engine: Engine, **fields: str) -> None:
    with Session(engine) as session, session.begin():
        entry = session.scalars(select(FaqEntryRecord).order_by(FaqEntryRecord.id)).first()
        assert entry is not None
        for name, value in fields.items():
            setattr(entry, name, value)
        session.get_one(KnowledgeVersionRecord, 1).number += 1


def test_the_index_is_made_anew_for_other_words_to_find_by_alone(database: Engine) -> None:
    library = Library(database)
    first = library.assistant()
    change(database, answer="Một câu trả lời khác.")
    second = library.assistant()
    assert second.index is first.index
    assert "Một câu trả lời khác." in {entry.answer for entry in second.snapshot.faqs.values()}
    change(database, question="Trâu bò lăn đùng ra chết thì báo ai hở trời?")
    third = library.assistant()
    assert third.index is not first.index
    [found] = [key for key, entry in third.snapshot.faqs.items() if "Trâu bò lăn đùng" in entry.question]
    assert third.index.search("Trâu bò lăn đùng ra chết thì báo ai hở trời?").faqs[0].id == found


def test_a_new_phrasing_answers_before_it_is_learnt(database: Engine) -> None:
    waiting: list[Callable[[], None]] = []
    library = Library(database, later=waiting.append)
    library.assistant()
    assert not waiting, "the first version is learnt before it answers"
    asked = "Con nghé sổng chuồng chạy mất tiêu rồi"
    change(database, question=asked)
    index = library.assistant().index
    [found] = [key for key, entry in library.assistant().snapshot.faqs.items() if entry.question == asked]
    assert index.search(asked).faqs[0].id == found
    learnt = Index(library.assistant().snapshot)
    others = [f"{entry.question} nghé" for entry in list(library.assistant().snapshot.faqs.values())[::50]]
    assert [index.search(text) for text in others] != [learnt.search(text) for text in others]
    [learn] = waiting
    learn()
    assert library.assistant().index is index
    assert [index.search(text) for text in others] == [learnt.search(text) for text in others]


def test_what_a_reviewer_taught_is_learnt_before_it_answers(database: Engine) -> None:
    waiting: list[Callable[[], None]] = []
    library = Library(database, later=waiting.append)
    library.assistant()
    with Session(database) as session, session.begin():
        taught = {"kind": "topic", "target": "clean_water", "approved_by": "an", "approved_at": datetime.now(UTC)}
        session.add(LearnedPhraseRecord(text="Giếng nhà cạn trơ đáy", folded="gieng nha can tro day", **taught))
        session.get_one(KnowledgeVersionRecord, 1).number += 1
    index = library.assistant().index
    learnt = Index(library.assistant().snapshot)
    assert not waiting
    assert index.search("giếng nhà tui cạn rồi") == learnt.search("giếng nhà tui cạn rồi")


def test_threads_share_one_assistant(database: Engine) -> None:
    library = Library(database)
    with ThreadPoolExecutor(4) as pool:
        assert len({id(a) for a in pool.map(lambda _: library.assistant(), range(8))}) == 1


def test_an_empty_database_has_an_assistant_that_says_so(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    Base.metadata.create_all(engine)
    assert Library(engine).assistant().snapshot.version == 0
