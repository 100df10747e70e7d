from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.knowledge.answer import Answer
from bot.knowledge.case import Case
from bot.knowledge.db import Base, make_engine
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, Learned, LearnedPhrase
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.loader import load
from bot.knowledge.prepared import prepare
from bot.knowledge.repository import current_version, load_snapshot
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.versions import raise_version
from tests.knowledge.seeds import seeds, write

TODAY = date(2026, 11, 25)


def taught(snapshot: Snapshot, *phrases: LearnedPhrase) -> Assistant:
    snapshot = replace(snapshot, learned=phrases)
    return Assistant(snapshot, Index(snapshot))


def ask(assistant: Assistant, text: str, intent: str = "ask_benefit") -> Answer:
    replies, _ = assistant.answer(Understanding(text, intent, 0.9, TODAY), Case())
    return replies[0].answer


UNKNOWN_WORDS = "cái giếng khoan nhà em xài chung cả xóm tính sao"


def test_a_phrasing_finds_its_program_and_aspect(small: Snapshot) -> None:
    assistant = taught(small, LearnedPhrase(UNKNOWN_WORDS, Learned.PROGRAM, "vay_nuoc", Aspect.DOCUMENTS))
    told = ask(assistant, UNKNOWN_WORDS)
    assert (told.program, told.aspect) == ("vay_nuoc", "documents")
    assert ask(taught(small), UNKNOWN_WORDS).aspect != "documents"


def test_it_finds_it_in_other_words_too(small: Snapshot) -> None:
    other = "giếng khoan xài chung cả xóm thì sao"
    plain = Index(small).search(other).programs
    index = taught(small, LearnedPhrase(UNKNOWN_WORDS, Learned.PROGRAM, "vay_nuoc", Aspect.BENEFIT)).index
    before = next((hit.score for hit in plain if hit.id == "vay_nuoc"), 0.0)
    best = index.search(other).programs[0]
    assert best.id == "vay_nuoc"
    assert best.score > before + 0.2


def test_a_phrasing_of_a_rival_is_taken_out_of_it(small: Snapshot) -> None:
    program = small.programs["bhyt"]
    text = program.keywords[0]
    assert Index(small).search(text).programs[0].id == "bhyt"
    assistant = taught(small, LearnedPhrase(text, Learned.PROGRAM, "vay_nuoc", Aspect.BENEFIT))
    scores = [{hit.id: hit.score for hit in index.search(text).programs} for index in (Index(small), assistant.index)]
    assert scores[1]["vay_nuoc"] - scores[0].get("vay_nuoc", 0.0) > 0.2
    assert scores[1]["bhyt"] < scores[0]["bhyt"]
    assert ask(assistant, text).program == "vay_nuoc"


def test_a_phrasing_of_an_entry_answers_with_it(small: Snapshot) -> None:
    faq = next(iter(small.faqs.values()))
    told = ask(taught(small, LearnedPhrase(UNKNOWN_WORDS, Learned.FAQ, faq.id)), UNKNOWN_WORDS, "nlu_fallback")
    assert (told.status, told.faq, told.aspect) == ("answered", faq.id, faq.aspect.value)


def test_what_is_out_of_scope_stays_so_in_like_words(small: Snapshot) -> None:
    assistant = taught(small, LearnedPhrase("lịch chiếu phim tối nay ở rạp trung tâm", Learned.OUT_OF_SCOPE))
    assert ask(assistant, "lịch chiếu phim tối nay ở rạp trung tâm").status == "out_of_scope"
    assert ask(assistant, "cho hỏi lịch chiếu phim tối nay rạp trung tâm").status == "out_of_scope"
    assert ask(assistant, "thẻ bảo hiểm y tế hộ cận nghèo").program == "bhyt"


def test_a_topic_learns_a_phrasing_without_a_row_of_its_own(small: Snapshot) -> None:
    plain, assistant = taught(small), taught(small, LearnedPhrase(UNKNOWN_WORDS, Learned.TOPIC, "social_pension"))
    before, after = (each.index.search(UNKNOWN_WORDS).topics[0].id for each in (plain, assistant))
    assert before != after == "social_pension"
    assert ask(assistant, UNKNOWN_WORDS).program is None


@pytest.mark.parametrize("question", ["thẻ bảo hiểm y tế cho hộ cận nghèo", "xóa nhà tạm", "trợ cấp người già"])
def test_other_questions_are_found_as_before(small: Snapshot, question: str) -> None:
    before = Index(small).search(question).programs[0].id
    index = taught(small, LearnedPhrase(UNKNOWN_WORDS, Learned.PROGRAM, "vay_nuoc", Aspect.DOCUMENTS)).index
    assert index.search(question).programs[0].id == before


def record(text: str, kind: str, target: str | None, aspect: str | None = None) -> LearnedPhraseRecord:
    return LearnedPhraseRecord(
        text=text, folded=prepare(text), kind=kind, target=target, aspect=aspect,
        approved_by="lan", approved_at=datetime(2026, 11, 25, tzinfo=UTC),
    )  # fmt: skip


def test_stored_phrasings_come_with_the_snapshot_while_their_row_is_there(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    Base.metadata.create_all(engine)
    load(engine, write(tmp_path / "data", seeds()))
    with Session(engine) as db, db.begin():
        db.add_all(
            [
                record("vay tiền nuôi bò", "program", "loan", "benefit"),
                record("mua vé số", "out_of_scope", None),
                record("của dòng đã bỏ", "faq", "gone"),
            ]
        )
        before = current_version(db)
        raise_version(db, datetime(2026, 11, 25, tzinfo=UTC))
    with engine.connect() as connection:
        snapshot = load_snapshot(connection)
    assert snapshot.version == before + 1
    assert snapshot.learned == (
        LearnedPhrase("vay tiền nuôi bò", Learned.PROGRAM, "loan", Aspect.BENEFIT),
        LearnedPhrase("mua vé số", Learned.OUT_OF_SCOPE),
    )


def test_the_first_change_of_an_empty_database_is_version_one(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        raise_version(db, datetime(2026, 11, 25, tzinfo=UTC))
        raise_version(db, datetime(2026, 11, 25, tzinfo=UTC))
        assert current_version(db) == 2
