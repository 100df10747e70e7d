"""What a reviewer decides about an item, and what follows from it at once.

Each function runs inside the caller's transaction: decision, phrasing, regression case, task and the item's leaving the
queue are stored together or not at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.review import cases, phrases, queue
from bot.conversation.review.models import RegressionCase, ReviewDecision, Task
from bot.conversation.review.targets import DecisionError, Target, checked_text
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.editing.keys import key_for
from bot.knowledge.snapshot import Snapshot
from bot.text.mask import mask


class Kind(StrEnum):
    """What is decided."""

    RIGHT = "right"
    LEADS_TO = "leads_to"
    NEW_FAQ = "new_faq"
    POLICY_WRONG = "policy_wrong"
    OUT_OF_SCOPE = "out_of_scope"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class Verdict:
    """What a reviewer hands in.

    ``phrase`` is what is to be learnt, ``check`` the same in other words, for the regression case: both are needed
    where the question leads elsewhere from now on (``leads_to`` with its ``target``, ``new_faq``, ``out_of_scope``).
    ``new_faq`` also needs ``topic`` and ``aspect``. ``policy_wrong`` names the ``row`` if it is known.
    """

    kind: Kind
    why: str
    phrase: str = ""
    check: str = ""
    target: Target | None = None
    topic: str = ""
    aspect: Aspect = Aspect.OTHER
    program: str | None = None
    row: str | None = None


@dataclass(frozen=True)
class FaqDraft:
    """A new FAQ entry as far as a question tells it: answer and legal basis are the editor's, then it is published."""

    id: str
    topic: str
    aspect: Aspect
    program: str | None
    question: str
    phrasings: list[str]

    def to_json(self) -> dict[str, Any]:
        """The fields of an FAQ row that a question tells."""
        return asdict(self)


@dataclass(frozen=True)
class Decided:
    """What a decision left behind; ``draft`` is for the editing of FAQ entries to store."""

    id: int
    phrase: int | None = None
    case: int | None = None
    task: int | None = None
    draft: FaqDraft | None = None


@dataclass(frozen=True)
class Decision:
    """A decision as it was taken."""

    id: int
    item: int
    kind: Kind
    reviewer: str
    decided_at: dt.datetime
    why: str
    outcome: dict[str, Any]


def decide(db: Session, snapshot: Snapshot, item_id: int, reviewer: str, verdict: Verdict, now: dt.datetime) -> Decided:
    """Take a decision about an item that the reviewer has claimed, and take the item out of the queue.

    Raises ``DecisionError`` with nothing written, and the errors of ``queue.require_claimed``.
    """
    row = queue.require_claimed(db, item_id, reviewer)
    why = _words(verdict.why, "Lý do")
    done = _follow(db, snapshot, reviewer, verdict, why, now)
    stored = ReviewDecision(
        item_id=row.id,
        kind=verdict.kind.value,
        reviewer=reviewer,
        decided_at=now,
        why=why,
        outcome={
            "target": verdict.target.to_json() if verdict.target else None,
            "phrase": done.phrase,
            "case": done.case,
            "task": done.task,
            "faq": done.draft.to_json() if done.draft else None,
        },
    )
    db.add(stored)
    queue.close(db, row, now)
    db.flush()
    return Decided(stored.id, done.phrase, done.case, done.task, done.draft)


def taken(db: Session, item_id: int) -> list[Decision]:
    """The decisions about an item, oldest first."""
    rows = db.scalars(select(ReviewDecision).where(ReviewDecision.item_id == item_id).order_by(ReviewDecision.id))
    return [
        Decision(row.id, row.item_id, Kind(row.kind), row.reviewer, row.decided_at, row.why, row.outcome)
        for row in rows
    ]


def target_of(decision: Decision) -> Target | None:
    """Where the question was said to lead, if the decision said so."""
    stored = decision.outcome.get("target")
    if not stored:
        return None
    aspect = Aspect(stored["aspect"]) if stored["aspect"] else None
    return Target(Learned(stored["kind"]), stored["target"], aspect)


