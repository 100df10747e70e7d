"""Where the longer work of officers stands, for every gateway to show.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "editing_run",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("kept_until", _TIME, nullable=False),
        sa.Column("beat_at", _TIME, nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("problem", sa.Text()),
        sa.Column("result", sa.JSON()),
        sa.Column("file", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_editing_run"),
    )
    op.create_index("ix_editing_run_kept_until", "editing_run", ["kept_until"])


def downgrade() -> None:
    op.drop_table("editing_run")
