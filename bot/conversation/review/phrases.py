"""Teaching a phrasing: it is found from the next turn on, and goes into the training data of the next model.

What is stored was read and approved by a reviewer and leads to no person, so it stays when whoever asked it first has
their data erased (decision 46).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.conversation.review.models import RegressionCase
from bot.conversation.review.targets import DecisionError, Target
from bot.conversation.rows import changed
from bot.knowledge.domain import Aspect, Learned, LearnedPhrase
from bot.knowledge.learned import LearnedPhraseRecord
from bot.knowledge.prepared import prepare
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.versions import raise_version


def learn(db: Session, text: str, target: Target, reviewer: str, now: dt.datetime) -> int:
    """Teach ``text``, published with the caller's transaction; returns its id.

    What is known for another target already, accents or not, moves to this one. Raises ``DecisionError`` for a
    regression case: it would prove nothing any more.
    """
    refuse_case(db, text, "Câu cần dạy")
    folded = prepare(text)
    row = db.scalar(select(LearnedPhraseRecord).where(LearnedPhraseRecord.folded == folded))
    if row is None:
        row = LearnedPhraseRecord(folded=folded)
        db.add(row)
    row.text, row.kind, row.target = text, target.kind.value, target.id or None
    row.aspect = target.aspect.value if target.aspect else None
    row.approved_by, row.approved_at = reviewer, now
    raise_version(db, now)
    db.flush()
    return row.id


def unlearn(db: Session, phrase_id: int, now: dt.datetime) -> bool:
    """Take a phrasing back: its rivals have again what was theirs. Whether it was there."""
    gone = changed(db, delete(LearnedPhraseRecord).where(LearnedPhraseRecord.id == phrase_id)) == 1
    if gone:
        raise_version(db, now)
    return gone


def refuse_case(db: Session, text: str, what: str) -> None:
    """Raise ``DecisionError`` if ``text`` is a regression case, accents or not; ``what`` names it there."""
    case = db.scalar(select(RegressionCase.text).where(RegressionCase.folded == prepare(text)))
    if case is not None:
        message = (
            f"{what} “{text}” đang là câu kiểm tra (“{case}”): dạy rồi thì không còn thử được gì. "
            "Hãy dạy bằng cách hỏi khác cùng ý, hoặc bỏ câu kiểm tra đó trước."
        )
        raise DecisionError(message)


def intent_of(snapshot: Snapshot, phrase: LearnedPhrase) -> str | None:
    """The intent that a learnt phrasing is an example of; of a whole topic it tells none."""
    if phrase.kind is Learned.OUT_OF_SCOPE:
        return "out_of_scope"
    aspect = snapshot.faqs[phrase.target].aspect if phrase.kind is Learned.FAQ else phrase.aspect
    return None if aspect is None else f"ask_{Aspect(aspect).value}"


def training_examples(snapshot: Snapshot) -> dict[str, list[str]]:
    """The learnt phrasings by the intent that each is an example of."""
    examples: dict[str, list[str]] = defaultdict(list)
    for phrase in snapshot.learned:
        intent = intent_of(snapshot, phrase)
        if intent is not None:
            examples[intent].append(phrase.text)
    return examples


def write_examples(examples: Mapping[str, Iterable[str]]) -> str:
    """Phrasings by intent as a file of Rasa's training data; the same ones give the same text, whatever their order."""
    nlu = [
        {"intent": intent, "examples": "".join(f"- {_plain(text)}\n" for text in sorted(examples[intent]))}
        for intent in sorted(examples)
    ]
    written: str = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=1000)
    return written


def training_yaml(snapshot: Snapshot) -> str:
    """What is learnt as such a file."""
    return write_examples(training_examples(snapshot))


def write_training(snapshot: Snapshot, path: Path) -> bool:
    """Write that file where the model builder reads it, if it changes; whether it did."""
    text = training_yaml(snapshot)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
    return True


def _plain(text: str) -> str:
    """One line, in which Rasa reads no entity: its marks are brackets, placeholders of masked numbers among them."""
    return " ".join(text.translate(str.maketrans("[](){}", "      ")).split())
