"""The table of tokens: one row for each application."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import UtcTime


class ZaloToken(Base):
    """The pair in use, sealed. ``previous`` is the refresh token before it, should Zalo dispute the newest.

    ``problem`` says why the last refresh failed; with one that Zalo has refused, a person must act.
    """

    __tablename__ = "zalo_token"

    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    access: Mapped[str] = mapped_column(Text)
    refresh: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    renewed_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    previous: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(String(64))
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcTime)
