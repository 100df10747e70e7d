"""Notes and drafts of officers about requests, a column to search requests by, and what changed with each version.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from bot.text.fold import fold

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("handover", sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("handover") as table:
        table.alter_column("folded", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    handover = sa.table("handover", *map(sa.column, ("id", "code", "question", "folded")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(handover)).all():
        words = fold(f"{row.code} {row.question}")
        connection.execute(sa.update(handover).where(handover.c.id == row.id).values(folded=words))

    request = {"columns": ["handover_id"], "refcolumns": ["handover.id"], "ondelete": "CASCADE"}
    op.create_table(
        "handover_note",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("handover_id", _SERIAL, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover_note"),
        sa.ForeignKeyConstraint(name="fk_handover_note_handover_id_handover", **request),
    )
    op.create_index("ix_handover_note_handover_id", "handover_note", ["handover_id"])
    op.create_table(
        "handover_draft",
        sa.Column("handover_id", _SERIAL, nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("handover_id", "officer", name="pk_handover_draft"),
        sa.ForeignKeyConstraint(name="fk_handover_draft_handover_id_handover", **request),
    )
    op.create_table(
        "knowledge_change",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_change"),
    )
    op.create_index("ix_knowledge_change_version", "knowledge_change", ["version"])


def downgrade() -> None:
    op.drop_table("knowledge_change")
    op.drop_table("handover_draft")
    op.drop_table("handover_note")
    op.drop_column("handover", "folded")
