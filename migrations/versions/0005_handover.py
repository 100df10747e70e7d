"""A question, a telephone number and a receipt for each hand-over, and who did what with it.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COLUMNS = (
    sa.Column("code", sa.String(length=16), nullable=True),
    sa.Column("state", sa.String(length=8), nullable=False, server_default="waiting"),
    sa.Column("question", sa.Text(), nullable=False, server_default=""),
    sa.Column("phone", sa.Text(), nullable=True),
    sa.Column("claimed_by", sa.String(length=64), nullable=True),
    sa.Column("claimed_at", _TIME, nullable=True),
    sa.Column("answered_at", _TIME, nullable=True),
)


def upgrade() -> None:
    op.add_column("case_row", sa.Column("handover", sa.JSON(none_as_null=True), nullable=True))
    for column in _COLUMNS:
        op.add_column("handover", column.copy())
    # Wishes from before had no receipt: their number is one that nobody is given.
    op.execute("UPDATE handover SET code = 'CU-' || id")
    op.execute("UPDATE handover SET state = 'closed' WHERE closed_at IS NOT NULL")
    with op.batch_alter_table("handover") as table:
        table.alter_column("code", existing_type=sa.String(length=16), nullable=False)
        table.alter_column("state", existing_type=sa.String(length=8), existing_nullable=False, server_default=None)
        table.alter_column("question", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_index("ix_handover_state_id", "handover", ["state", "id"])
    op.create_index("uq_handover_code", "handover", ["code"], unique=True)

    op.create_table(
        "handover_audit",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover_audit"),
    )
    op.create_index("ix_handover_audit_code", "handover_audit", ["code"])


def downgrade() -> None:
    op.drop_table("handover_audit")
    op.drop_index("uq_handover_code", "handover")
    op.drop_index("ix_handover_state_id", "handover")
    for column in reversed(_COLUMNS):
        op.drop_column("handover", column.name)
    op.drop_column("case_row", "handover")
