"""Review of conversations: text to search, queue, decisions, learnt phrasings, regression cases, samples.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# SQLite counts up only INTEGER keys.
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TURN_ID, _LOGIN, _TARGET, _WORD = sa.String(32), sa.String(64), sa.String(128), sa.String(32)


def _of_turn() -> sa.Column[str]:
    return sa.Column("turn_id", _TURN_ID, sa.ForeignKey("turn_log.turn_id", ondelete="CASCADE"), nullable=False)


def _target() -> list[sa.Column[str]]:
    return [
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("target", _TARGET, nullable=True),
        sa.Column("aspect", _WORD, nullable=True),
    ]


def upgrade() -> None:
    _upgrade_log()
    op.create_table(
        "turn_text",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        _of_turn(),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_turn_text"),
        sa.UniqueConstraint("turn_id", name="uq_turn_text_turn_id"),
    )
    _create_queue()
    _create_decisions()
    _create_samples()


def _upgrade_log() -> None:
    op.add_column("turn_log", sa.Column("rating", sa.SmallInteger(), nullable=True))
    op.add_column("turn_log", sa.Column("reviewed_at", _TIME, nullable=True))
    op.execute(
        "UPDATE turn_log SET rating = (SELECT max(value) FROM feedback WHERE feedback.turn_id = turn_log.turn_id)"
        " WHERE turn_id IN (SELECT turn_id FROM feedback)"
    )
    for column in ("topic", "program"):
        op.drop_index(f"ix_turn_log_{column}", "turn_log")
    for column in ("topic", "program", "channel"):
        op.create_index(f"ix_turn_log_{column}_asked_at", "turn_log", [column, "asked_at"])
    rated, reviewed = sa.text("rating IS NOT NULL"), sa.text("reviewed_at IS NOT NULL")
    op.create_index(
        "ix_turn_log_rating_asked_at", "turn_log", ["rating", "asked_at"], sqlite_where=rated, postgresql_where=rated
    )
    op.create_index("ix_turn_log_reviewed", "turn_log", ["asked_at"], sqlite_where=reviewed, postgresql_where=reviewed)
    op.create_index("ix_feedback_given_at", "feedback", ["given_at"])


def _create_queue() -> None:
    op.create_table(
        "review_item",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("fact", _TARGET, nullable=True),
        sa.Column("aspect", _WORD, nullable=True),
        sa.Column("claimed_by", _LOGIN, nullable=True),
        sa.Column("claimed_at", _TIME, nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review_item"),
    )
    op.create_index("ix_review_item_state_turns", "review_item", ["state", "turns"])
    op.create_index("ix_review_item_fact", "review_item", ["fact"])
    op.create_table(
        "review_turn",
        _of_turn(),
        sa.Column("item_id", _SERIAL, sa.ForeignKey("review_item.id", ondelete="CASCADE"), nullable=False),
        sa.Column("reason", _WORD, nullable=False),
        sa.Column("found_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="pk_review_turn"),
    )
    op.create_index("ix_review_turn_item_id_turn_id", "review_turn", ["item_id", "turn_id"])
    op.create_table(
        "review_progress",
        sa.Column("source", _WORD, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("key", _TURN_ID, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_review_progress"),
    )


def _create_decisions() -> None:
    op.create_table(
        "review_decision",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("item_id", _SERIAL, sa.ForeignKey("review_item.id"), nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("reviewer", _LOGIN, nullable=False),
        sa.Column("decided_at", _TIME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_decision"),
    )
    op.create_index("ix_review_decision_item_id", "review_decision", ["item_id"])
    op.create_index("ix_review_decision_decided_at", "review_decision", ["decided_at"])
    op.create_table(
        "task",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("target", _TARGET, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", _LOGIN, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_by", _LOGIN, nullable=True),
        sa.Column("done_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_done_at_id", "task", ["done_at", "id"])
    op.create_table(
        "learned_phrase",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        *_target(),
        sa.Column("approved_by", _LOGIN, nullable=False),
        sa.Column("approved_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learned_phrase"),
        sa.UniqueConstraint("folded", name="uq_learned_phrase_folded"),
    )
    op.create_table(
        "regression_case",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        *_target(),
        sa.Column("created_by", _LOGIN, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_regression_case"),
        sa.UniqueConstraint("folded", name="uq_regression_case_folded"),
    )


def _create_samples() -> None:
    op.create_table(
        "review_sample",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("drawn_by", _LOGIN, nullable=False),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_sample"),
    )
    op.create_table(
        "sampled_turn",
        sa.Column("sample_id", _SERIAL, sa.ForeignKey("review_sample.id", ondelete="CASCADE"), nullable=False),
        _of_turn(),
        sa.Column("right", sa.Boolean(), nullable=True),
        sa.Column("judged_by", _LOGIN, nullable=True),
        sa.Column("judged_at", _TIME, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sample_id", "turn_id", name="pk_sampled_turn"),
    )


def downgrade() -> None:
    for table in (
        "sampled_turn",
        "review_sample",
        "regression_case",
        "learned_phrase",
        "task",
        "review_decision",
        "review_progress",
        "review_turn",
        "review_item",
        "turn_text",
    ):
        op.drop_table(table)
    op.drop_index("ix_feedback_given_at", "feedback")
    for name in ("reviewed", "rating_asked_at", "channel_asked_at", "program_asked_at", "topic_asked_at"):
        op.drop_index(f"ix_turn_log_{name}", "turn_log")
    for column in ("topic", "program"):
        op.create_index(f"ix_turn_log_{column}", "turn_log", [column])
    with op.batch_alter_table("turn_log") as table:
        table.drop_column("reviewed_at")
        table.drop_column("rating")
