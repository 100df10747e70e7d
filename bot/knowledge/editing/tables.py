"""The tables of change sets: what officers draft, submit, approve and publish as one."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.knowledge.db import Base
from bot.knowledge.tables import UtcTime

_WORD = String(32)
_OFFICER = String(128)
_CONTENT = JSON(none_as_null=True)


class ChangeRecord(Base):
    """One unit's new content, or its removal where ``content`` is empty.

    ``base`` is what was published when the author began, empty for a new unit. Once published it is what was replaced.
    """

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("change_set_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_set_id: Mapped[int] = mapped_column(ForeignKey("change_set.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(_WORD)
    key: Mapped[str] = mapped_column(String(256), index=True)
    base: Mapped[dict[str, Any] | None] = mapped_column(_CONTENT)
    content: Mapped[dict[str, Any] | None] = mapped_column(_CONTENT)


class ChangeSetRecord(Base):
    """What is submitted and approved as one; ``revision`` goes up with every write, ``version`` is the knowledge's."""

    __tablename__ = "change_set"
    __table_args__ = (
        CheckConstraint("approver <> author", name="four_eyes"),
        CheckConstraint("state NOT IN ('approved', 'published') OR approver IS NOT NULL", name="approved_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(_WORD, index=True)
    author: Mapped[str] = mapped_column(_OFFICER)
    approver: Mapped[str | None] = mapped_column(_OFFICER)
    reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int]
    created_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    approved_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    publish_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcTime)
    version: Mapped[int | None]

    changes: Mapped[list[ChangeRecord]] = relationship(order_by=ChangeRecord.id, cascade="all, delete-orphan")


class RunRecord(Base):
    """Work for an officer that takes longer than a page may; any gateway shows how far it is and what it came to.

    ``beat_at`` is when the gateway at work last gave a sign of life. With ``seconds`` it has ended: with a ``result``,
    to which a ``file`` may belong, or with a ``problem`` in words for the officer.
    """

    __tablename__ = "editing_run"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(_WORD)
    officer: Mapped[str] = mapped_column(_OFFICER)
    name: Mapped[str] = mapped_column(Text)
    began_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    kept_until: Mapped[dt.datetime] = mapped_column(UtcTime, index=True)
    beat_at: Mapped[dt.datetime] = mapped_column(UtcTime)
    doing: Mapped[str] = mapped_column(Text)
    done: Mapped[int]
    total: Mapped[int]
    seconds: Mapped[float | None]
    problem: Mapped[str | None] = mapped_column(Text)
    # Large, and not asked for while it is not there.
    result: Mapped[dict[str, Any] | None] = mapped_column(_CONTENT, deferred=True)
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
