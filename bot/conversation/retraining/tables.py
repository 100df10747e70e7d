"""The tables of the training: runs, each with its version of the data, and which model was in use when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import SERIAL, UtcTime

MODEL_NAME = String(128)
_LOGIN = String(64)
_CONTENT = JSON(none_as_null=True)


class TrainingRun(Base):
    """A run: ``phrases`` are what was taught by then (``dataset.Phrase``), ``files`` is the digest of the rest.

    ``slot`` is 1 until the run has ended, however it does, and empty afterwards: being unique it allows one open run
    among all gateways. ``beat_at`` is when its process last gave a sign of life. ``result`` is what the check found
    (``evaluation/retraining/compare.py``), ``problem`` a sentence for the officer. ``kept`` is whether the archive
    ``model`` is still on the disk.
    """

    __tablename__ = "training_run"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    slot: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(_LOGIN)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    phrases: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    compared_with: Mapped[str] = mapped_column(MODEL_NAME)
    files: Mapped[str | None] = mapped_column(String(16))
    step: Mapped[str | None] = mapped_column(String(16))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    model: Mapped[str | None] = mapped_column(MODEL_NAME)
    kept: Mapped[bool] = mapped_column(default=False)
    passed: Mapped[bool | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(_CONTENT)
    problem: Mapped[str | None] = mapped_column(Text)


class ModelUse(Base):
    """From ``at`` on ``model``, an archive in ``models``, was to answer: ``how`` is ``start``, ``promote`` or ``back``.

    ``reason`` is written where an administrator promoted what had not passed.
    """

    __tablename__ = "model_use"

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    model: Mapped[str] = mapped_column(MODEL_NAME)
    at: Mapped[dt.datetime] = mapped_column(UtcTime)
    by: Mapped[str | None] = mapped_column(_LOGIN)
    how: Mapped[str] = mapped_column(String(16))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("training_run.id"))
    reason: Mapped[str | None] = mapped_column(Text)


TABLE_NAMES = frozenset({TrainingRun.__tablename__, ModelUse.__tablename__})
