"""Which model is to answer: chosen by officers, or by the start of the service; one step back is kept open."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.conversation.retraining.runs import State, TrainingError
from bot.conversation.retraining.tables import ModelUse, TrainingRun

KEPT = 3
"""So many models stay on the disk: the one in use, and those that one can go back to."""
LEAST_REASON = 10


class How(StrEnum):
    """Why a model came into use."""

    START = "start"
    PROMOTE = "promote"
    BACK = "back"


def line(db: Session) -> list[str]:
    """The models that lead up to the one in use, the oldest first. A start with another model begins anew: its files
    have changed, and what was trained on those before may not load any more.
    """
    models: list[str] = []
    for use in db.scalars(select(ModelUse).order_by(ModelUse.id)):
        if use.how == How.START:
            models = []
        elif use.how == How.BACK:
            models = models[:-2]
        models.append(use.model)
    return models


def current(db: Session) -> str | None:
    """The model that is to answer; None before the first start that says."""
    use = newest(db)
    return None if use is None else use.model


def newest(db: Session) -> ModelUse | None:
    """Since when, by whom and why."""
    return db.scalar(select(ModelUse).order_by(ModelUse.id.desc()).limit(1))


def pending(db: Session, heard: str | None, now: dt.datetime) -> float:
    """For how many seconds a model has been chosen other than ``heard``, which answers; 0 where nobody knows."""
    use = newest(db)
    return 0.0 if use is None or heard in (None, use.model) else max(0.0, (now - use.at).total_seconds())


def decided(db: Session) -> str | None:
    """The model that is to answer, if officers chose it."""
    use = newest(db)
    return use.model if use is not None and use.how != How.START else None


def before(db: Session) -> str | None:
    """Where one step back leads; None where nothing was before, or its archive is gone."""
    models = line(db)
    if len(models) < 2:
        return None
    kept = db.scalars(select(TrainingRun.kept).where(TrainingRun.model == models[-2])).all()
    # Of what no run of ours made we remove nothing.
    return models[-2] if any(kept) or not kept else None


def waiting(db: Session) -> int:
    """1 when the newest run passed, against the model in use, and nobody has had its model answer; else 0."""
    run = db.scalar(select(TrainingRun).order_by(TrainingRun.id.desc()).limit(1))
    used = None if run is None else db.scalar(select(ModelUse.id).where(ModelUse.run_id == run.id).limit(1))
    return int(run is not None and bool(run.passed) and used is None and run.compared_with == current(db))


def note_start(db: Session, model: str, now: dt.datetime) -> None:
    """The service starts with ``model``, whatever was chosen before, as when its files have changed."""
    if current(db) != model:
        db.add(ModelUse(model=model, at=now, by=None, how=How.START))


def promote(
    db: Session, run_id: int, officer: str, now: dt.datetime, reason: str | None = None
) -> tuple[str | None, str]:
    """Have the run's model answer; returns the model before and the new one.

    Without ``reason`` only what has passed; raises ``TrainingError``.
    """
    run = db.get(TrainingRun, run_id)
    if run is None or run.state != State.DONE or run.model is None:
        message = "Lần huấn luyện này chưa xong phần kiểm tra nên chưa có mô hình để dùng."
        raise TrainingError(message)
    if not run.kept:
        message = "Tệp của mô hình này đã được dọn khỏi máy vì có lần huấn luyện mới hơn. Hãy huấn luyện lại."
        raise TrainingError(message)
    if reason is not None and len(reason.strip()) < LEAST_REASON:
        message = f"Hãy viết lý do dùng mô hình chưa đạt, ít nhất {LEAST_REASON} ký tự. Đã nhập: “{reason}”."
        raise TrainingError(message)
    if reason is None and not run.passed:
        message = "Mô hình này chưa đạt phần kiểm tra. Chỉ người quản trị được quyết định dùng, kèm lý do."
        raise TrainingError(message)
    old = current(db)
    if old == run.model:
        message = "Mô hình này đang được dùng rồi."
        raise TrainingError(message)
    if run.compared_with != old:
        message = "Mô hình đang dùng đã đổi từ khi kiểm tra, nên kết quả so sánh không còn đúng. Hãy huấn luyện lại."
        raise TrainingError(message)
    db.add(ModelUse(model=run.model, at=now, by=officer, how=How.PROMOTE, run_id=run.id, reason=reason))
    db.flush()
    return old, run.model


def go_back(db: Session, officer: str, now: dt.datetime) -> tuple[str, str]:
    """Have the model before answer again; returns the one that is left and the one that follows.

    Raises ``TrainingError`` where there is none.
    """
    models, target = line(db), before(db)
    if target is None:
        message = "Không có mô hình nào trước đó để quay lại."
        raise TrainingError(message)
    db.add(ModelUse(model=target, at=now, by=officer, how=How.BACK))
    db.flush()
    return models[-1], target


def superfluous(db: Session) -> list[str]:
    """Models to take off the disk: not the last ``KEPT`` in use, not the newest trained, none of an open run."""
    trained = db.execute(
        select(TrainingRun.model, TrainingRun.slot).where(TrainingRun.kept).order_by(TrainingRun.id)
    ).all()
    wanted = {*line(db)[-KEPT:], *[model for model, _ in trained[-1:]], *[model for model, slot in trained if slot]}
    return sorted({model for model, _ in trained if model is not None} - wanted)


def note_removed(db: Session, model: str) -> None:
    """Its archive is gone."""
    db.execute(update(TrainingRun).where(TrainingRun.model == model).values(kept=False))
