"""Runs on both databases, made without training anything."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

import bot.conversation.retraining.tables  # noqa: F401 - importing declares the tables
from bot.conversation.retraining import choice, runs
from bot.conversation.retraining.dataset import Phrase
from tests.conversation.review.conftest import NOW, db, engine, postgres, small

__all__ = ["db", "engine", "postgres", "small"]

OLD = "ansinh-1234.tar.gz"
LAN = Phrase("xem bói ở đâu", "out_of_scope", "lan", "2026-11-24T08:00:00+00:00")
MINH = Phrase("già rồi lãnh mấy đồng", "ask_benefit", "minh", "2026-11-25T08:00:00+00:00")


def started(db: Session, model: str = OLD) -> None:
    """The service runs with ``model``."""
    choice.note_start(db, model, NOW)


def trained(
    db: Session, model: str, *, passed: bool = True, at: dt.datetime = NOW, phrases: tuple[Phrase, ...] = ()
) -> int:
    """A run that ended with ``model``, compared with the one in use."""
    number = runs.ask(db, phrases, choice.current(db) or OLD, "lan", at)
    assert runs.take(db, number, at) is not None
    runs.note_model(db, number, model, "abcd")
    runs.finish(db, number, at, passed=passed, result={"sets": []})
    return number
