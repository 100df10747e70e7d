"""Which calculator works out a program's amount.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("program", sa.Column("calculator", sa.String(length=128), nullable=True))


def downgrade() -> None:
    op.drop_column("program", "calculator")
