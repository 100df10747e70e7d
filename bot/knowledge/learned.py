"""Phrasings that reviewers taught: what a citizen asked, and what that should have found.

They stand beside the policy rows, not in them: a reload of ``data/`` leaves them alone, and taking one back restores
what was there. A phrasing has one target: taught anew, it moves, and the index takes it out of its rivals.
"""

import datetime as dt
from collections.abc import Container

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.domain import Aspect, Learned, LearnedPhrase
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import SERIAL, UtcTime


class LearnedPhraseRecord(Base):
    """A phrasing as it was approved: masked or retyped text, with nothing that leads to who asked it.

    ``folded`` is the form that is searched; two phrasings that differ in accents alone are one.
    """

    __tablename__ = "learned_phrase"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    target: Mapped[str | None] = mapped_column(String(128))
    aspect: Mapped[str | None] = mapped_column(String(32))
    approved_by: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[dt.datetime] = mapped_column(UtcTime)


def read_learned(session: Session, snapshot: Snapshot) -> tuple[LearnedPhrase, ...]:
    """The phrasings whose target ``snapshot`` holds, oldest first; of a row that is gone nothing is learnt."""
    rows = session.scalars(select(LearnedPhraseRecord).order_by(LearnedPhraseRecord.id))
    phrases = (
        LearnedPhrase(row.text, Learned(row.kind), row.target or "", None if row.aspect is None else Aspect(row.aspect))
        for row in rows
    )
    held: dict[Learned, Container[str]] = {
        Learned.FAQ: snapshot.faqs,
        Learned.PROGRAM: snapshot.programs,
        Learned.TOPIC: snapshot.topics,
        Learned.OUT_OF_SCOPE: ("",),
    }
    return tuple(phrase for phrase in phrases if phrase.target in held[phrase.kind])
