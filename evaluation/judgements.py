"""What a reader found of answers: whether each states what was asked.

A reader gets `var/reports/eval-answers.jsonl`, and what they find is kept in `judgements.yml`, by id and without a word
of a question. A judgement is of one answer: once the answer is another, it no longer counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.conversation.review.sample import wilson
from bot.knowledge.wording import day_text
from evaluation.scores import Judged


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of the answer with that `mark`: whether it states what was asked, and why."""

    mark: str
    right: bool
    reason: str


def mark(answer: str, day: dt.date) -> str:
    """What tells an answer from others, on whatever `day` it is given."""
    return hashlib.sha256(answer.replace(day_text(day), "").encode()).hexdigest()[:12]


def read_judgements(path: Path) -> dict[str, Judgement]:
    """Judgements by the id of the question; nothing when nobody has judged yet."""
    if not path.exists():
        return {}
    given = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return {each["id"]: Judgement(each["mark"], each["right"], each["reason"]) for each in given}


def told(judgements: Mapping[str, Judgement], sample: Sequence[Judged], day: dt.date) -> str:
    """The part of the report: how many of the sample's answers are right, and each judgement with its reason."""
    found = {
        each.row.id: judgement
        for each in sample
        if (judgement := judgements.get(each.row.id)) is not None and judgement.mark == mark(each.outcome.text, day)
    }
    share = wilson(sum(judgement.right for judgement in found.values()), len(found))
    if share.share is None:
        return f"Chưa ai chấm câu nào trong {len(sample)} câu trả lời (nobody has judged)."
    said = (
        f"{share.right}/{len(found)} câu nói đúng điều được hỏi ({share.share:.1%}, khoảng tin cậy 95 %: "
        f"{share.low:.1%}–{share.high:.1%}); {len(sample) - len(found)} câu chưa chấm hoặc nay trả lời khác "
        "(not judged)."
    )
    rows = [f"| {key} | {'✓' if each.right else '✗'} | {each.reason} |" for key, each in sorted(found.items())]
    return "\n".join([said, "", "| câu (question) | đúng (right) | vì sao (reason) |", "|---|---|---|", *rows])
