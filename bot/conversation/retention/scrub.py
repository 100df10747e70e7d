"""Taking what was deleted off the disk.

SQLite overwrites what it deletes (``secure_delete``), but the write-ahead log keeps the pages as they were until it is
emptied. PostgreSQL keeps dead rows until they are vacuumed, and room in its indexes for rows that are gone until they
are built anew (decision 69); that takes as long as the tables are large, so it is the nightly job's.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.db import make_engine

_log = logging.getLogger(__name__)

LARGEST = 256 * 1024 * 1024
"""Bytes of an SQLite file that is written anew in a few seconds, no longer than a turn waits."""

_LONGEST_WAIT = "5min"

TABLES = (
    *("turn_log", "turn_text", "review_turn", "sampled_turn", "message", "case_row", "feedback"),
    *("handover", "handover_note", "handover_draft", "session", "consent", "inbox", "outbox", "correspondent"),
    *("learned_phrase", "regression_case"),
)
"""Where citizens' data are: a person, a conversation, a turn of it, a request, or words that may be theirs."""

PRUNED = ("turn_log", "message", "turn_text")
"""Those of them whose rows shrink or go by the day, in such numbers that their indexes grow."""


def empty_wal(engine: Engine) -> bool:
    """Write SQLite's log back and truncate it; false when somebody reads from it just now, or when it fails.

    On other databases there is nothing to do. Never raises: what is erased is erased, and the night tries again.
    """
    if engine.dialect.name != "sqlite":
        return True
    try:
        with engine.connect() as connection:
            busy: int = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
    except SQLAlchemyError as error:
        _log.warning("the write-ahead log was not emptied: %s", type(error).__name__)
        return False
    return busy == 0


def scrub(engine: Engine) -> None:
    """Give back what was deleted: vacuum, and empty the write-ahead log. A refusal of the database is only reported.

    SQLite leaves the room of a row that has shrunk unused until the whole file is written anew. Nobody can write
    meanwhile, so a file above ``LARGEST`` keeps its gaps; what is deleted leaves whole pages for new rows all the same.
    """
    try:
        if engine.dialect.name == "postgresql":
            _vacuum(engine)
            return
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            if pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one() <= LARGEST:
                connection.exec_driver_sql("VACUUM")
            else:
                _log.warning("the database file is too large to be written anew each night: PostgreSQL suits it better")
    except SQLAlchemyError as error:
        _log.warning("what was deleted stays on the disk for now: %s", type(error).__name__)
    empty_wal(engine)


def _vacuum(engine: Engine) -> None:
    # An engine of its own: the gateway's gives a statement up long before a large table is done.
    unhurried = make_engine(engine.url.render_as_string(hide_password=False))
    try:
        with unhurried.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in TABLES:
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")
            _build_indexes_anew(connection)
    finally:
        unhurried.dispose()


def _build_indexes_anew(connection: Connection) -> None:
    """Give back the room of rows that were pruned; others read and write meanwhile.

    What an earlier night began and did not end – it waited too long for a transaction of others – goes first.
    """
    left_over = (
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE NOT indisvalid AND indexrelid::regclass::text ~ '_cc(new|old)[0-9]*$'"
    )
    for (name,) in connection.exec_driver_sql(left_over).all():
        connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    connection.exec_driver_sql(f"SET lock_timeout = '{_LONGEST_WAIT}'")
    try:
        for table in PRUNED:
            connection.exec_driver_sql(f"REINDEX TABLE CONCURRENTLY {table}")
    finally:
        # The connection goes back to the pool.
        connection.exec_driver_sql("RESET lock_timeout")
