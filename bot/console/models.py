"""The table of officers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.knowledge.db import Base
from bot.knowledge.tables import UtcTime


class OfficerRow(Base):
    """Somebody who may sign in to the console.

    ``password`` is an argon2 hash; ``totp`` the sealed secret of the second step, where one is set up, and
    ``totp_step`` the last step whose code was used. ``failures`` counts sign-ins gone wrong since the last good one. A
    session holds the ``epoch`` it began in: raising it ends them all.
    """

    __tablename__ = "officer"

    login: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(160))
    roles: Mapped[list[str]] = mapped_column(JSON)
    totp: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    signed_in_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
