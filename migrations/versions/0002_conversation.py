"""Sessions, messages and the conversation log.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("erased_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_channel_sender", "session", ["channel", "sender"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])

    op.create_table(
        "turn_log",
        sa.Column("turn_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("normalised", sa.Text(), nullable=True),
        sa.Column("masked_kinds", sa.JSON(), nullable=False),
        sa.Column("button", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("program", sa.String(length=64), nullable=True),
        sa.Column("aspect", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("understanding", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("durations", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("knowledge_version", sa.String(length=64), nullable=True),
        sa.Column("model_version", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("turn_id", name="pk_turn_log"),
    )
    op.create_index("ix_turn_log_asked_at", "turn_log", ["asked_at"])
    op.create_index("ix_turn_log_intent", "turn_log", ["intent"])
    op.create_index("ix_turn_log_program", "turn_log", ["program"])
    op.create_index("ix_turn_log_session_id", "turn_log", ["session_id"])
    op.create_index("ix_turn_log_status_asked_at", "turn_log", ["status", "asked_at"])
    op.create_index("ix_turn_log_topic", "turn_log", ["topic"])

    op.create_table(
        "case_row",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_case_row_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_case_row"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=32), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("given_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_feedback_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("session_id", "message_id", name="uq_feedback_session_id_message_id"),
    )
    op.create_index("ix_feedback_turn_id", "feedback", ["turn_id"])

    op.create_table(
        "handover",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("requested_at", _TIME, nullable=False),
        sa.Column("closed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_handover_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    op.create_index("ix_handover_requested_at", "handover", ["requested_at"])
    op.create_index("ix_handover_session_id_closed_at", "handover", ["session_id", "closed_at"])

    op.create_table(
        "message",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=32), nullable=True),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", _TIME, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_message_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_message"),
        sa.UniqueConstraint("session_id", "id", name="uq_message_session_id_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_session_id_seq", "message", ["session_id", "seq"])
    op.create_index("ix_message_turn_id", "message", ["turn_id"])


def downgrade() -> None:
    for table in ("message", "handover", "feedback", "case_row", "turn_log", "session"):
        op.drop_table(table)
