"""Judgements of samples know when their turn was asked, and outlive its row in the log.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
_TURN = "fk_sampled_turn_turn_id_turn_log"


def upgrade() -> None:
    op.add_column("sampled_turn", sa.Column("asked_at", _TIME, nullable=True))
    op.execute(
        "UPDATE sampled_turn SET asked_at ="
        " (SELECT asked_at FROM turn_log WHERE turn_log.turn_id = sampled_turn.turn_id)"
    )
    with op.batch_alter_table("sampled_turn") as table:
        table.drop_constraint(_TURN, type_="foreignkey")
    op.create_index("ix_sampled_turn_turn_id", "sampled_turn", ["turn_id"])


def downgrade() -> None:
    op.drop_index("ix_sampled_turn_turn_id", "sampled_turn")
    op.execute("DELETE FROM sampled_turn WHERE turn_id NOT IN (SELECT turn_id FROM turn_log)")
    with op.batch_alter_table("sampled_turn") as table:
        table.create_foreign_key(_TURN, "turn_log", ["turn_id"], ["turn_id"], ondelete="CASCADE")
        table.drop_column("asked_at")
