"""Retention: its runs, the counts that outlive the log, consent, and what figures need in the log itself.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PARTIAL = {"ix_turn_log_bulky": sa.text("answers IS NOT NULL"), "ix_turn_log_worded": sa.text("question IS NOT NULL")}
_LOG_COLUMNS = ("took_ms", sa.Integer()), ("commune", sa.String(length=16))


def upgrade() -> None:
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("program", sa.String(length=64), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("up", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", "status", "topic", "program", name="pk_daily_count"),
    )
    op.create_table(
        "daily_commune",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("commune", sa.String(length=16), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "commune", name="pk_daily_commune"),
    )
    op.create_table(
        "daily_latency",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "bucket", name="pk_daily_latency"),
    )
    op.create_table(
        "retention_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("lease_until", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("day", name="pk_retention_run"),
    )
    op.create_table(
        "consent",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_channel_sender", "consent", ["channel", "sender"])
    op.create_index("ix_consent_at", "consent", ["at"])
    op.create_index("ix_message_sent_at", "message", ["sent_at"])
    for name, kind in _LOG_COLUMNS:
        op.add_column("turn_log", sa.Column(name, kind, nullable=True))
    for name, where in _PARTIAL.items():
        op.create_index(name, "turn_log", ["asked_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in _PARTIAL:
        op.drop_index(name, "turn_log")
    for name, _ in reversed(_LOG_COLUMNS):
        # No table made anew: SQLite drops a column that no index holds.
        op.drop_column("turn_log", name)
    op.drop_index("ix_message_sent_at", "message")
    for table in ("consent", "retention_run", "daily_latency", "daily_commune", "daily_count"):
        op.drop_table(table)
