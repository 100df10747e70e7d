"""An FAQ entry's phrasings in its own row, as a topic's are: they are only ever read and written together.

The table that held them stays for the version before, which reads it while both run; a later revision takes it away.

Revision ID: 0015
Revises: 0014
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

_ENTRY = sa.table("faq_entry", sa.column("id", sa.String), sa.column("phrasings", sa.JSON))
_PHRASING = sa.table(
    "faq_phrasing", sa.column("faq_id", sa.String), sa.column("position", sa.Integer), sa.column("text", sa.Text)
)


def upgrade() -> None:
    op.add_column("faq_entry", sa.Column("phrasings", sa.JSON(), nullable=False, server_default="[]"))
    db = op.get_bind()
    found: dict[str, list[str]] = defaultdict(list)
    for faq, text in db.execute(sa.select(_PHRASING.c.faq_id, _PHRASING.c.text).order_by(_PHRASING.c.position)):
        found[faq].append(text)
    fill = sa.update(_ENTRY).where(_ENTRY.c.id == sa.bindparam("faq"))
    for faq, texts in found.items():
        db.execute(fill, {"faq": faq, "phrasings": texts})


def downgrade() -> None:
    db = op.get_bind()
    db.execute(sa.delete(_PHRASING))
    rows = [
        {"faq_id": faq, "position": position, "text": text}
        for faq, texts in db.execute(sa.select(_ENTRY.c.id, _ENTRY.c.phrasings)).all()
        for position, text in enumerate(texts)
    ]
    if rows:
        db.execute(sa.insert(_PHRASING), rows)
    op.drop_column("faq_entry", "phrasings")
