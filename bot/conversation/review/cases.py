"""Regression cases: what was answered wrongly once must stay right, in other words than those that were learnt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.conversation.rasa_client import RasaError, RasaReply
from bot.conversation.review.models import RegressionCase
from bot.conversation.review.targets import DecisionError, Target
from bot.conversation.rows import changed
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.prepared import prepare, prepare_row
from bot.knowledge.snapshot import Snapshot

Ask = Callable[[str], Awaitable[RasaReply]]
"""How a case is asked: ``Replay.ask`` in the console and in the training of a model."""

SAME = 0.8
"""From this share of common words on, a question is no other way of saying what was learnt."""


@dataclass(frozen=True)
class Case:
    """A question and where it must lead."""

    id: int
    text: str
    target: Target
    created_by: str
    created_at: dt.datetime


@dataclass(frozen=True)
class Result:
    """What a case came to: ``told`` is status, program, aspect and FAQ entry of the first message, or the error."""

    case: Case
    passed: bool
    told: dict[str, Any]


def add(
    db: Session, snapshot: Snapshot, text: str, learnt: str, target: Target, reviewer: str, now: dt.datetime
) -> int:
    """Keep a case; one with the same words gets the new target. Returns its id.

    Raises ``DecisionError`` for what the search knows already, as that proves nothing: what is as good as ``learnt`` or
    another learnt phrasing, and what stands in the published rows.
    """
    folded = prepare(text)
    _check(db, snapshot, text, learnt)
    row = db.scalar(select(RegressionCase).where(RegressionCase.folded == folded))
    if row is None:
        row = RegressionCase(folded=folded)
        db.add(row)
    row.text, row.kind, row.target = text, target.kind.value, target.id or None
    row.aspect = target.aspect.value if target.aspect else None
    row.created_by, row.created_at = reviewer, now
    db.flush()
    return row.id


def listed(db: Session) -> list[Case]:
    """All cases, oldest first."""
    return [_case(row) for row in db.scalars(select(RegressionCase).order_by(RegressionCase.id))]


def remove(db: Session, case_id: int) -> bool:
    """Drop a case that no longer holds, as when its program has ended. Whether it was there."""
    return changed(db, delete(RegressionCase).where(RegressionCase.id == case_id)) == 1


async def run(cases: Sequence[Case], ask: Ask) -> list[Result]:
    """Ask every case once; one that gets no answer has not passed."""
    return [await _run_one(case, ask) for case in cases]


def to_yaml(cases: Sequence[Case]) -> str:
    """The cases as a file that a person can read."""
    rows = [{"id": f"review-{case.id}", "text": case.text, **case.target.to_json()} for case in cases]
    written: str = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=1000)
    return written


def _check(db: Session, snapshot: Snapshot, text: str, learnt: str) -> None:
    mend = "Hãy chọn một câu khác trong nhóm, hoặc gõ cách hỏi khác cùng ý, bằng những từ khác."
    folded = prepare(text)
    known = [(learnt, prepare(learnt)), *db.execute(select(LearnedPhraseRecord.text, LearnedPhraseRecord.folded)).all()]
    same = next((taught for taught, its in known if _common(folded, its) >= SAME), None)
    if same is not None:
        message = f"Câu kiểm tra “{text}” trùng hoặc gần như trùng với câu đã dạy “{same}” (không kể dấu). {mend}"
        raise DecisionError(message)
    row = next((published for published in _published(snapshot) if prepare_row(published) == folded), None)
    if row is not None:
        message = f"Câu kiểm tra “{text}” có sẵn trong dữ liệu đang công bố (“{row}”), nên không thử được gì. {mend}"
        raise DecisionError(message)


def _common(one: str, other: str) -> float:
    """The share of common words in two prepared texts, from 0 to 1."""
    mine, others = set(one.split()), set(other.split())
    return 2 * len(mine & others) / (len(mine) + len(others))


def _published(snapshot: Snapshot) -> Iterator[str]:
    """The texts by which published rows are found."""
    for faq in snapshot.faqs.values():
        yield from (faq.question, *faq.phrasings)
    for program in snapshot.programs.values():
        yield from (program.name, program.short_name, *program.keywords)
    for topic in snapshot.topics.values():
        yield from (topic.name, *topic.keywords, *topic.phrasings)


async def _run_one(case: Case, ask: Ask) -> Result:
    try:
        reply = await ask(case.text)
    except RasaError as error:
        return Result(case, passed=False, told={"error": type(error).__name__})
    answers = [answer.answer for answer in reply.answers]
    first = answers[0].model_dump() if answers else {}
    told = {name: first.get(name) for name in ("status", "topic", "program", "aspect", "faq")}
    return Result(case, case.target.reached(answers), told)


def _case(row: RegressionCase) -> Case:
    aspect = Aspect(row.aspect) if row.aspect else None
    return Case(row.id, row.text, Target(Learned(row.kind), row.target or "", aspect), row.created_by, row.created_at)
