from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.retraining import choice, runs
from bot.conversation.retraining.runs import TrainingError
from bot.conversation.retraining.tables import ModelUse
from tests.conversation.retraining.conftest import OLD, started, trained
from tests.conversation.review.conftest import NOW

WHY = "câu sai thêm là câu mẫu đã cũ, sẽ bỏ"


def promoted(db: Session, model: str) -> int:
    number = trained(db, model)
    choice.promote(db, number, "lan", NOW)
    return number


def test_what_passed_answers_and_one_step_leads_back(db: Session) -> None:
    started(db)
    assert (choice.before(db), choice.decided(db)) == (None, None)
    number = trained(db, "a")
    assert choice.waiting(db) == 1
    assert choice.promote(db, number, "lan", NOW) == (OLD, "a")
    assert (choice.current(db), choice.decided(db), choice.before(db), choice.waiting(db)) == ("a", "a", OLD, 0)
    assert choice.go_back(db, "lan", NOW) == ("a", OLD)
    assert (choice.current(db), choice.before(db)) == (OLD, None)
    with pytest.raises(TrainingError, match="Không có mô hình nào trước đó"):
        choice.go_back(db, "lan", NOW)


def test_going_back_twice_leads_two_steps_back_and_a_new_model_follows_from_there(db: Session) -> None:
    started(db)
    for model in ("a", "b"):
        promoted(db, model)
    assert choice.go_back(db, "lan", NOW) == ("b", "a")
    assert choice.go_back(db, "lan", NOW) == ("a", OLD)
    promoted(db, "c")
    assert choice.line(db) == [OLD, "c"]


def test_what_did_not_pass_needs_a_written_reason(db: Session) -> None:
    started(db)
    number = trained(db, "a", passed=False)
    assert choice.waiting(db) == 0
    with pytest.raises(TrainingError, match="chưa đạt"):
        choice.promote(db, number, "lan", NOW)
    with pytest.raises(TrainingError, match="Đã nhập: “vì thế”"):
        choice.promote(db, number, "lan", NOW, "vì thế")
    choice.promote(db, number, "lan", NOW, WHY)
    use = db.scalars(select(ModelUse).order_by(ModelUse.id.desc())).first()
    assert use is not None
    assert (use.model, use.reason, use.run_id, use.by) == ("a", WHY, number, "lan")


def test_a_comparison_with_a_model_that_no_longer_answers_decides_nothing(db: Session) -> None:
    started(db)
    first, second = trained(db, "a"), trained(db, "b")
    choice.promote(db, first, "lan", NOW)
    with pytest.raises(TrainingError, match="đã đổi từ khi kiểm tra"):
        choice.promote(db, second, "lan", NOW)
    with pytest.raises(TrainingError, match="đang được dùng rồi"):
        choice.promote(db, first, "lan", NOW)


def test_a_run_that_has_not_ended_has_no_model_to_use(db: Session) -> None:
    started(db)
    number = runs.ask(db, [], OLD, "lan", NOW)
    for unusable in (number, number + 1):
        with pytest.raises(TrainingError, match="chưa xong"):
            choice.promote(db, unusable, "lan", NOW, WHY)


def test_a_start_with_other_files_begins_anew(db: Session) -> None:
    started(db)
    promoted(db, "a")
    started(db, "a")
    assert choice.before(db) == OLD
    started(db, "ansinh-5678.tar.gz")
    assert (choice.line(db), choice.before(db), choice.decided(db)) == (["ansinh-5678.tar.gz"], None, None)


def test_three_models_and_the_newest_trained_stay_on_the_disk(db: Session) -> None:
    started(db)
    for model in ("a", "b", "c", "d"):
        promoted(db, model)
    trained(db, "e")
    trained(db, "f")
    assert choice.superfluous(db) == ["a", "e"]
    for model in choice.superfluous(db):
        choice.note_removed(db, model)
    assert choice.superfluous(db) == []
    assert choice.go_back(db, "lan", NOW) == ("d", "c")
    assert choice.go_back(db, "lan", NOW) == ("c", "b")
    assert choice.before(db) is None, "its archive is gone"


def test_a_model_whose_archive_is_gone_is_not_promoted(db: Session) -> None:
    started(db)
    number = trained(db, "a")
    choice.note_removed(db, "a")
    with pytest.raises(TrainingError, match="đã được dọn"):
        choice.promote(db, number, "lan", NOW)


def test_what_make_trained_is_never_taken_off_the_disk(db: Session) -> None:
    started(db)
    for model in ("a", "b", "c", "d"):
        promoted(db, model)
    assert OLD not in choice.superfluous(db)


def test_the_model_of_an_open_run_stays(db: Session) -> None:
    started(db)
    trained(db, "a")
    number = runs.ask(db, [], OLD, "lan", NOW)
    runs.take(db, number, NOW)
    runs.note_model(db, number, "b", "abcd")
    assert choice.superfluous(db) == ["a"]
