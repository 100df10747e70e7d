from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversation.models import TurnLog
from bot.conversation.review import cases, phrases, queue, tasks
from bot.conversation.review.collect import collect
from bot.conversation.review.decisions import Decided, Kind, Verdict, decide, taken
from bot.conversation.review.models import RegressionCase, ReviewDecision, Task
from bot.conversation.review.targets import DecisionError, Target
from bot.knowledge.domain import Aspect, Learned, LearnedPhrase
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.repository import current_version
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from tests.conversation.review.conftest import NOW, logged

WATER = Target(Learned.PROGRAM, "vay_nuoc", Aspect.DOCUMENTS)
PHRASE, CHECK = "giếng khoan xài chung cả xóm tính sao", "cả xóm dùng chung cái giếng thì cần gì"


@pytest.fixture
def item_id(db: Session, index: Index) -> int:
    db.add(logged(1, PHRASE, status="clarify"))
    db.flush()
    collect(db, index, NOW)
    (item,) = queue.listed(db, NOW)
    queue.claim(db, item.id, "lan", NOW)
    return item.id


def leads_to(**given: Any) -> Verdict:
    values: dict[str, Any] = {"why": "nhầm chương trình", "phrase": PHRASE, "check": CHECK, "target": WATER} | given
    return Verdict(Kind.LEADS_TO, **values)


def count(db: Session, *tables: type[Any]) -> list[int]:
    return [db.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def run(db: Session, small: Snapshot, item_id: int, verdict: Verdict) -> Decided:
    return decide(db, small, item_id, "lan", verdict, NOW)


def test_a_question_led_elsewhere_is_learnt_at_once_and_leaves_a_case_in_other_words(
    db: Session, small: Snapshot, item_id: int
) -> None:
    before = current_version(db)
    done = run(db, small, item_id, leads_to())
    assert current_version(db) == before + 1
    learnt = db.scalars(select(LearnedPhraseRecord)).one()
    assert (learnt.id, learnt.text, learnt.target, learnt.aspect) == (done.phrase, PHRASE, "vay_nuoc", "documents")
    (case,) = cases.listed(db)
    assert (case.id, case.text, case.target) == (done.case, CHECK, WATER)


def test_a_decided_item_leaves_the_queue_and_says_who_decided_when_and_why(
    db: Session, small: Snapshot, item_id: int
) -> None:
    run(db, small, item_id, Verdict(Kind.RIGHT, "đúng theo quy định, gọi 0905123456"))
    assert queue.listed(db, NOW) == []
    db.expire_all()
    assert db.get_one(TurnLog, f"{1:032x}").reviewed_at == NOW
    (decision,) = taken(db, item_id)
    assert (decision.reviewer, decision.decided_at, decision.kind) == ("lan", NOW, Kind.RIGHT)
    assert decision.why == "đúng theo quy định, gọi [số điện thoại]"
    with pytest.raises(queue.ItemDecidedError):
        run(db, small, item_id, Verdict(Kind.RIGHT, "lần nữa"))
    with pytest.raises(queue.ItemDecidedError):
        queue.claim(db, item_id, "minh", NOW)


def test_only_who_has_claimed_the_item_decides(db: Session, small: Snapshot, item_id: int) -> None:
    with pytest.raises(queue.ItemNotClaimedError):
        decide(db, small, item_id, "minh", Verdict(Kind.UNUSABLE, "chữ vô nghĩa"), NOW)


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (leads_to(why=" "), "Lý do đang trống"),
        (leads_to(phrase="?!"), "Câu cần dạy đang trống"),
        (leads_to(check=""), "Câu kiểm tra đang trống"),
        (leads_to(check=PHRASE), "trùng với câu đã dạy"),
        (leads_to(check="GIENG KHOAN xai chung ca xom, tinh sao?"), "trùng với câu đã dạy"),
        (leads_to(check=f"{PHRASE} ạ"), f"gần như trùng với câu đã dạy “{PHRASE}”.*bằng những từ khác"),
        (leads_to(check="VAY nuoc sach!"), "có sẵn trong dữ liệu đang công bố .“Vay nước sạch”"),
        (leads_to(phrase="số tôi là 0905 123 456"), r"\[số điện thoại\]"),
        (leads_to(phrase="a " * 200), "dài 399 ký tự"),
        (leads_to(target=None), "Chưa chọn"),
        (leads_to(target=Target(Learned.PROGRAM, "gone", Aspect.BENEFIT)), "Không có chương trình “gone”"),
        (leads_to(target=Target(Learned.PROGRAM, "vay_nuoc")), "Chưa chọn người dân hỏi gì"),
        (leads_to(target=Target(Learned.FAQ, "gone")), "Không có mục hỏi đáp “gone”"),
        (Verdict(Kind.NEW_FAQ, "thiếu", PHRASE, CHECK, topic="gone"), "Không có chủ đề “gone”"),
        (Verdict(Kind.OUT_OF_SCOPE, "ngoài", PHRASE), "Câu kiểm tra đang trống"),
    ],
)
def test_what_cannot_be_decided_so_is_refused_with_the_mend_and_nothing_is_written(
    db: Session, small: Snapshot, item_id: int, verdict: Verdict, says: str
) -> None:
    db.commit()
    with pytest.raises(DecisionError, match=says):
        run(db, small, item_id, verdict)
    db.rollback()
    assert count(db, ReviewDecision, LearnedPhraseRecord, RegressionCase, Task) == [0, 0, 0, 0]
    assert [item.id for item in queue.listed(db, NOW)] == [item_id]


