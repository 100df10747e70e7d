"""The table of the nightly job: which gateway did it, and what it did."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import UtcTime


class RetentionRun(Base):
    """The run of one day, in Việt Nam. The key makes it one, however many gateways there are.

    ``owner`` may work on it ``lease_until`` then; another gateway takes over a run whose owner has died. ``done``
    counts the rows of each step. ``problem`` is what stopped it.
    """

    __tablename__ = "retention_run"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    owner: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    lease_until: Mapped[dt.datetime] = mapped_column(UtcTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    done: Mapped[dict[str, int]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Text)


TABLE_NAMES = frozenset({RetentionRun.__tablename__})
