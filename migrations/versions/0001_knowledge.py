"""The policy tables.

Revision ID: 0001
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_TIME = sa.DateTime(timezone=True)
# Exact on SQLite too, which would make a NUMERIC a float.
_DECIMAL = sa.Numeric().with_variant(sa.String(length=40), "sqlite")


def upgrade() -> None:
    op.create_table(
        "citizen_fact",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("negative_phrases", sa.JSON(), nullable=False),
        sa.Column("implies", sa.JSON(), nullable=False),
        sa.Column("askable", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("otherwise", sa.JSON(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_fact")),
    )
    op.create_table(
        "commune",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("mountainous", sa.Boolean(), nullable=True),
        sa.Column("island", sa.Boolean(), nullable=True),
        sa.Column("region_class", sa.String(length=32), nullable=True),
        sa.Column("old_district", sa.Text(), nullable=True),
        sa.Column("old_province", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_table(
        "knowledge_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_knowledge_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_version")),
    )
    op.create_table(
        "legal_document",
        sa.Column("number", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_legal_document")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "parameter",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter")),
    )
    op.create_table(
        "commune_old_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"],
            ["commune.code"],
            name=op.f("fk_commune_old_name_commune_code_commune"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commune_old_name")),
    )
    op.create_index(op.f("ix_commune_old_name_commune_code"), "commune_old_name", ["commune_code"], unique=False)
    op.create_table(
        "parameter_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parameter_id", sa.String(length=128), nullable=False),
        sa.Column("applies_from", sa.Date(), nullable=False),
        sa.Column("applies_to", sa.Date(), nullable=True),
        sa.Column("amount", _DECIMAL, nullable=False),
        sa.Column("document", sa.String(length=128), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["legal_document.number"], name=op.f("fk_parameter_value_document_legal_document")
        ),
        sa.ForeignKeyConstraint(
            ["parameter_id"], ["parameter.id"], name=op.f("fk_parameter_value_parameter_id_parameter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_value")),
        sa.UniqueConstraint("parameter_id", "applies_from", name=op.f("uq_parameter_value_parameter_id")),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("office_id", sa.String(length=128), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_topic_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("topic_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("office_id", sa.String(length=128), nullable=True),
        sa.Column("screened", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_program_office_id_office")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_program_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
    )
    op.create_index(op.f("ix_program_topic_id"), "program", ["topic_id"], unique=False)
    op.create_table(
        "faq_entry",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("topic_id", sa.String(length=128), nullable=False),
        sa.Column("aspect", sa.String(length=32), nullable=False),
        sa.Column("program_id", sa.String(length=128), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("applies_from", sa.Date(), nullable=True),
        sa.Column("applies_to", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_faq_entry_program_id_program")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_faq_entry_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
    )
    op.create_index(op.f("ix_faq_entry_program_id"), "faq_entry", ["program_id"], unique=False)
    op.create_index(op.f("ix_faq_entry_topic_id"), "faq_entry", ["topic_id"], unique=False)
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("applies_from", sa.Date(), nullable=False),
        sa.Column("applies_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_provision_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.UniqueConstraint("program_id", "key", name=op.f("uq_provision_program_id")),
    )
    op.create_table(
        "benefit",
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("amount", _DECIMAL, nullable=True),
        sa.Column("parameter_id", sa.String(length=128), nullable=True),
        sa.Column("factor", _DECIMAL, nullable=False),
        sa.Column("percent", _DECIMAL, nullable=True),
        sa.Column("of", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("period", sa.String(length=32), nullable=True),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("at_most", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("document", sa.String(length=128), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["legal_document.number"], name=op.f("fk_benefit_document_legal_document")
        ),
        sa.ForeignKeyConstraint(["parameter_id"], ["parameter.id"], name=op.f("fk_benefit_parameter_id_parameter")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_benefit_provision_id_provision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
    )
    op.create_index(op.f("ix_benefit_provision_id"), "benefit", ["provision_id"], unique=False)
    op.create_table(
        "criterion",
        sa.Column("group_no", sa.Integer(), nullable=False),
        sa.Column("group_key", sa.String(length=128), nullable=True),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("fact_id", sa.String(length=128), nullable=False),
        sa.Column("operator", sa.String(length=32), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("parameter_id", sa.String(length=128), nullable=True),
        sa.Column("factor", _DECIMAL, nullable=False),
        sa.Column("document", sa.String(length=128), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["legal_document.number"], name=op.f("fk_criterion_document_legal_document")
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["citizen_fact.id"], name=op.f("fk_criterion_fact_id_citizen_fact")),
        sa.ForeignKeyConstraint(["parameter_id"], ["parameter.id"], name=op.f("fk_criterion_parameter_id_parameter")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_criterion_provision_id_provision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
    )
    op.create_index(op.f("ix_criterion_fact_id"), "criterion", ["fact_id"], unique=False)
    op.create_index(op.f("ix_criterion_provision_id"), "criterion", ["provision_id"], unique=False)
    op.create_table(
        "faq_citation",
        sa.Column("faq_id", sa.String(length=128), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=128), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["legal_document.number"], name=op.f("fk_faq_citation_document_legal_document")
        ),
        sa.ForeignKeyConstraint(
            ["faq_id"], ["faq_entry.id"], name=op.f("fk_faq_citation_faq_id_faq_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_citation")),
    )
    op.create_index(op.f("ix_faq_citation_document"), "faq_citation", ["document"], unique=False)
    op.create_index(op.f("ix_faq_citation_faq_id"), "faq_citation", ["faq_id"], unique=False)
    op.create_table(
        "faq_phrasing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("faq_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["faq_id"], ["faq_entry.id"], name=op.f("fk_faq_phrasing_faq_id_faq_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_phrasing")),
    )
    op.create_index(op.f("ix_faq_phrasing_faq_id"), "faq_phrasing", ["faq_id"], unique=False)
    op.create_table(
        "provision_citation",
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=128), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document"], ["legal_document.number"], name=op.f("fk_provision_citation_document_legal_document")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"],
            ["provision.id"],
            name=op.f("fk_provision_citation_provision_id_provision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_citation")),
    )
    op.create_index(op.f("ix_provision_citation_document"), "provision_citation", ["document"], unique=False)
    op.create_index(op.f("ix_provision_citation_provision_id"), "provision_citation", ["provision_id"], unique=False)
    op.create_table(
        "required_document",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["provision_id"],
            ["provision.id"],
            name=op.f("fk_required_document_provision_id_provision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_document")),
    )
    op.create_index(op.f("ix_required_document_provision_id"), "required_document", ["provision_id"], unique=False)
    op.create_table(
        "step",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("time_limit", sa.Text(), nullable=True),
        sa.Column("fee", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=128), nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_step_provision_id_provision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    op.create_index(op.f("ix_step_provision_id"), "step", ["provision_id"], unique=False)
    version = sa.table(
        "knowledge_version",
        sa.column("id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("changed_at", _TIME),
    )
    op.bulk_insert(version, [{"id": 1, "number": 0, "changed_at": dt.datetime.now(dt.timezone.utc)}])


def downgrade() -> None:
    op.drop_table("step")
    op.drop_table("required_document")
    op.drop_table("provision_citation")
    op.drop_table("faq_phrasing")
    op.drop_table("faq_citation")
    op.drop_table("criterion")
    op.drop_table("benefit")
    op.drop_table("provision")
    op.drop_table("faq_entry")
    op.drop_table("program")
    op.drop_table("topic")
    op.drop_table("parameter_value")
    op.drop_table("commune_old_name")
    op.drop_table("parameter")
    op.drop_table("office")
    op.drop_table("legal_document")
    op.drop_table("knowledge_version")
    op.drop_table("commune")
    op.drop_table("citizen_fact")
