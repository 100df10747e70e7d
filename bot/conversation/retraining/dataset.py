"""The version of the training data: which phrasings go in, and what that changes against the model in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation.retraining.tables import TrainingRun
from bot.conversation.review.phrases import intent_of, write_examples
from bot.knowledge.learned import LearnedPhraseRecord, read_learned
from bot.knowledge.snapshot import Snapshot


@dataclass(frozen=True, order=True)
class Phrase:
    """A phrasing that a model is trained on as an example of ``intent``; ``by`` approved it, ``at`` in ISO 8601."""

    text: str
    intent: str
    by: str
    at: str

    @property
    def example(self) -> tuple[str, str]:
        """What the model sees of it."""
        return self.intent, self.text


@dataclass(frozen=True)
class Change:
    """What a version has that the one before had not, and the reverse."""

    added: Sequence[Phrase]
    removed: Sequence[Phrase]


def live(db: Session, snapshot: Snapshot) -> list[Phrase]:
    """What a model trained now would be taught, in order; what leads to no intent (whole topics) teaches it nothing."""
    intents = {phrase.text: intent_of(snapshot, phrase) for phrase in read_learned(db, snapshot)}
    rows = db.scalars(select(LearnedPhraseRecord))
    return sorted(
        Phrase(row.text, intent, row.approved_by, row.approved_at.isoformat(timespec="seconds"))
        for row in rows
        if (intent := intents.get(row.text)) is not None
    )


def taught(db: Session, model: str | None) -> list[Phrase] | None:
    """What ``model`` was taught; None when no run of ours made it, so that nobody knows."""
    run = db.scalar(select(TrainingRun).where(TrainingRun.model == model).order_by(TrainingRun.id.desc()).limit(1))
    return None if run is None else phrases_of(run)


def phrases_of(run: TrainingRun) -> list[Phrase]:
    """The phrasings of a run's version."""
    return [Phrase(**each) for each in run.phrases]


def as_json(phrases: Iterable[Phrase]) -> list[dict[str, Any]]:
    """As a run keeps them."""
    return [asdict(phrase) for phrase in phrases]


def change(before: Sequence[Phrase], after: Sequence[Phrase]) -> Change:
    """What the model would learn and unlearn; who approved a phrasing again changes nothing."""
    old, new = ({phrase.example for phrase in side} for side in (before, after))
    return Change(
        [phrase for phrase in after if phrase.example not in old],
        [phrase for phrase in before if phrase.example not in new],
    )


def training_yaml(phrases: Iterable[Phrase]) -> str:
    """The version's phrasings as a file of Rasa's training data."""
    examples: Mapping[str, list[str]] = defaultdict(list)
    for phrase in phrases:
        examples[phrase.intent].append(phrase.text)
    return write_examples(examples)
