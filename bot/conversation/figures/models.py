"""What remains of turns once their rows in the log are gone: counts by day, with nobody in them.

A day is one of Việt Nam. Where the log says nothing, the column is an empty text, as all of them are part of a key.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base


class DailyCount(Base):
    """Turns of one day that ended alike, and the thumbs given to them."""

    __tablename__ = "daily_count"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    status: Mapped[str] = mapped_column(String(16), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), primary_key=True)
    program: Mapped[str] = mapped_column(String(64), primary_key=True)
    turns: Mapped[int]
    up: Mapped[int]
    down: Mapped[int]


class DailyCommune(Base):
    """Turns of one day about a commune; apart from what was asked, as both together could point at somebody."""

    __tablename__ = "daily_commune"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    commune: Mapped[str] = mapped_column(String(16), primary_key=True)
    turns: Mapped[int]


class DailyLatency(Base):
    """Turns of one day that took about as long: ``bucket`` as in ``latency.py``."""

    __tablename__ = "daily_latency"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turns: Mapped[int]


TABLE_NAMES = frozenset(row.__tablename__ for row in (DailyCount, DailyCommune, DailyLatency))
