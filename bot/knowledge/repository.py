"""Reading what is published: from the database, or straight from the data files."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, selectinload

from bot.knowledge.assembly import assemble
from bot.knowledge.db import Base
from bot.knowledge.domain import Switch, SwitchKind
from bot.knowledge.learned import read_learned
from bot.knowledge.loading.checks import check
from bot.knowledge.loading.files import read_files
from bot.knowledge.loading.records import Records, make_records
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.tables import (
    CitizenFactRecord,
    CommuneRecord,
    FaqEntryRecord,
    KnowledgeVersionRecord,
    LegalDocumentRecord,
    OfficeRecord,
    ParameterRecord,
    ParameterValueRecord,
    ProgramRecord,
    ProvisionRecord,
    SwitchRecord,
    TopicRecord,
    Unit,
)

_Record = TypeVar("_Record", bound=Unit)

# Read at each turn, so made once, and by the table alone.
_VERSION = select(Base.metadata.tables[KnowledgeVersionRecord.__tablename__].c.number)


def current_version(source: Session | Connection) -> int:
    """The number that goes up with every published change; 0 before anything was loaded."""
    return source.scalar(_VERSION) or 0


def load_snapshot(source: Session | Connection) -> Snapshot:
    """Read all published rows at one version: about twenty queries, whatever the number of rows."""
    connection = source.connection() if isinstance(source, Session) else source
    while True:
        version = current_version(connection)
        # A session of its own: rows that another session already holds may be older than the version.
        with Session(connection, join_transaction_mode="rollback_only") as session:
            snapshot = assemble(version, published_records(session))
            learned, switches = read_learned(session, snapshot), published_switches(session)
            snapshot = replace(snapshot, learned=learned, switches=switches)
        # The queries do not share one view of the database; a change in between shows in the number.
        if current_version(connection) == version:
            return snapshot


def snapshot_from_files(root: Path) -> Snapshot:
    """The snapshot that an empty database has after loading ``root``, as version 1; no database involved.

    Raises :class:`bot.knowledge.loading.problems.DataError` for bad data.
    """
    files = read_files(root)
    check(files)
    return assemble(1, make_records([file.content for file in files]))


def published_records(session: Session) -> Records:
    """Read the published rows as they stand in the tables, with their parts."""
    return Records(
        documents=_all(session, LegalDocumentRecord),
        parameters=_all(session, ParameterRecord),
        values=_all(session, ParameterValueRecord),
        offices=_all(session, OfficeRecord),
        topics=_all(session, TopicRecord),
        facts=_all(session, CitizenFactRecord),
        programs=_all(session, ProgramRecord),
        provisions=_all(session, ProvisionRecord),
        faqs=_all(session, FaqEntryRecord),
        communes=_all(session, CommuneRecord),
    )


def published_switches(session: Session) -> tuple[Switch, ...]:
    """Read what is switched off, the widest first."""
    found = session.scalars(select(SwitchRecord).order_by(SwitchRecord.kind, SwitchRecord.target))
    return tuple(Switch(SwitchKind(each.kind), each.target, each.message) for each in found)


def _all(session: Session, kind: type[_Record]) -> list[_Record]:
    return list(session.scalars(select(kind).where(kind.published).options(selectinload("*"))))
