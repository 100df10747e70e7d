"""How pages change what citizens are told: steps of change sets, in one transaction with their audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.console.visit import Visit
from bot.knowledge.editing import changesets, trail
from bot.knowledge.editing.changesets import Stage
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.editing.work import Work

_P = ParamSpec("_P")
_R = TypeVar("_R")


def work_of(visit: Visit, session: Session) -> Work:
    """The visitor at work in the transaction of ``session``."""
    return Work(session, visit.officer.login, visit.console.clock.now())


def record_events(visit: Visit, work: Work) -> None:
    """Write what was done into the audit log, in the same transaction."""
    trail.record(work, visit.by.address)


async def edit(visit: Visit, step: Callable[Concatenate[Work, _P], _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """The result of ``step(work, …)``, committed with its audit log.

    Raises :class:`bot.knowledge.editing.faults.EditingError` with a sentence for the officer; then nothing is done.
    """

    def run(session: Session) -> _R:
        work = work_of(visit, session)
        result = step(work, *args, **kwargs)
        record_events(visit, work)
        return result

    return await visit.run(run)


def open_drafts(session: Session, officer: str) -> list[ChangeSetRecord]:
    """The officer's own drafts, newest first."""
    return list(
        session.scalars(
            select(ChangeSetRecord)
            .where(ChangeSetRecord.author == officer, ChangeSetRecord.state == Stage.DRAFT.value)
            .order_by(ChangeSetRecord.id.desc())
        )
    )


def draft_for(work: Work, title: str, wanted: str = "") -> ChangeSetRecord:
    """The draft to write into: the officer's own numbered ``wanted``, else a new one called ``title``."""
    mine = open_drafts(work.session, work.officer)
    return next((each for each in mine if str(each.id) == wanted), None) or changesets.create(work, title)
