"""What runs of the training, their steps and what they found are called in the console."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.console.review_words import ASPECTS
from bot.conversation.report.words import STATUSES
from bot.conversation.retraining.runs import State, Step
from bot.conversation.retraining.tables import TrainingRun
from bot.knowledge.domain import Aspect
from bot.knowledge.snapshot import Snapshot

STATES: dict[str, str] = {
    State.WAITING: "Đang chờ máy huấn luyện nhận",
    State.RUNNING: "Đang chạy",
    State.DONE: "Đã xong",
    State.FAILED: "Không thành",
    State.STOPPED: "Đã dừng theo yêu cầu",
    State.BROKEN_OFF: "Bị ngắt giữa chừng",
}
STEPS: dict[str, str] = {
    Step.TRAIN: "Huấn luyện mô hình mới",
    Step.STORIES: "Chạy các câu chuyện mẫu trên hai mô hình",
    Step.OLD: "Hỏi mô hình đang dùng",
    Step.NEW: "Hỏi mô hình mới",
}
SETS = {
    "golden": "Bộ câu hỏi mẫu",
    "golden_off_topic": "Câu hỏi ngoài phạm vi",
    "attacks": "Câu cố tình gây nhiễu",
    "cases": "Câu kiểm tra của người rà soát",
    "stories": "Câu chuyện mẫu",
}
NONE = {
    "golden": "không có trên máy huấn luyện",
    "cases": "chưa có câu nào",
    "stories": "không có trên máy huấn luyện",
}
"""Why a part has no rows."""
FIGURES = {
    "topic": "Đúng lĩnh vực",
    "topic_aspect": "Đúng lĩnh vực và điều được hỏi",
    "offered": "Đúng lĩnh vực, kể cả khi nêu nhiều cách hiểu",
    "answered": "Có dữ liệu và đã trả lời",
    "declined": "Ngoài phạm vi và không trả lời nhầm",
    "held": "Câu gây nhiễu được xử lý đúng",
}
FAULTS = {
    "no_golden": "Máy huấn luyện không có bộ câu hỏi mẫu, nên chưa biết mô hình mới tốt hay kém.",
    "no_stories": "Máy huấn luyện không có câu chuyện mẫu, nên chưa biết mô hình mới có đi đúng các bước không.",
    "golden_worse": "Bộ câu hỏi mẫu bị sai thêm quá mức cho phép (quá 0,5% số câu).",
    "attack_worse": "Có câu cố tình gây nhiễu trước đây xử lý đúng, nay sai.",
    "case_worse": "Có câu kiểm tra của người rà soát trước đây đúng, nay sai.",
    "story_fails": "Có câu chuyện mẫu mà mô hình mới không đi đúng.",
    "no_answer": "Có câu mà mô hình mới không trả lời được.",
}
HOW = {"start": "khi hệ thống khởi động", "promote": "đưa vào dùng", "back": "quay lại mô hình trước"}
_SILENT = "không trả lời"


def state(run: TrainingRun) -> str:
    """How far the run is, and whether it passed."""
    if run.state == State.DONE:
        return "Đạt" if run.passed else "Chưa đạt"
    return STATES[run.state]


def intent(name: str) -> str:
    """What a phrasing is an example of."""
    return "Ngoài phạm vi" if name == "out_of_scope" else ASPECTS[Aspect(name.removeprefix("ask_"))]


def told(snapshot: Snapshot, what: Mapping[str, Any]) -> str:
    """What a model made of a question: status, topic, aspect."""
    status = what.get("status")
    parts = [STATUSES.get(status, _SILENT)] if status else []
    topic = snapshot.topics.get(str(what.get("topic")))
    parts += [topic.name] if topic else []
    aspect = what.get("aspect")
    return ", ".join([*parts, *([ASPECTS[Aspect(aspect)].lower()] if aspect else [])])


def wanted(snapshot: Snapshot, row: Mapping[str, Any]) -> str:
    """Where a golden question must lead; nothing for what has no topic."""
    return told(snapshot, {"topic": row.get("topic"), "aspect": row.get("aspect")})


def percent(share: float) -> str:
    """A share between 0 and 1, as in ``91,2%``."""
    return f"{share * 100:.1f}%".replace(".", ",")


def moment(written: str) -> dt.datetime:
    """When a phrasing was approved, as a version of the data keeps it."""
    return dt.datetime.fromisoformat(written)
