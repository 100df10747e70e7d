"""What reasons, decisions, aspects and targets of the review are called in the console."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.conversation.rasa_client import ActionsDownError, BadReplyError, RasaError, RasaTimeoutError
from bot.conversation.report.words import STATUSES
from bot.conversation.review.decisions import Kind
from bot.conversation.review.reasons import Reason
from bot.conversation.review.targets import Target
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.snapshot import Snapshot

REASONS: dict[str, str] = {
    Reason.THUMBS_DOWN: "người dân chê",
    Reason.OFFICER: "phải nhờ cán bộ",
    Reason.NOT_UNDERSTOOD: "không hiểu rõ",
    Reason.NOT_COVERED: "chưa có dữ liệu",
    Reason.ASKED_TWICE: "hỏi lại hai lần",
    Reason.LOW_MARGIN: "phân vân giữa hai cách hiểu",
    Reason.ABANDONED: "bỏ dở giữa chừng",
}
VERDICTS: dict[str, str] = {
    Kind.RIGHT: "Trả lời như vậy là đúng",
    Kind.LEADS_TO: "Hiểu sai: câu này phải dẫn tới mục khác",
    Kind.NEW_FAQ: "Cần một mục hỏi đáp mới",
    Kind.POLICY_WRONG: "Dữ liệu chính sách sai: giao biên tập sửa",
    Kind.OUT_OF_SCOPE: "Ngoài phạm vi của trợ lý",
    Kind.UNUSABLE: "Không dùng được (vô nghĩa, thử máy)",
}
ASPECTS: dict[str, str] = {
    Aspect.ELIGIBILITY: "Điều kiện",
    Aspect.BENEFIT: "Mức hưởng",
    Aspect.DOCUMENTS: "Giấy tờ",
    Aspect.PROCEDURE: "Thủ tục, nơi nộp",
    Aspect.TIME_LIMIT: "Thời hạn",
    Aspect.DEFINITION: "Là gì",
    Aspect.LEGAL_BASIS: "Văn bản quy định",
    Aspect.COMPLAINT: "Khiếu nại",
    Aspect.OTHER: "Việc khác",
}
INTENTS = {
    **{f"ask_{aspect}": f"hỏi: {name.lower()}" for aspect, name in ASPECTS.items()},
    "screen": "hỏi mình được hưởng gì",
    "inform": "kể về gia đình",
    "affirm": "đồng ý",
    "deny": "không đồng ý",
    "dont_know": "không biết",
    "correct": "sửa lời đã nói",
    "stop": "muốn dừng",
    "greet": "chào",
    "thanks": "cảm ơn",
    "bye": "tạm biệt",
    "help": "hỏi cách dùng",
    "bot_challenge": "hỏi có phải người không",
    "human": "muốn gặp cán bộ",
    "feedback_good": "khen",
    "feedback_bad": "chê",
    "delete_data": "muốn xoá dữ liệu",
    "abuse": "thô tục",
    "emergency": "khẩn cấp",
    "out_of_scope": "ngoài phạm vi",
    "foreign_language": "tiếng nước ngoài",
    "button": "bấm nút",
    "nlu_fallback": "không rõ ý",
}
DURATIONS = {
    "queue_ms": "chờ lượt trước xong",
    "open_ms": "ghi câu hỏi",
    "rasa_ms": "hiểu câu hỏi và trả lời",
    "answer_ms": "trong đó tìm và soạn câu trả lời",
    "decide_ms": "cả lượt, từ khi ghi xong",
}
RATINGS = {1: "khen", -1: "chê"}


def target(snapshot: Snapshot, where: Target) -> str:
    """Where a question leads, by name: what is not published any more keeps its id."""
    match where.kind:
        case Learned.FAQ:
            faq = snapshot.faqs.get(where.id)
            return f"Hỏi đáp: {faq.question if faq else where.id}"
        case Learned.PROGRAM:
            program = snapshot.programs.get(where.id)
            aspect = ASPECTS[where.aspect] if where.aspect else ""
            return f"Chương trình: {program.name if program else where.id} – {aspect}"
        case Learned.TOPIC:
            topic = snapshot.topics.get(where.id)
            return f"Lĩnh vực: {topic.name if topic else where.id}"
        case Learned.OUT_OF_SCOPE:
            return "Ngoài phạm vi"


def day(iso: str) -> str:
    """A day of a stored answer as it is read here: "29/11/2026"."""
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"


def told(snapshot: Snapshot, answer: dict[str, Any]) -> str:
    """What an answer object was about: "Đã trả lời · Chương trình … – Mức hưởng"."""
    parts = [STATUSES.get(answer.get("status") or "", answer.get("status") or "")]
    faq, program = answer.get("faq"), answer.get("program")
    aspect = answer.get("aspect")
    if faq:
        parts.append(target(snapshot, Target(Learned.FAQ, faq)))
    elif program:
        known = Aspect(aspect) if aspect in ASPECTS else None
        parts.append(target(snapshot, Target(Learned.PROGRAM, program, known)).removesuffix(" – "))
    elif answer.get("topic"):
        parts.append(target(snapshot, Target(Learned.TOPIC, answer["topic"])))
    return " · ".join(part for part in parts if part)


def no_answer(error: RasaError) -> str:
    """Why the assistant cannot be asked now, and what to do."""
    match error:
        case RasaTimeoutError():
            return "Trợ lý không trả lời kịp lúc này. Hãy thử lại sau ít phút."
        case ActionsDownError():
            return "Bộ phận trả lời (actions) chưa chạy, nên chưa thử được. Hãy báo người phụ trách kỹ thuật."
        case BadReplyError():
            return "Trợ lý trả lời không đúng dạng. Hãy báo người phụ trách kỹ thuật."
        case _:
            return "Bộ phận hiểu câu hỏi (Rasa) chưa chạy, nên chưa thử được. Hãy thử lại sau ít phút."
