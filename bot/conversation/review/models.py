"""The tables of the review. None holds who asked: what leads to a turn leads to the masked log alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import SERIAL, UtcTime

_TURN_ID = String(32)
_LOGIN = String(64)
_TARGET = String(128)
_WORD = String(32)


class TurnText(Base):
    """The question of a turn without accents, to be searched: narrow rows in the order of time.

    ``position`` is a number of the turn's time and id (``positions.py``). An erasure removes the row.
    """

    __tablename__ = "turn_text"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn_log.turn_id", ondelete="CASCADE"), unique=True)
    folded: Mapped[str] = mapped_column(Text)


class ReviewItem(Base):
    """Turns that went wrong in one way: ``state`` is ``open``, ``claimed`` or ``decided``; ``turns`` counts them.

    Turns of a check that stuck at a question are one item per ``fact``; all others are told apart by what they mean
    and what ``aspect`` they ask for.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        Index("ix_review_item_state_turns", "state", "turns"),
        Index("ix_review_item_fact", "fact"),
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    turns: Mapped[int]
    first_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    last_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    fact: Mapped[str | None] = mapped_column(_TARGET)
    aspect: Mapped[str | None] = mapped_column(_WORD)
    claimed_by: Mapped[str | None] = mapped_column(_LOGIN)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class ReviewTurn(Base):
    """A turn that deserves a look, in its item, and why (``reasons.Reason``)."""

    __tablename__ = "review_turn"
    __table_args__ = (Index("ix_review_turn_item_id_turn_id", "item_id", "turn_id"),)

    turn_id: Mapped[str] = mapped_column(ForeignKey("turn_log.turn_id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_item.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(_WORD)
    found_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ReviewProgress(Base):
    """How far the job has read each of its sources: the time and key of the last row."""

    __tablename__ = "review_progress"

    source: Mapped[str] = mapped_column(_WORD, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    key: Mapped[str] = mapped_column(_TURN_ID)


class ReviewDecision(Base):
    """Who decided what about an item, when and why; it stays whatever becomes of the turns.

    ``outcome`` holds what was taught: target, the ids of phrase, regression case and task, and a drafted FAQ entry.
    """

    __tablename__ = "review_decision"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_item.id"), index=True)
    kind: Mapped[str] = mapped_column(_WORD)
    reviewer: Mapped[str] = mapped_column(_LOGIN)
    decided_at: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    why: Mapped[str] = mapped_column(Text)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)


class Task(Base):
    """Something an editor has to mend: ``kind`` is ``policy`` or ``faq``, ``target`` the row if one is known."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_done_at_id", "done_at", "id"),)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    kind: Mapped[str] = mapped_column(_WORD)
    target: Mapped[str | None] = mapped_column(_TARGET)
    note: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(_LOGIN)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    done_by: Mapped[str | None] = mapped_column(_LOGIN)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)


class RegressionCase(Base):
    """A question that was once answered wrongly, in other words than those learnt, and where it must lead.

    ``kind`` and ``target`` are those of a learnt phrasing (``bot.knowledge.domain.Learned``).
    """

    __tablename__ = "regression_case"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(_WORD)
    target: Mapped[str | None] = mapped_column(_TARGET)
    aspect: Mapped[str | None] = mapped_column(_WORD)
    created_by: Mapped[str] = mapped_column(_LOGIN)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class ReviewSample(Base):
    """Answered turns of a period, drawn at random to tell how often the answer was right."""

    __tablename__ = "review_sample"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(UtcTime)
    until: Mapped[dt.datetime] = mapped_column(UtcTime)
    answered: Mapped[int]
    drawn_by: Mapped[str] = mapped_column(_LOGIN)
    drawn_at: Mapped[dt.datetime] = mapped_column(UtcTime)


class SampledTurn(Base):
    """A turn of a sample; ``right`` is empty until it is judged. The judgement outlives the turn, for the figures.

    ``asked_at`` is the turn's; empty only in rows that the version before writes during an update. ``note`` goes with
    the turn's words.
    """

    __tablename__ = "sampled_turn"

    sample_id: Mapped[int] = mapped_column(ForeignKey("review_sample.id", ondelete="CASCADE"), primary_key=True)
    turn_id: Mapped[str] = mapped_column(_TURN_ID, primary_key=True, index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcTime, nullable=True)
    right: Mapped[bool | None]
    judged_by: Mapped[str | None] = mapped_column(_LOGIN)
    judged_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    note: Mapped[str | None] = mapped_column(Text)


TABLE_NAMES = frozenset(
    row.__tablename__
    for row in (
        TurnText,
        ReviewItem,
        ReviewTurn,
        ReviewProgress,
        ReviewDecision,
        Task,
        RegressionCase,
        ReviewSample,
        SampledTurn,
    )
)
