"""Where a question should lead: what a reviewer chooses, what is learnt, and what a regression case expects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.conversation.rasa_client import AnswerFields
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.prepared import prepare
from bot.knowledge.snapshot import Snapshot
from bot.text.mask import mask
from bot.text.normalize import normalize

LONGEST_PHRASE = 300


class DecisionError(ValueError):
    """A decision that cannot be taken as it was given; the message, in Vietnamese, says what was and how to mend it."""


@dataclass(frozen=True)
class Target:
    """An FAQ entry, a program with an aspect, a topic, or out of scope (without ``id``)."""

    kind: Learned
    id: str = ""
    aspect: Aspect | None = None

    def to_json(self) -> dict[str, Any]:
        """The form that the log of decisions keeps."""
        return {"kind": self.kind.value, "target": self.id, "aspect": self.aspect.value if self.aspect else None}

    def check(self, snapshot: Snapshot) -> None:
        """Raise ``DecisionError`` when the published rows hold no such thing."""
        rows = {Learned.FAQ: snapshot.faqs, Learned.PROGRAM: snapshot.programs, Learned.TOPIC: snapshot.topics}
        if self.kind in rows and self.id not in rows[self.kind]:
            called = {Learned.FAQ: "mục hỏi đáp", Learned.PROGRAM: "chương trình", Learned.TOPIC: "chủ đề"}[self.kind]
            message = f"Không có {called} “{self.id}” đang công bố. Hãy chọn lại trong danh sách."
            raise DecisionError(message)
        if self.kind is Learned.PROGRAM and self.aspect is None:
            message = f"Chưa chọn người dân hỏi gì về chương trình “{self.id}”, ví dụ: mức hưởng, giấy tờ, thủ tục."
            raise DecisionError(message)

    def reached(self, answers: Iterable[AnswerFields]) -> bool:
        """Whether one of the messages of a turn is what the target asks for."""
        return any(self._is(answer) for answer in answers)

    def _is(self, answer: AnswerFields) -> bool:
        match self.kind:
            case Learned.OUT_OF_SCOPE:
                return answer.status == "out_of_scope"
            case Learned.FAQ:
                return (answer.model_extra or {}).get("faq") == self.id
            case Learned.TOPIC:
                return answer.topic == self.id
            case Learned.PROGRAM:
                # A check that begins tells no aspect yet; it is how one's own entitlement is answered.
                checks = answer.status == "asked_back" and self.aspect is Aspect.ELIGIBILITY
                told = self.aspect is not None and answer.aspect == self.aspect.value
                return answer.program == self.id and (told or checks)


def checked_text(text: str, what: str) -> str:
    """``text`` in its normal form; ``what`` names it in the error when it is empty, too long or holds personal data."""
    text = normalize(text)
    if not prepare(text):
        message = f"{what} đang trống. Hãy nhập một câu như người dân hay hỏi."
        raise DecisionError(message)
    if len(text) > LONGEST_PHRASE:
        message = f"{what} dài {len(text)} ký tự, tối đa là {LONGEST_PHRASE}. Hãy rút lại còn phần hỏi."
        raise DecisionError(message)
    masked = mask(text)
    if masked.kinds:
        message = f"{what} có số giấy tờ, số điện thoại hay tài khoản: “{masked.text}”. Hãy bỏ phần đó đi."
        raise DecisionError(message)
    return text
