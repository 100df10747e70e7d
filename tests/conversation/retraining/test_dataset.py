from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.conversation.retraining import dataset
from bot.conversation.review import phrases
from bot.conversation.review.targets import Target
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.snapshot import Snapshot
from tests.conversation.retraining.conftest import LAN, MINH, OLD, started, trained
from tests.conversation.review.conftest import NOW


def test_a_version_holds_what_is_taught_now_and_who_approved_it(db: Session, small: Snapshot) -> None:
    program = next(iter(small.programs))
    phrases.learn(db, "già rồi lãnh mấy đồng", Target(Learned.PROGRAM, program, Aspect.BENEFIT), "minh", NOW)
    phrases.learn(db, "xem bói ở đâu", Target(Learned.OUT_OF_SCOPE), "lan", NOW)
    # Of a whole topic a model learns nothing; nor of what is not published any more.
    phrases.learn(db, "cho hỏi tí", Target(Learned.TOPIC, next(iter(small.topics))), "lan", NOW)
    phrases.learn(db, "chuyện đã hết", Target(Learned.PROGRAM, "khong_con", Aspect.BENEFIT), "lan", NOW)
    live = dataset.live(db, small)
    assert [(each.text, each.intent, each.by) for each in live] == [
        ("già rồi lãnh mấy đồng", "ask_benefit", "minh"),
        ("xem bói ở đâu", "out_of_scope", "lan"),
    ]
    assert live[0].at == NOW.isoformat(timespec="seconds")


def test_what_changed_is_told_against_what_the_model_in_use_was_taught(db: Session) -> None:
    started(db)
    assert dataset.taught(db, OLD) is None
    trained(db, "a", phrases=(LAN,))
    before = dataset.taught(db, "a")
    assert before == [LAN]
    change = dataset.change(before, [MINH, replace(LAN, by="hoa")])
    assert (change.added, change.removed) == ([MINH], [])
    moved = replace(LAN, intent="ask_other")
    assert dataset.change(before, [moved]) == dataset.Change([moved], [LAN])


def test_the_training_file_is_the_same_whatever_the_order() -> None:
    text = dataset.training_yaml([MINH, LAN])
    assert text == dataset.training_yaml([LAN, MINH])
    assert "- intent: ask_benefit" in text
    assert "- già rồi lãnh mấy đồng" in text