def test_a_case_may_not_be_what_another_decision_taught(db: Session, small: Snapshot, item_id: int) -> None:
    phrases.learn(db, CHECK, WATER, "minh", NOW)
    with pytest.raises(DecisionError, match="trùng với câu đã dạy"):
        run(db, small, item_id, leads_to())


@pytest.mark.parametrize(
    "verdict",
    [
        leads_to(phrase=CHECK, check="giếng đào góp tiền nhiều nhà"),
        Verdict(Kind.NEW_FAQ, "thiếu", CHECK, PHRASE, topic="housing_support"),
    ],
)
def test_what_is_a_case_may_not_be_taught(db: Session, small: Snapshot, item_id: int, verdict: Verdict) -> None:
    cases.add(db, small, CHECK, PHRASE, WATER, "minh", NOW)
    with pytest.raises(DecisionError, match=f"“{CHECK}” đang là câu kiểm tra.*hoặc bỏ câu kiểm tra đó"):
        run(db, small, item_id, verdict)


def test_out_of_scope_is_learnt_too(db: Session, small: Snapshot, item_id: int) -> None:
    run(db, small, item_id, Verdict(Kind.OUT_OF_SCOPE, "ngoài phạm vi", PHRASE, CHECK))
    assert db.scalars(select(LearnedPhraseRecord.kind)).one() == "out_of_scope"
    assert cases.listed(db)[0].target == Target(Learned.OUT_OF_SCOPE)


def test_a_new_entry_is_drafted_from_the_question(db: Session, small: Snapshot, item_id: int) -> None:
    topic = small.programs["vay_nuoc"].topic
    verdict = Verdict(Kind.NEW_FAQ, "chưa có mục nào", PHRASE, CHECK, topic=topic, aspect=Aspect.BENEFIT)
    done = run(db, small, item_id, verdict)
    assert done.draft is not None
    assert (done.draft.id, done.draft.topic, done.draft.phrasings) == (
        "gieng_khoan_xai_chung_ca_xom_tinh_sao",
        topic,
        [PHRASE],
    )
    assert done.draft.question == "Giếng khoan xài chung cả xóm tính sao"
    assert cases.listed(db)[0].target == Target(Learned.FAQ, done.draft.id)
    (task,) = tasks.open_tasks(db)
    assert (task.kind, task.target) == ("faq", done.draft.id)


def test_a_wrong_row_is_a_task_for_an_editor(db: Session, small: Snapshot, item_id: int) -> None:
    done = run(db, small, item_id, Verdict(Kind.POLICY_WRONG, "mức vay đã tăng từ tháng 7", row="vay_nuoc"))
    (task,) = tasks.open_tasks(db)
    assert (task.id, task.kind, task.target, task.note) == (
        done.task, "policy", "vay_nuoc", "mức vay đã tăng từ tháng 7",
    )  # fmt: skip
    assert tasks.finish(db, task.id, "hoa", NOW)
    assert not tasks.finish(db, task.id, "hoa", NOW)
    assert tasks.open_tasks(db) == []


def test_a_phrasing_taught_anew_moves_and_one_taken_back_is_gone(db: Session) -> None:
    first = phrases.learn(db, "Vay làm giếng", WATER, "lan", NOW)
    other = Target(Learned.PROGRAM, "bhyt", Aspect.BENEFIT)
    assert phrases.learn(db, "vay lam gieng?", other, "minh", NOW) == first
    row = db.scalars(select(LearnedPhraseRecord)).one()
    assert (row.target, row.aspect, row.approved_by) == ("bhyt", "benefit", "minh")
    version = current_version(db)
    assert phrases.unlearn(db, first, NOW)
    assert current_version(db) == version + 1
    assert not phrases.unlearn(db, first, NOW)


def test_the_training_data_of_the_next_model_hold_what_was_learnt(small: Snapshot, tmp_path: Path) -> None:
    faq = next(iter(small.faqs.values()))
    learnt = (
        LearnedPhrase("giếng chung [số điện thoại]", Learned.PROGRAM, "vay_nuoc", Aspect.DOCUMENTS),
        LearnedPhrase("lịch chiếu phim", Learned.OUT_OF_SCOPE),
        LearnedPhrase("câu của mục", Learned.FAQ, faq.id),
        LearnedPhrase("chuyện nhà ở", Learned.TOPIC, "housing_support"),
    )
    path = tmp_path / "training" / "learned.yml"
    assert phrases.write_training(replace(small, learned=learnt), path)
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {each["intent"]: each["examples"] for each in read["nlu"]} == {
        "ask_documents": "- giếng chung số điện thoại\n",
        "out_of_scope": "- lịch chiếu phim\n",
        f"ask_{faq.aspect.value}": "- câu của mục\n",
    }
    assert not phrases.write_training(replace(small, learned=learnt[::-1]), path)
    assert phrases.write_training(small, path)


def test_cases_are_exported_for_people(db: Session, small: Snapshot) -> None:
    cases.add(db, small, CHECK, PHRASE, WATER, "lan", NOW)
    cases.add(db, small, CHECK.upper(), PHRASE, Target(Learned.OUT_OF_SCOPE), "minh", NOW)
    (case,) = cases.listed(db)
    assert yaml.safe_load(cases.to_yaml([case])) == [
        {"id": f"review-{case.id}", "text": CHECK.upper(), "kind": "out_of_scope", "target": "", "aspect": None}
    ]
    assert cases.remove(db, case.id)
    assert cases.listed(db) == []
