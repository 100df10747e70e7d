"""Runs that train a model, and which model was in use when.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "training_run",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("slot", sa.Integer()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("compared_with", sa.String(length=128), nullable=False),
        sa.Column("files", sa.String(length=16)),
        sa.Column("step", sa.String(length=16)),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("beat_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("model", sa.String(length=128)),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean()),
        sa.Column("result", sa.JSON()),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_training_run"),
        sa.UniqueConstraint("slot", name="uq_training_run_slot"),
    )
    op.create_table(
        "model_use",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.String(length=64)),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("run_id", _SERIAL),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_model_use"),
        sa.ForeignKeyConstraint(["run_id"], ["training_run.id"], name="fk_model_use_run_id_training_run"),
    )


def downgrade() -> None:
    op.drop_table("model_use")
    op.drop_table("training_run")
