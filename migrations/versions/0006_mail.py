"""Mail of channels that acknowledge first, and the tokens of Zalo.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "correspondent",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("consent", sa.String(length=8), nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("paused_until", _TIME, nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("replies_left", sa.Integer(), nullable=True),
        sa.Column("replies_asked_at", _TIME, nullable=True),
        sa.Column("menu", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("channel", "sender", name="pk_correspondent"),
    )
    op.create_index("ix_correspondent_last_seen_at", "correspondent", ["last_seen_at"])
    op.create_table(
        "inbox",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("sent_at", _TIME, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "key", name="uq_inbox_channel_key"),
    )
    op.create_index("ix_inbox_channel_state_received_at", "inbox", ["channel", "state", "received_at"])
    op.create_index("ix_inbox_channel_sender_state", "inbox", ["channel", "sender", "state"])
    op.create_table(
        "outbox",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("echoed_at", _TIME, nullable=True),
        sa.Column("remote_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("channel", "message_id", "part", name="uq_outbox_channel_message_id_part"),
    )
    op.create_index("ix_outbox_channel_state_due_at", "outbox", ["channel", "state", "due_at"])
    op.create_index("ix_outbox_channel_sender_state", "outbox", ["channel", "sender", "state"])
    op.create_index("ix_outbox_channel_remote_id", "outbox", ["channel", "remote_id"])
    op.create_index("ix_outbox_channel_echoed_at", "outbox", ["channel", "echoed_at"])
    op.create_table(
        "zalo_token",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text(), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("renewed_at", _TIME, nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("lease_owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("app_id", name="pk_zalo_token"),
    )


def downgrade() -> None:
    for table in ("zalo_token", "outbox", "inbox", "correspondent"):
        op.drop_table(table)
