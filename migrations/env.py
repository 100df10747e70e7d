"""How Alembic reaches the database and the tables."""

from alembic import context
from sqlalchemy import Connection

import bot.channels.zalo_oa.models
import bot.console.models
import bot.conversation.figures.models
import bot.conversation.mail.models
import bot.conversation.models
import bot.conversation.retention.models
import bot.conversation.retraining.tables
import bot.conversation.review.models
import bot.knowledge.audit
import bot.knowledge.editing.tables
import bot.knowledge.learned
import bot.knowledge.tables  # noqa: F401 - importing declares the tables
from bot.knowledge.db import Base, make_engine
from bot.settings import Settings

_LEFT = {("table", "faq_phrasing")}
"""What the code no longer knows, and stays in the database for the version before."""


def _main() -> None:
    engine = make_engine(Settings().database_url)
    try:
        with engine.connect() as connection:
            _migrate(connection)
    finally:
        engine.dispose()


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _begin_on_sqlite(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=lambda name, kind, _parents: (kind, name) not in _LEFT,
        # SQLite alters most things by making the table anew.
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def _begin_on_sqlite(connection: Connection) -> None:
    """All or nothing; and without foreign keys, as a table made anew would take its children with it."""
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


_main()