def draft_for(db: Session, task_id: int) -> dict[str, Any] | None:
    """The drafted FAQ entry that a task asks an editor to complete, as fields of an FAQ row."""
    given = select(ReviewDecision.outcome).where(ReviewDecision.outcome["task"].as_integer() == task_id)
    outcome = db.scalar(given.limit(1))
    draft: dict[str, Any] | None = outcome.get("faq") if outcome else None
    return draft


def adopt(db: Session, task_id: int, faq: str) -> None:
    """Let a task, its decision and its regression case mean the entry ``faq``, under which the draft was written.

    The id was only a proposal: by now another entry may have it. A case that was given another target since stays.
    """
    task = db.get(Task, task_id)
    stored = db.scalar(select(ReviewDecision).where(ReviewDecision.outcome["task"].as_integer() == task_id).limit(1))
    if task is None or task.done_at is not None or stored is None or not stored.outcome.get("faq"):
        return
    proposed = stored.outcome["faq"]["id"]
    case = db.get(RegressionCase, stored.outcome["case"])
    if case is not None and (case.kind, case.target) == (Learned.FAQ.value, proposed):
        case.target = faq
    task.target = faq
    stored.outcome = {**stored.outcome, "faq": {**stored.outcome["faq"], "id": faq}}
    db.flush()


def _follow(db: Session, snapshot: Snapshot, reviewer: str, verdict: Verdict, why: str, now: dt.datetime) -> Decided:
    match verdict.kind:
        case Kind.RIGHT | Kind.UNUSABLE:
            return Decided(0)
        case Kind.POLICY_WRONG:
            return Decided(0, task=_task(db, "policy", verdict.row, why, reviewer, now))
        case Kind.OUT_OF_SCOPE:
            return _teach(db, snapshot, verdict, Target(Learned.OUT_OF_SCOPE), reviewer, now)
        case Kind.LEADS_TO:
            if verdict.target is None:
                raise DecisionError(
                    "Chưa chọn câu hỏi này lẽ ra phải dẫn tới đâu. Hãy chọn chương trình hoặc mục hỏi đáp."
                )
            verdict.target.check(snapshot)
            return _teach(db, snapshot, verdict, verdict.target, reviewer, now)
        case Kind.NEW_FAQ:
            draft = _draft(db, snapshot, verdict)
            # What is drafted becomes a phrasing of the entry, so only the case is kept apart from it.
            target = Target(Learned.FAQ, draft.id)
            case = cases.add(db, snapshot, _check(verdict), draft.question, target, reviewer, now)
            return Decided(0, case=case, task=_task(db, "faq", draft.id, why, reviewer, now), draft=draft)


def _teach(
    db: Session, snapshot: Snapshot, verdict: Verdict, target: Target, reviewer: str, now: dt.datetime
) -> Decided:
    phrase, check = checked_text(verdict.phrase, "Câu cần dạy"), _check(verdict)
    case = cases.add(db, snapshot, check, phrase, target, reviewer, now)
    return Decided(0, phrase=phrases.learn(db, phrase, target, reviewer, now), case=case)


def _check(verdict: Verdict) -> str:
    return checked_text(verdict.check, "Câu kiểm tra")


def _draft(db: Session, snapshot: Snapshot, verdict: Verdict) -> FaqDraft:
    Target(Learned.TOPIC, verdict.topic).check(snapshot)
    if verdict.program is not None:
        Target(Learned.PROGRAM, verdict.program, verdict.aspect).check(snapshot)
    question = checked_text(verdict.phrase, "Câu hỏi của mục mới")
    phrases.refuse_case(db, question, "Câu hỏi của mục mới")
    return FaqDraft(
        id=key_for(question, snapshot.faqs),
        topic=verdict.topic,
        aspect=verdict.aspect,
        program=verdict.program,
        question=question[:1].upper() + question[1:],
        phrasings=[question],
    )


def _task(db: Session, kind: str, target: str | None, note: str, reviewer: str, now: dt.datetime) -> int:
    row = Task(kind=kind, target=target, note=note, created_by=reviewer, created_at=now)
    db.add(row)
    db.flush()
    return row.id


def _words(text: str, what: str) -> str:
    """What a reviewer wrote in their own words, without personal numbers."""
    text = " ".join(text.split())
    if not text:
        message = f"{what} đang trống. Hãy ghi ngắn gọn vì sao quyết định như vậy."
        raise DecisionError(message)
    return mask(text).text
